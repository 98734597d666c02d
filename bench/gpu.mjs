// Everything worth knowing of a GPU in one run, most important first; what limits its steps have comes to fourteen and a half minutes,
// or to ten times that with --quick, which is for drivers made of the processor:
//   npm run build:cli && node bench/gpu.mjs [--quick] [--out DIR] [--only probe,test,...] [-- OPTIONS FOR EACH COMMAND]
// Needs Node, the npm package `webgpu` and the bundled command line, nothing else. After each step its JSON lies in DIR (default
// .cache/gpu) and a line on standard error; a step that fails or takes too long does not end the others. The table comes last, with
// rates as shares of what the device copies and multiplies itself. Wrong numbers end the run: their speed says nothing.
// BEDSIDE_DAWN: Dawn's toggles; NVIDIA on Linux has 16-bit arithmetic only with vulkan_enable_f16_on_nvidia.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gpuSteps } from './gpu/steps.mjs';
import { formatSummary } from './gpu/summary.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    out: { type: 'string', default: join(root, '.cache/gpu') },
    only: { type: 'string' },
  },
});
const steps = gpuSteps({ isQuick: values.quick, root });
const only = values.only?.split(',');
const unknown = only?.find(name => !steps.some(step => step.name === name));
if (unknown !== undefined) {
  process.stderr.write(`--only takes ${steps.map(({ name }) => name).join(', ')}; not "${unknown}".\n`);
  process.exit(2);
}
mkdirSync(values.out, { recursive: true });

// Such drivers compile a kernel for seconds.
const patience = values.quick ? 10 : 1;
const started = performance.now();
const results = {};
const seconds = since => ((performance.now() - since) / 1000).toFixed(0);
for (const step of steps.filter(({ name }) => !only || only.includes(name))) {
  const at = performance.now();
  const result = await runStep(step);
  results[step.name] = result;
  writeFileSync(join(values.out, `${step.name}.json`), JSON.stringify(result, undefined, 1));
  const outcome = result.error ? `FAILED: ${result.error}` : 'done';
  process.stderr.write(`${step.name}: ${outcome}, ${seconds(at)} s (${seconds(started)} s in all)\n`);
  if (result.isWrong) break;
}
writeFileSync(join(values.out, 'all.json'), JSON.stringify(results));
process.stdout.write(`${formatSummary(results)}\n`);
process.exitCode = Object.values(results).some(({ error }) => error) ? 1 : 0;

/** Runs a step's commands, each in a process of its own, and has what they printed judged. */
async function runStep({ commands, limitSeconds, judge }) {
  const until = performance.now() + 1000 * patience * limitSeconds;
  const runs = {};
  const errors = [];
  for (const [name, args] of Object.entries(commands)) {
    const { json, error } = await runCommand(args, Math.max(1000, until - performance.now()));
    runs[name] = json ?? null;
    if (error) errors.push(`${name}: ${error}`);
  }
  const wrong = judge?.(runs) ?? [];
  const error = [...wrong, ...errors].join('; ');
  return { runs, ...(error ? { error } : {}), ...(wrong.length > 0 ? { isWrong: true } : {}) };
}

function runCommand([file, ...args], limitMs) {
  const isOurs = file.endsWith('cli.mjs');
  const child = spawn(process.execPath, [join(root, file), ...args, ...(isOurs ? positionals : [])], {
    cwd: root,
    env: process.env,
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', text => (out += text));
  child.stderr.setEncoding('utf8').on('data', text => (err = (err + text).slice(-4000)));
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
  return new Promise(resolve => {
    child.on('close', code => {
      clearTimeout(timer);
      const json = lastJson(out);
      const why =
        code === 0
          ? ''
          : code === null
            ? 'took too long'
            : (lastJson(err)?.error?.message ?? err.trim().split('\n').at(-1));
      resolve({ json, error: why || (json ? '' : 'printed no JSON') });
    });
  });
}

function lastJson(text) {
  for (const candidate of [text, text.trim().split('\n').at(-1) ?? '']) {
    try {
      return JSON.parse(candidate);
    } catch {
      // Perhaps only its last line is.
    }
  }
  return undefined;
}
