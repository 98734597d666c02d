// Bedside beside other engines in Chromium, in one run:
//   npm run bench:browser -- [--only decode,wllama,load,fetch,page] [--adapter swiftshader|default] [--headed] [--rounds 4]
//                            [--tokens 16] [--models nano-chat-q8_0,...] [--model FILE.gguf] [--load-layers 1]
//                            [--fetch-layers 5]
//                            [--out FILE.json]
// decode: a greedy answer by Bedside (client and worker as the page has them) and by onnxruntime-web's WebGPU provider on
//         the same weights, in turns. The text must be the same, else it says so.
// wllama: llama.cpp in WebAssembly on the same file. load: a model of noise from IndexedDB, in turns with reading its rows.
// fetch:  a file of noise from this machine into the store, in turns with wllama's download of the same file.
// page:   whether the page's own thread was ever busy for 50 ms while the page answered.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { launchBrowser } from './browser/chromium.mjs';
import { measurePage } from './browser/page-answer.mjs';
import { startBenchSite } from './browser/site.mjs';
import { benchModels, question } from './models.mjs';
import { installPeers, peersFolder } from './peers/install.mjs';
import { formatNumber, formatSpread, spreadOf } from './statistics.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const parts = ['decode', 'wllama', 'load', 'fetch', 'page'];
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: parts.join(',') },
    adapter: { type: 'string', default: 'swiftshader' },
    headed: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '4' },
    tokens: { type: 'string', default: '16' },
    models: { type: 'string' },
    model: { type: 'string' },
    'load-layers': { type: 'string', default: '1' },
    'fetch-layers': { type: 'string', default: '5' },
    out: { type: 'string' },
  },
});
const only = values.only.split(',');
const unknown = only.find(part => !parts.includes(part));
if (unknown !== undefined) throw new Error(`--only takes ${parts.join(', ')}; not "${unknown}".`);
const rounds = Number(values.rounds);
const tokens = Number(values.tokens);
const modes = [
  { cache: 'growing', choice: 'host' },
  { cache: 'fixed', choice: 'host' },
  { cache: 'growing', choice: 'gpu' },
  { cache: 'fixed', choice: 'gpu' },
];
const notTheSame = {
  decode: [
    'Same weights bit for bit, f32 arithmetic and f32 keys and values in both; same text where the table says so.',
    'Not the same: onnxruntime keeps f32 scales (Bedside f16) and an f32 embedding, of which one row is read.',
    'onnxruntime wants heads of a multiple of 16: the 8 dimensions of stories260K are filled up with zeros for it.',
    'Bedside is timed through its worker with text decoded and sent to the page; onnxruntime only runs the graph.',
    'Of the ways to run onnxruntime the fastest counts. A software adapter says nothing about a GPU.',
  ],
  wllama: [
    'Not comparable: wllama runs on the CPU’s own vector units here, Bedside on a GPU made of software.',
  ],
  load: [
    'Raw: every row of the store read one after another and dropped. Checked: the same through the weight store.',
    'Load: phase "upload" of a warm load, which reads, checks, repacks and hands everything to the GPU.',
  ],
  fetch: [
    'Bedside hashes each chunk, reads it back from IndexedDB and compares it before it counts.',
    'wllama writes to a file of the origin (OPFS), compares nothing and begins again after an interruption.',
    'transformers.js takes no GGUF file: it has no row here.',
  ],
};

