// Products of the processor kernels on one thread, exact and rounded, in turns; the best of many runs, because whatever else runs on
// the machine only takes away:
//   node bench/rounded-products.mjs [--build relaxed|plain] [--rows 4096] [--columns 2048] [--seconds 2]
// Thousand million weights a second for one token, GFLOP/s for 128. The kernels are those in dist-processor/: `npm run cli` builds it.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { inflateRawSync } from 'node:zlib';

const { values } = parseArgs({
  options: {
    build: { type: 'string', default: 'relaxed' },
    rows: { type: 'string', default: '4096' },
    columns: { type: 'string', default: '2048' },
    seconds: { type: 'string', default: '2' },
  },
});
const [rows, columns, seconds] = [values.rows, values.columns, values.seconds].map(Number);
const tokens = 128;
const manyRows = Math.min(rows, 512);

const file = join(dirname(fileURLToPath(import.meta.url)), `../dist-processor/${values.build}.deflated`);
const module = new WebAssembly.Module(inflateRawSync(Buffer.from(readFileSync(file, 'utf8'), 'base64')));
const memory = new WebAssembly.Memory({ initial: 4096, maximum: 65536 });
const { exports } = new WebAssembly.Instance(module, { env: { memory, sleep: () => 0 } });
const bytes = new Uint8Array(memory.buffer);
const halves = new Uint16Array(memory.buffer);
const words = new Uint32Array(memory.buffer);
const floats = new Float32Array(memory.buffer);
const [record, params, state, x, y, scratch, packed, planes] = [
  1024,
  2048,
  3072,
  65536,
  1 << 21,
  1 << 22,
  1 << 23,
  1 << 25,
];
for (let i = 0; i < tokens * columns; i++) floats[x / 4 + i] = 2 * Math.sin(1.7 * i);
words.set([0, tokens], state / 4);

/** Bytes of a row in each plane, and what fills it: any quants, quants from 0 to 15, f16, f32, headers of Q4_K. */
const formats = {
  Q4_0: { unit: 32, planes: { any: columns / 2, f16: columns / 16 } },
  Q8_0: { unit: 32, planes: { any: columns, f16: columns / 16 }, isSigned: true },
  Q4_K: { unit: 64, planes: { any: columns / 2, header: columns / 16 } },
  Q6_K: {
    unit: 64,
    planes: { any: columns / 2, high: columns / 4, small: columns / 16, f16: columns / 128 },
  },
  AFFINE8: { unit: 32, planes: { small: columns, f32: columns / 4 } },
};

function fillPlanes(of) {
  const places = [];
  let at = planes;
  for (const [kind, rowBytes] of Object.entries(of)) {
    const end = at + rows * rowBytes;
    if (kind === 'f16') halves.fill(0x2100, at / 2, end / 2);
    else if (kind === 'f32') floats.fill(0.01, at / 4, end / 4);
    else if (kind === 'header') words.fill(0x21002100, at / 4, end / 4);
    else
      for (let i = at, n = 1; i < end; i++, n = (n * 75 + 74) % 65537)
        bytes[i] = kind === 'small' ? n & 15 : n;
    places.push(at);
    at = Math.ceil(end / 256) * 256;
  }
  return places;
}

function launch(kernel, constants, places, parameters) {
  words.fill(0, record / 4, record / 4 + 32);
  words[record / 4] = exports[kernel].value;
  words.set(constants, record / 4 + 2);
  words.set(parameters, params / 4);
  const bound = { 0: params, 1: x, 2: y, 7: state, 10: packed };
  for (const [i, place] of places.entries()) bound[3 + i] = place;
  for (const [i, place] of Object.entries(bound)) words[record / 4 + 10 + 2 * i] = place;
  const chunks = exports.chunksOf(record, tokens);
  exports.begin(record, scratch);
  for (let chunk = 0; chunk < chunks; chunk++) exports.run(record, scratch, chunk, 1);
}

for (const [name, { unit, planes: of, isSigned }] of Object.entries(formats)) {
  const format = exports[`FORMAT_${name}`].value;
  const places = fillPlanes(of);
  const one = [rows, columns / unit, 0, 0, columns];
  const many = [manyRows, columns / 16, 0, columns / 4, rows];
  const runs = {
    exact: () => launch('MATVEC', [format, 0, 0, 0], places, one),
    '16 bits': () => launch('ROUNDED_MATVEC', [format, 0, 0, 0, 16], places, one),
    ...(!isSigned && { '8 bits': () => launch('ROUNDED_MATVEC', [format, 0, 0, 0, 8], places, one) }),
    '128 tokens, exact': () => {
      launch('PACK_ACTIVATIONS', [0], places, many);
      launch('MATMUL', [0, format, 0, 0], places, many);
    },
    ...(!isSigned && {
      '128 tokens, 8 bits': () => {
        launch('PACK_ROUNDED', [0, format, 8], places, many);
        launch('ROUNDED_MATMUL', [0, format, 0, 8], places, many);
      },
    }),
  };
  const best = Object.fromEntries(Object.keys(runs).map(run => [run, Number.POSITIVE_INFINITY]));
  for (const end = performance.now() + 1000 * seconds; performance.now() < end; ) {
    for (const [run, compute] of Object.entries(runs)) {
      const started = performance.now();
      compute();
      best[run] = Math.min(best[run], performance.now() - started);
    }
  }
  const rates = Object.entries(best).map(([run, ms]) => {
    const work = run.startsWith('128') ? 2 * manyRows * columns * tokens : rows * columns;
    return `${run} ${(work / ms / 1e6).toFixed(1)}`;
  });
  console.log(`${name}: ${rates.join('; ')}`);
}
