// The whole benchmark on this machine's GPU: every kernel, then both models with weights of noise.
//   npm run bench -- [--quick] [--only kernels,pmc-llama-13b,mini-monkey-2b] [--adapter lavapipe] [--out FILE.json]
// Tables go to standard error, JSON to standard output or to --out. Each part has a process and a device of its own, so
// that one that fails (too little memory, say) does not end the others; the exit code says whether one did.
// Other options go to the parts that know them: see OPTIONS and `npm run cli`.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { arch, cpus, platform, release } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const models = ['pmc-llama-13b', 'mini-monkey-2b'];
const parts = ['kernels', ...models];
// --quick: what a processor manages in some minutes.
const defaults = {
  full: { contexts: '64,512,2048', tiles: '7' },
  quick: { layers: '1', contexts: '64', tiles: '1' },
};

const text = { type: 'string' };
const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { ...text, default: parts.join(',') },
    out: text,
    adapter: text,
    precision: text,
    repeat: text,
    shapes: text,
    types: text,
    tokens: text,
    layers: text,
    decode: text,
    contexts: text,
    tiles: text,
  },
});
const only = values.only.split(',');
const unknown = only.find(part => !parts.includes(part));
if (unknown !== undefined) {
  process.stderr.write(`--only takes ${parts.join(', ')}; not "${unknown}".\n`);
  process.exit(2);
}

const chosen = { ...(values.quick ? defaults.quick : defaults.full), ...values };
const report = {
  date: new Date().toISOString(),
  machine: {
    platform: `${platform()} ${release()} ${arch()}`,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    node: process.version,
  },
};
for (const part of only) {
  process.stderr.write(`\n== ${part}\n`);
  report[part] = part === 'kernels' ? measureKernels() : measureModel(part);
}
const json = `${JSON.stringify(report, null, 2)}\n`;
if (values.out === undefined) process.stdout.write(json);
else writeFileSync(values.out, json);
process.exitCode = only.some(part => report[part].error) ? 1 : 0;

function measureKernels() {
  const options = optionsOf(['adapter', 'precision', 'repeat', 'shapes', 'types', 'tokens'], values);
  return bench(['--kernels', ...(values.quick ? ['--quick'] : []), ...options]);
}

function measureModel(name) {
  const names = ['adapter', 'precision', 'repeat', 'layers', 'decode', 'contexts'];
  if (name === 'mini-monkey-2b') names.push('tiles');
  return bench(['--synthetic', name, ...optionsOf(names, chosen)]);
}

function optionsOf(names, from) {
  return names.flatMap(name => (from[name] === undefined ? [] : [`--${name}`, from[name]]));
}

/** What the command line says: its result, or { error }. Its table goes straight to standard error. */
function bench(args) {
  const script = join(root, 'scripts/cli.mjs');
  const { stdout, signal } = spawnSync(process.execPath, [script, 'bench', ...args], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 26,
  });
  const line = stdout.trim().split('\n').at(-1);
  try {
    const result = JSON.parse(line);
    if (result.error) process.stderr.write(`${result.error.message}\n${result.error.advice ?? ''}\n`);
    return result;
  } catch {
    const message = signal ? `The process was ended (${signal}).` : 'The process ended without a result.';
    process.stderr.write(`${message}\n`);
    return { error: { message } };
  }
}
