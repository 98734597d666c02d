// What every entry script needs on a fresh clone: the right Node, the locked dependencies, "is this stale?".
// Plain Node, no dependencies: it runs before there is a node_modules.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** What the built site is made from. */
export const siteSources = [
  'src',
  'shaders',
  'processor',
  'public',
  'index.html',
  'package.json',
  'package-lock.json',
  'vite.config.ts',
  'scripts/build-processor.mjs',
  'scripts/vite-service-worker.ts',
];

/** Exits with a sentence instead of a syntax error from deep inside a dependency. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  process.stderr.write(
    `Bedside needs Node 20.19 or newer; this is ${process.versions.node}.\n` +
      'Install a current Node from https://nodejs.org and run the same command again.\n',
  );
  process.exit(1);
}

/**
 * Runs a command from the repository root and resolves with its exit code (1 if it could not be started).
 * `stdio` defaults to this process's own output, with no input.
 */
export function run(command, args, { stdio = ['ignore', 'inherit', 'inherit'], env, shell = false } = {}) {
  return new Promise(resolve => {
    const child = spawn(command, args, { cwd: root, stdio, shell, env: { ...process.env, ...env } });
    child.on('error', error => {
      process.stderr.write(`${command}: ${error.message}\n`);
      resolve(1);
    });
    child.on('close', (code, signal) => resolve(signal ? 1 : (code ?? 1)));
  });
}

/** Path of a tool's script inside node_modules, started with this same Node: no shell, no PATH. */
export const tools = {
  biome: join(root, 'node_modules/@biomejs/biome/bin/biome'),
  tsc: join(root, 'node_modules/typescript/bin/tsc'),
  vite: join(root, 'node_modules/vite/bin/vite.js'),
  vitest: join(root, 'node_modules/vitest/vitest.mjs'),
};

export function runTool(tool, args, options) {
  return run(process.execPath, [tools[tool], ...args], options);
}

/** Installs the locked dependencies unless they are there. Resolves with whether they are there afterwards. */
export async function installDependencies({ stdio } = {}) {
  if (dependenciesAreCurrent()) return true;
  process.stderr.write('Installing dependencies (npm ci) ...\n');
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  const npm = process.env.npm_execpath;
  const code = npm?.endsWith('npm-cli.js')
    ? await run(process.execPath, [npm, ...args], { stdio })
    : await run('npm', args, { stdio, shell: process.platform === 'win32' });
  if (code === 0) return true;
  process.stderr.write(
    `npm ci failed (exit code ${code}). It needs the npm registry or a filled npm cache.\n`,
  );
  return false;
}

/**
 * Compares what npm says it installed with the lockfile. Modification times would not do: a clone writes the
 * files in any order, and a checkout touches the lockfile without changing it.
 */
function dependenciesAreCurrent() {
  const wanted = readPackages('package-lock.json');
  const installed = readPackages('node_modules/.package-lock.json');
  if (!wanted || !installed) return false;
  const same = path => installed[path]?.version === wanted[path]?.version;
  return (
    Object.keys(installed).every(same) &&
    Object.keys(wanted).every(path => path === '' || wanted[path].optional || same(path))
  );
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** Whether `output` is missing or older than anything in `sources` (folders are searched). */
export function isStale(output, sources) {
  const built = modifiedMs(join(root, output));
  return built === undefined || sources.some(source => newestChangeMs(join(root, source)) > built);
}

/** A folder's own time counts too: deleting a file in it changes nothing else. */
function newestChangeMs(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  return readdirSync(path).reduce(
    (newest, name) => Math.max(newest, newestChangeMs(join(path, name))),
    stats.mtimeMs,
  );
}

function modifiedMs(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