const scratch = mkdtempSync(join(tmpdir(), 'bedside-bench-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
const models = benchModels(values);
const files = Object.fromEntries(models.map(({ name, path }) => [`models/${name}.gguf`, path]));
const report = { date: new Date().toISOString(), adapter: values.adapter, cores: cpus().length, notTheSame };
const synthetic = only.includes('load') ? writeSynthetic('synthetic', values['load-layers']) : undefined;
if (synthetic) files['models/synthetic.gguf'] = synthetic.path;
const fetched = only.includes('fetch') ? writeSynthetic('fetched', values['fetch-layers']) : undefined;
if (fetched) files['models/fetched.gguf'] = fetched.path;
if (only.includes('decode')) {
  report.onnxruntimeWeb = installPeers('onnxruntime-web')['onnxruntime-web'];
  files['peers/onnxruntime-web'] = join(peersFolder, 'node_modules/onnxruntime-web/dist');
}
if (only.includes('wllama') || fetched) {
  report.wllama = installPeers('@wllama/wllama')['@wllama/wllama'];
  files['peers/wllama'] = join(peersFolder, 'node_modules/@wllama/wllama/esm');
}
const site = await startBenchSite(files);
const browser = await launchBrowser(values);
report.browser = browser.version;
const measure = {
  decode: measureDecode,
  wllama: measureWllama,
  load: measureLoad,
  fetch: measureFetch,
  page: measurePageThread,
};
try {
  for (const part of only) {
    process.stderr.write(`${part} ...\n`);
    report[part] = await measure[part]();
  }
} finally {
  await browser.close();
  await site.close();
}
if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(report, null, 2)}\n`);

/** Each measurement has a page of its own. */
async function inPage(name, plan) {
  const page = await browser.context.newPage();
  page.on('pageerror', error => process.stderr.write(`${error}\n`));
  try {
    await page.goto(site.url);
    return await page.evaluate(([name, plan]) => window.bench[name](plan), [name, plan]);
  } finally {
    await page.close();
  }
}

async function measureDecode() {
  const results = [];
  for (const { name, template, prompt } of models) {
    const plan = {
      modelUrl: `${site.url}models/${name}.gguf`,
      libraryUrl: `${site.url}peers/onnxruntime-web/ort.webgpu.min.mjs`,
      template,
      question: prompt,
      tokens,
      rounds,
      modes,
    };
    const found = await inPage('measureDecode', plan);
    const bedside = spreadOf(found.bedsideMsPerToken);
    const peers = found.peers.map(peer => ({ ...peer, spread: spreadOf(peer.msPerToken) }));
    // Round by round, because a machine may be busier in one than in another.
    const ratioOf = ({ msPerToken }) =>
      spreadOf(msPerToken.map((ms, round) => ms / found.bedsideMsPerToken[round])).median;
    for (const peer of peers) peer.ratio = ratioOf(peer);
    const fastest = Math.min(...peers.map(({ spread }) => spread.median));
    const ratio = Math.min(...peers.map(peer => peer.ratio));
    process.stderr.write(
      `${name}: ${formatNumber(bedside.median)} and ${formatNumber(fastest)} ms a token\n`,
    );
    results.push({ model: name, ...found, bedside, peers, ratio });
  }
  console.log(
    `\nms per decoded token, Chromium ${report.browser}, ${results[0]?.adapter}, onnxruntime-web ${report.onnxruntimeWeb}`,
  );
  console.table(
    results.flatMap(({ model, bedside, peers, generatedTokens }) =>
      peers.map(({ mode, sameText, spread, ratio }) => ({
        model,
        tokens: generatedTokens,
        'Bedside ms': formatSpread(bedside),
        'onnxruntime-web ms': formatSpread(spread),
        'its cache, its choice': `${mode.cache}, ${mode.choice}`,
        ratio: formatNumber(ratio),
        'same text': sameText ? 'yes' : 'NO',
        runs: spread.runs,
      })),
    ),
  );
  for (const { model, ratio } of results)
    console.log(`${model}: Bedside is ${formatNumber(ratio)} times as fast as the fastest of these.`);
  for (const line of notTheSame.decode) console.log(line);
  return results;
}

async function measureWllama() {
  const results = [];
  for (const { name, rendered } of models) {
    const found = await inPage('measureWllama', {
      libraryUrl: `${site.url}peers/wllama/`,
      modelUrl: `${site.url}models/${name}.gguf`,
      prompt: rendered,
      tokens,
      rounds,
    });
    results.push({ model: name, ...found });
  }
  console.log(`\nwllama ${report.wllama}, tokens/s`);
  console.table(
    results.map(({ model, threads, decodeTokensPerSecond, prefillTokensPerSecond }) => ({
      model,
      decode: formatSpread(spreadOf(decodeTokensPerSecond)),
      prefill: formatSpread(spreadOf(prefillTokensPerSecond)),
      threads,
      runs: decodeTokensPerSecond.length,
    })),
  );
  for (const line of notTheSame.wllama) console.log(line);
  return results;
}

async function measureLoad() {
  const { bytes, chunkBytes, chunkSha256 } = synthetic.hashes;
  const url = `${site.url}models/synthetic.gguf`;
  const found = await inPage('measureLoad', { id: 'bench', url, bytes, chunkBytes, chunkSha256, rounds });
  const spreads = Object.fromEntries(
    ['raw', 'checked', 'upload'].map(kind => [kind, spreadOf(found[`${kind}Rates`].map(rate => rate / 1e6))]),
  );
  // Pair by pair, because both take turns.
  const share = spreadOf(found.uploadRates.map((rate, i) => (100 * rate) / found.rawRates[i]));
  console.log(`\nWarm load of ${(bytes / 1e6).toFixed(0)} MB from IndexedDB in ${found.chunks} rows, MB/s`);
  console.table([
    {
      raw: formatSpread(spreads.raw),
      checked: formatSpread(spreads.checked),
      load: formatSpread(spreads.upload),
      'load / raw, %': formatSpread(share),
      runs: rounds,
    },
  ]);
  for (const line of notTheSame.load) console.log(line);
  return { ...found, spreads, share };
}

async function measureFetch() {
  const { bytes, chunkBytes, sha256, chunkSha256 } = fetched.hashes;
  const found = await inPage('measureFetch', {
    url: `${site.url}models/fetched.gguf`,
    bytes,
    sha256,
    chunkBytes,
    chunkSha256,
    libraryUrl: `${site.url}peers/wllama/`,
    rounds,
  });
  const seconds = list => formatSpread(spreadOf(list.map(ms => ms / 1000)));
  console.log(`\n${(bytes / 1e6).toFixed(0)} MB from this machine into the store, s`);
  console.table([
    {
      'network alone': seconds(found.networkMs),
      'Bedside, hash of each chunk': seconds(found.chunksMs),
      'Bedside, hash of the whole: fetching': seconds(found.wholeFetchMs),
      '... the rest of the hashing': seconds(found.wholeVerifyMs),
      wllama: seconds(found.wllamaMs),
      runs: rounds,
    },
  ]);
  for (const line of notTheSame.fetch) console.log(line);
  return found;
}

async function measurePageThread() {
  const found = await measurePage(browser.context, question);
  const { longTasksMs, watchedMs } = found;
  console.log('\nThe page’s own thread while the page answers');
  console.table([
    {
      'watched, s': formatNumber(watchedMs / 1000),
      'tasks of 50 ms or more': longTasksMs.length,
      'longest, ms': longTasksMs.length > 0 ? formatNumber(Math.max(...longTasksMs)) : '-',
    },
  ]);
  return found;
}

/** PMC-LLaMA's shapes, few layers: large enough to tell, small enough for a software adapter. */
function writeSynthetic(name, layers) {
  const path = join(scratch, `${name}.gguf`);
  const cli = join(root, 'scripts/cli.mjs');
  run([cli, 'synthetic', 'pmc-llama-13b', '--layers', layers, '--out', path]);
  const hashed = run([join(root, 'scripts/hash-model.mjs'), path, '--chunk-bytes', String(16 * 1024 * 1024)]);
  return { path, name: basename(path), hashes: JSON.parse(hashed) };
}

function run(args) {
  const options = { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 26 };
  const { status, stdout } = spawnSync(process.execPath, args, options);
  if (status !== 0) throw new Error(`${args.join(' ')} failed: ${stdout}`);
  return stdout;
}
