// Bedside's command line beside llama.cpp (node-llama-cpp), prefill and decode of the same GGUF files, in turns:
//   npm run bench:llama -- [--models nano-chat-q8_0,...] [--model FILE.gguf] [--synthetic-layers N] [--adapter lavapipe]
//                          [--vulkan] [--threads 1] [--prefill 64] [--decode 16] [--repeat 2] [--rounds 3] [--out FILE.json]
// Each measurement has a process of its own. --vulkan measures llama.cpp's Vulkan backend as well, on the same adapter, but in
// one process only: on lavapipe it compiles shaders for minutes. --synthetic-layers adds a model of noise with PMC-LLaMA's
// shapes.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { benchModels } from './models.mjs';
import { installPeers } from './peers/install.mjs';
import { formatNumber, formatSpread, spreadOf } from './statistics.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const cli = join(dirname(here), 'scripts/cli.mjs');
const { values } = parseArgs({
  options: {
    models: { type: 'string' },
    model: { type: 'string' },
    'synthetic-layers': { type: 'string' },
    adapter: { type: 'string', default: 'lavapipe' },
    vulkan: { type: 'boolean', default: false },
    threads: { type: 'string', default: '1' },
    prefill: { type: 'string', default: '64' },
    decode: { type: 'string', default: '16' },
    repeat: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '3' },
    out: { type: 'string' },
  },
});
const { prefill, decode, repeat, threads } = values;
const rounds = Number(values.rounds);
const notTheSame = [
  'llama.cpp, CPU is not comparable: it runs on the CPU’s own vector units, Bedside here on a GPU made of software.',
  'llama.cpp, Vulkan runs on the same adapter. It keeps keys and values in f16, Bedside in f32.',
];
const icd = ['/usr/share/vulkan/icd.d/lvp_icd.json', '/usr/share/vulkan/icd.d/lvp_icd.x86_64.json'].find(
  existsSync,
);
const env = { ...process.env, XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR ?? '/tmp' };
// llama.cpp leaves processors that pose as GPUs alone unless they are named.
if (values.adapter === 'lavapipe') Object.assign(env, { VK_DRIVER_FILES: icd, GGML_VK_VISIBLE_DEVICES: '0' });

const { 'node-llama-cpp': version } = installPeers('node-llama-cpp');
const scratch = mkdtempSync(join(tmpdir(), 'bedside-bench-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
let synthetic;
if (values['synthetic-layers']) {
  synthetic = join(scratch, 'pmc-llama-13b-shapes.gguf');
  run([cli, 'synthetic', 'pmc-llama-13b', '--layers', values['synthetic-layers'], '--out', synthetic]);
}
const models = benchModels({ models: values.models, model: values.model ?? synthetic });
const results = [];
for (const model of models) results.push(compare(model));
console.log(
  `tokens/s: Bedside on ${values.adapter}, node-llama-cpp ${version} with ${threads} of ${cpus().length} cores`,
);
console.table(
  results.flatMap(({ model, engines }) =>
    engines.map(({ engine, prefillRates, decodeRates, error }) => ({
      model,
      engine,
      [`prefill of ${prefill}`]: error ?? formatSpread(spreadOf(prefillRates)),
      [`decode after ${prefill}`]: error ? '-' : formatSpread(spreadOf(decodeRates)),
      'ms a token': error ? '-' : formatNumber(1000 / spreadOf(decodeRates).median),
      runs: decodeRates.length,
    })),
  ),
);
for (const line of notTheSame) console.log(line);
if (values.out !== undefined) {
  const report = { date: new Date().toISOString(), version, options: values, notTheSame, results };
  writeFileSync(values.out, `${JSON.stringify(report, null, 2)}\n`);
}

function compare({ name, path }) {
  const peer = join(here, 'peers/llama-cpp-speed.mjs');
  const runPeer = (processor, times) =>
    JSON.parse(run([peer, path, processor, threads, prefill, decode, times]));
  const engines = [
    { engine: 'Bedside', measure: measureBedside },
    { engine: 'llama.cpp, CPU', measure: () => runPeer('cpu', repeat) },
    ...(values.vulkan
      ? [
          {
            engine: 'llama.cpp, Vulkan',
            measure: () => onGpu(runPeer('vulkan', rounds * repeat)),
            once: true,
          },
        ]
      : []),
  ].map(engine => ({ ...engine, prefillRates: [], decodeRates: [] }));
  function measureBedside() {
    const args = ['--context', prefill, '--prefill', prefill, '--decode', decode, '--repeat', repeat];
    const found = JSON.parse(run([cli, 'bench', path, ...args, '--adapter', values.adapter]));
    return {
      prefillTokensPerSecond: [found.prefillTokensPerSecond],
      decodeTokensPerSecond: [found.decodeTokensPerSecond],
    };
  }
  for (let round = 0; round < rounds; round++) {
    for (const each of engines) {
      if (each.error || (each.once && round > 0)) continue;
      try {
        const found = each.measure();
        each.prefillRates.push(...found.prefillTokensPerSecond);
        each.decodeRates.push(...found.decodeTokensPerSecond);
      } catch (error) {
        each.error = error.message;
      }
    }
  }
  const reports = engines.map(({ measure: _, once: __, ...rest }) => rest);
  return { model: name, engines: reports };
}

function onGpu(found) {
  if (found.gpuLayers === 0) throw new Error('it took no GPU');
  return found;
}

/** The last line on standard output. */
function run(args) {
  const options = { env, encoding: 'utf8', maxBuffer: 1 << 26, timeout: 600_000 };
  const { status, stdout, signal } = spawnSync(process.execPath, args, options);
  if (status !== 0) throw new Error(signal ? 'no result in 10 minutes' : `failed: ${stdout.slice(-300)}`);
  return stdout.trim().split('\n').at(-1);
}
