// Type-checks each world with its own tsconfig: page, worker, service worker, Node.
import { requireNode, runTool } from './prepare.mjs';

requireNode();

const failed = [];
for (const world of ['page', 'worker', 'sw', 'node']) {
  const code = await runTool('tsc', ['--noEmit', '--pretty', 'false', '-p', `tsconfig.${world}.json`]);
  process.stdout.write(`tsconfig.${world}.json: ${code === 0 ? 'ok' : 'FAILED'}\n`);
  if (code !== 0) failed.push(world);
}
process.stdout.write(failed.length === 0 ? 'Types: all ok\n' : `Types: failed in ${failed.join(', ')}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
