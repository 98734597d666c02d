// Q4_0 products beside onnxruntime-node's WebGPU provider (MatMulNBits), on the same adapter, in one run:
//   node bench/matvec-vs-onnxruntime.mjs [--adapter lavapipe] [--tokens 1,128,512] [--shapes ROWSxCOLUMNS,...]
//                                        [--repeat N] [--rounds 3] [--out FILE.json]
// Both are timed with the upload of the input and the readback of the output, because onnxruntime offers no other way. The
// two take turns, a different one first each round; the table shows the median of all runs and where all but the outer
// tenths lie. Each engine has a process of its own, because each carries its own Dawn.
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { installPeers } from './peers/install.mjs';
import { formatSpread, spreadOf } from './statistics.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const { values } = parseArgs({
  options: {
    adapter: { type: 'string', default: 'lavapipe' },
    tokens: { type: 'string', default: '1' },
    shapes: { type: 'string', default: '5120x5120,13824x5120,5120x13824,32001x5120,2048x8192' },
    repeat: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    out: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
const notTheSame = [
  'Not the same: onnxruntime keeps f32 scales (5 bits a weight), Bedside f16 (4.5).',
  'Both times hold the upload of the input and the readback of the output.',
  'With --adapter default each engine takes the adapter that its own Dawn prefers.',
];
const icd = ['/usr/share/vulkan/icd.d/lvp_icd.json', '/usr/share/vulkan/icd.d/lvp_icd.x86_64.json'].find(
  existsSync,
);
const env = { ...process.env, XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR ?? '/tmp' };
if (values.adapter === 'lavapipe') env.VK_DRIVER_FILES = icd;

installPeers('onnxruntime-node');

const results = [];
for (const tokens of values.tokens.split(',').map(Number)) {
  // A run of many tokens is long enough that few of them tell.
  const repeat = Number(values.repeat ?? (tokens === 1 ? 15 : 3));
  for (const shape of values.shapes.split(',')) results.push(compare(shape, tokens, repeat));
}
console.log(`Q4_0 products, adapter ${values.adapter}; ratio above 1: Bedside is faster`);
console.table(
  results.map(({ shape, tokens, oursMs, theirsMs, ratio }) => ({
    'rows x columns': shape.replace('x', ' x '),
    tokens,
    'Bedside ms': formatSpread(oursMs),
    'onnxruntime ms': formatSpread(theirsMs),
    ratio: ratio.toFixed(2),
    runs: oursMs.runs,
  })),
);
for (const line of notTheSame) console.log(line);
if (values.out !== undefined) {
  const report = { date: new Date().toISOString(), adapter: values.adapter, notTheSame, results };
  writeFileSync(values.out, `${JSON.stringify(report, null, 2)}\n`);
}

function compare(shape, tokens, repeat) {
  const [rows, columns] = shape.split('x');
  const ours = [];
  const theirs = [];
  const common = ['--tokens', tokens, '--repeat', repeat, '--adapter', values.adapter];
  const runOurs = () => {
    const args = [join(root, 'scripts/cli.mjs'), 'bench', '--matvec', shape, ...common];
    ours.push(...run(args, root).roundTripsMs);
  };
  const runTheirs = () => {
    const args = [join(here, 'peers/onnxruntime-product.mjs'), rows, columns, tokens, repeat];
    theirs.push(...run(args, join(here, 'peers')).timesMs);
  };
  for (let round = 0; round < rounds; round++) {
    for (const each of round % 2 === 0 ? [runOurs, runTheirs] : [runTheirs, runOurs]) each();
  }
  const oursMs = spreadOf(ours);
  const theirsMs = spreadOf(theirs);
  return { shape, tokens, oursMs, theirsMs, ratio: theirsMs.median / oursMs.median };
}

function run(args, cwd) {
  const words = args.map(String);
  const result = spawnSync(process.execPath, words, { cwd, env, encoding: 'utf8', maxBuffer: 1 << 24 });
  if (result.status !== 0) throw new Error(`${words.join(' ')}: ${result.stdout}${result.stderr}`);
  return JSON.parse(result.stdout.trim().split('\n').at(-1));
}
