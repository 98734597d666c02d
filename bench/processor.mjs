// Bedside on the machine's processor beside other engines on it, in turns in one run, with the same threads:
//   npm run bench:processor -- [--models smollm2-q4_1,...] [--model FILE.gguf] [--threads 1,2] [--prefill 128] [--decode 32]
//                              [--repeat 2] [--rounds 3] [--only node,chromium,rounded,wllama,llama,adapters]
//                              [--out FILE.json]
// node: the command line. rounded: the same with activations of 8 bits. chromium: the engine in a worker of a page, with its helpers. wllama: llama.cpp in WebAssembly, in the
// same browser. llama: llama.cpp for this machine (node-llama-cpp). adapters: Bedside on SwiftShader and lavapipe, GPUs made of
// software, which take all cores: once, beside the most threads.
// All read the same number of tokens into an empty cache and decode after them. A table on standard output, with the best and the
// median of all runs, and what the ratios should be; the bars are of the best, because whatever else runs on the machine only
// takes away.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { launchBrowser } from './browser/chromium.mjs';
import { startBenchSite } from './browser/site.mjs';
import { processorModels } from './models.mjs';
import { installPeers, peersFolder } from './peers/install.mjs';
import { formatNumber, spreadOf } from './statistics.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const cli = join(dirname(here), 'scripts/cli.mjs');
const parts = ['node', 'chromium', 'rounded', 'wllama', 'llama', 'adapters'];
const { values } = parseArgs({
  options: {
    models: { type: 'string' },
    model: { type: 'string' },
    threads: { type: 'string', default: cpus().length > 1 ? '1,2' : '1' },
    prefill: { type: 'string', default: '128' },
    decode: { type: 'string', default: '32' },
    repeat: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: parts.join(',') },
    out: { type: 'string' },
  },
});
const only = values.only.split(',');
const unknown = only.find(part => !parts.includes(part));
if (unknown !== undefined) throw new Error(`--only takes ${parts.join(', ')}; not "${unknown}".`);
const threadCounts = values.threads.split(',').map(Number);
const [prefill, decode, repeat, rounds] = ['prefill', 'decode', 'repeat', 'rounds'].map(name =>
  Number(values[name]),
);
const models = processorModels(values);
const versions = installPeers('@wllama/wllama', 'node-llama-cpp');

/** How many times as fast one engine shall be as another one; `threads`: as many as the bar is about. */
const bars = [
  ...['Bedside, Node', 'Bedside, Chromium'].flatMap(ours => [
    { ours, than: 'wllama, Chromium', decode: 4, prefill: 8 },
    { ours, than: 'llama.cpp', decode: 0.3, prefill: 0.15 },
    { ours, than: 'Bedside, SwiftShader', decode: 4, prefill: 4 },
    { ours, than: 'Bedside, lavapipe', decode: 4, prefill: 4 },
  ]),
  { ours: 'Bedside, Node, 8 bits', than: 'llama.cpp', decode: 0.6 },
];
const moreThreads = 1.6;

const files = Object.fromEntries(models.map(({ name, path }) => [`models/${name}.gguf`, path]));
files['peers/wllama'] = join(peersFolder, 'node_modules/@wllama/wllama/esm');
const site = await startBenchSite(files, { isolated: true });
const browser = await launchBrowser({ adapter: 'none', headed: false });
const results = [];
try {
  for (const model of models) {
    for (const threads of threadCounts) results.push(...(await compare(model, threads)));
  }
} finally {
  await browser.close();
  await site.close();
}
const verdicts = models.flatMap(({ name }) => judge(results.filter(({ model }) => model === name)));
console.log(
  `tokens/s, best (median): prefill of ${prefill}, decode of ${decode} after it; Chromium ${browser.version}, ` +
    `wllama ${versions['@wllama/wllama']}, node-llama-cpp ${versions['node-llama-cpp']}, ${cpus().length} cores`,
);
console.table(
  results.map(({ model, engine, threads, rates, error }) => ({
    model,
    threads,
    engine,
    decode: error ?? formatRates(rates.decode),
    prefill: error ? '-' : formatRates(rates.prefill),
    runs: rates.decode.length,
  })),
);
console.table(
  verdicts.map(({ best, median, bar, ...rest }) => ({
    ...rest,
    'best / best': formatNumber(best),
    'median / median': formatNumber(median),
    bar,
    met: best >= bar ? 'yes' : 'NO',
  })),
);
if (values.out !== undefined) {
  const report = { date: new Date().toISOString(), versions, browser: browser.version, options: values };
  writeFileSync(values.out, `${JSON.stringify({ ...report, results, verdicts }, null, 2)}\n`);
}

