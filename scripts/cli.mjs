// `npm run --silent cli -- COMMAND ...`: brings dist-cli/cli.mjs up to date, then becomes it. Standard output
// belongs to the command alone: everything said here goes to standard error.
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installDependencies, isStale, requireNode, root, runTool } from './prepare.mjs';

const sources = [
  'src/cli',
  'src/engine',
  'src/imaging',
  'src/storage',
  'src/worker/remote',
  'shaders',
  'processor',
  'scripts/build-processor.mjs',
  'package.json',
  'package-lock.json',
  'vite.cli.config.ts',
];
const output = 'dist-cli/cli.mjs';
const stdio = ['ignore', 2, 2];

requireNode();
if (await isReady()) await import(pathToFileURL(join(root, output)).href);
else process.exitCode = 1;

async function isReady() {
  if (!(await installDependencies({ stdio }))) return false;
  return !isStale(output, sources) || build();
}

/** Builds aside and renames, so that commands started at the same moment never read half a file. */
async function build() {
  const aside = join(root, '.cache', `cli-${process.pid}`);
  const args = ['build', '--config', 'vite.cli.config.ts', '--outDir', aside, '--logLevel', 'error'];
  const code = await runTool('vite', args, { stdio });
  if (code === 0) {
    mkdirSync(join(root, 'dist-cli'), { recursive: true });
    renameSync(join(aside, 'cli.mjs'), join(root, output));
  }
  rmSync(aside, { recursive: true, force: true });
  return code === 0;
}
