// Q4_0 matrix-vector products beside onnxruntime-node's WebGPU provider (MatMulNBits), on the same adapter, in one run:
//   node bench/matvec-vs-onnxruntime.mjs [--adapter lavapipe] [--repeat 15]
// Both are timed with the upload of the input and the readback of the output. The two take turns, three rounds; the
// table shows the median of all runs. Each engine has a process of its own, because each carries its own Dawn.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const { values } = parseArgs({
  options: { adapter: { type: 'string', default: 'lavapipe' }, repeat: { type: 'string', default: '15' } },
});
const shapes = [
  [5120, 5120],
  [13824, 5120],
  [5120, 13824],
];
const rounds = 3;
const icd = ['/usr/share/vulkan/icd.d/lvp_icd.json', '/usr/share/vulkan/icd.d/lvp_icd.x86_64.json'].find(
  existsSync,
);
const env = { ...process.env, XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR ?? '/tmp' };
if (values.adapter === 'lavapipe') env.VK_DRIVER_FILES = icd;

if (!existsSync(join(here, 'peers/node_modules'))) {
  spawnSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'], {
    cwd: join(here, 'peers'),
    stdio: ['ignore', 2, 2],
  });
}

function run(command, args, cwd) {
  const result = spawnSync(command, args, { cwd, env, encoding: 'utf8', maxBuffer: 1 << 24 });
  const line = result.stdout.trim().split('\n').at(-1);
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${result.stdout}${result.stderr}`);
  return JSON.parse(line);
}

const median = list => [...list].sort((a, b) => a - b)[list.length >> 1];
const rowsOut = [];
for (const [rows, columns] of shapes) {
  const ours = [];
  const theirs = [];
  for (let round = 0; round < rounds; round++) {
    const common = ['--matvec', `${rows}x${columns}`, '--repeat', values.repeat, '--adapter', values.adapter];
    ours.push(run('npm', ['run', '--silent', 'cli', '--', 'bench', ...common], root));
    const script = join(here, 'peers/onnxruntime-matvec.mjs');
    theirs.push(run(process.execPath, [script, rows, columns, values.repeat], join(here, 'peers')));
  }
  const oursMs = median(ours.map(each => each.roundTripMs));
  const theirsMs = median(theirs.map(each => each.medianMs));
  rowsOut.push({
    'rows x columns': `${rows} x ${columns}`,
    'Bedside ms': oursMs.toFixed(1),
    'onnxruntime ms': theirsMs.toFixed(1),
    ratio: (theirsMs / oursMs).toFixed(2),
  });
}
console.log(`Q4_0 matrix-vector, ${values.adapter}, medians of ${rounds} x ${values.repeat} runs`);
console.table(rowsOut);