/** Every engine on one model with so many threads, a round after the other. */
async function compare({ name, path }, threads) {
  const plan = { modelUrl: `${site.url}models/${name}.gguf`, threads };
  const engines = [];
  const add = (engine, measure, close) =>
    engines.push({ engine, measure, close, rates: { prefill: [], decode: [] } });
  if (only.includes('node'))
    add('Bedside, Node', () => runCli(path, ['processor', '--threads', threads], { decode, repeat }));
  if (only.includes('rounded')) {
    const adapter = ['processor', '--rounded', 8, '--threads', threads];
    add('Bedside, Node, 8 bits', () => runCli(path, adapter, { decode, repeat }));
  }
  if (only.includes('chromium'))
    add('Bedside, Chromium', ...(await inPage('openProcessor', plan, 'runProcessor')));
  if (only.includes('wllama')) {
    const library = { ...plan, libraryUrl: `${site.url}peers/wllama/` };
    add('wllama, Chromium', ...(await inPage('openWllama', library, 'runWllama')));
  }
  if (only.includes('llama')) add('llama.cpp', () => runLlama(path, threads));
  if (only.includes('adapters') && threads === Math.max(...threadCounts)) {
    for (const adapter of ['SwiftShader', 'lavapipe'])
      add(`Bedside, ${adapter}`, round =>
        round > 0 ? undefined : runCli(path, [adapter.toLowerCase()], { decode: 4, repeat: 1 }),
      );
  }
  for (let round = 0; round < rounds; round++) {
    for (const each of engines) {
      if (each.error) continue;
      process.stderr.write(
        `${name}, ${threads} threads, round ${round + 1}, load ${loadavg()[0]}: ${each.engine}\n`,
      );
      try {
        const found = await each.measure(round);
        if (!found) continue;
        each.rates.prefill.push(...found.prefill);
        each.rates.decode.push(...found.decode);
      } catch (error) {
        each.error = error.message;
      }
    }
  }
  for (const { close } of engines) await close?.();
  return engines.map(({ engine, rates, error }) => ({ model: name, threads, engine, rates, error }));
}

/** The engine of a page of its own, loaded. */
async function inPage(open, plan, run) {
  const page = await browser.context.newPage();
  page.on('pageerror', error => process.stderr.write(`${error}\n`));
  await page.goto(site.url);
  const call = (name, plan) => page.evaluate(([name, plan]) => window.bench[name](plan), [name, plan]);
  await call(open, plan);
  return [() => call(run, { prefill, decode, repeat }), () => page.close()];
}

/** A process of the command line, which loads the model and warms up. */
function runCli(path, adapter, { decode, repeat }) {
  const args = ['--contexts', prefill, '--decode', decode, '--repeat', repeat, '--adapter', ...adapter];
  const { samples } = JSON.parse(run([cli, 'bench', path, ...args])).contexts[0];
  return {
    prefill: samples.prefillMs.map(ms => (1000 * prefill) / ms),
    decode: samples.decodeMs.map(ms => 1000 / ms),
  };
}

function runLlama(path, threads) {
  const args = [join(here, 'peers/llama-cpp-speed.mjs'), path, 'cpu', threads, prefill, decode, repeat];
  const found = JSON.parse(run(args));
  return { prefill: found.prefillTokensPerSecond, decode: found.decodeTokensPerSecond };
}

/** The last line on standard output. */
function run(args) {
  const options = { encoding: 'utf8', maxBuffer: 1 << 26, timeout: 600_000 };
  const { status, stdout, stderr, signal } = spawnSync(process.execPath, args.map(String), options);
  if (status !== 0) throw new Error(signal ? 'no result in 10 minutes' : `failed: ${stderr.slice(-300)}`);
  return stdout.trim().split('\n').at(-1);
}

/** What was measured of one model against the bars. */
function judge(measured) {
  const found = (engine, threads) =>
    measured.find(each => each.engine === engine && each.threads === threads && !each.error);
  const compared = (ours, theirs, names, bar, what) => ({
    model: measured[0].model,
    ...names,
    of: what,
    best: Math.max(...ours.rates[what]) / Math.max(...theirs.rates[what]),
    median: spreadOf(ours.rates[what]).median / spreadOf(theirs.rates[what]).median,
    bar,
  });
  const verdicts = [];
  for (const threads of threadCounts) {
    for (const bar of bars) {
      const [ours, theirs] = [found(bar.ours, threads), found(bar.than, threads)];
      if (!ours || !theirs) continue;
      const names = { engine: bar.ours, threads, than: bar.than };
      for (const what of ['decode', 'prefill'])
        if (bar[what] !== undefined) verdicts.push(compared(ours, theirs, names, bar[what], what));
    }
  }
  for (const engine of ['Bedside, Node', 'Bedside, Chromium']) {
    const [one, two] = [found(engine, 1), found(engine, 2)];
    if (!one || !two) continue;
    const names = { engine, threads: 2, than: 'itself with 1' };
    verdicts.push(compared(two, one, names, moreThreads, 'decode'));
    verdicts.push(compared(two, one, names, moreThreads, 'prefill'));
  }
  return verdicts;
}

function formatRates(rates) {
  return `${formatNumber(Math.max(...rates))} (${formatNumber(spreadOf(rates).median)})`;
}
