// `npm start`: from a fresh clone to the running site. HOST and PORT are honoured; only this machine can reach
// it unless HOST says otherwise.
import { join } from 'node:path';
import { installDependencies, isStale, requireNode, root, runTool, siteSources } from './prepare.mjs';

requireNode();

async function start() {
  if (!(await installDependencies())) return 1;
  // dist/sw.js is the last file that a build writes.
  if (isStale('dist/sw.js', siteSources)) {
    const code = await runTool('vite', ['build']);
    if (code !== 0) return code;
  }
  const { serveUntilStopped } = await import('./serve.mjs');
  const port = Number(process.env.PORT || 4173);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    process.stderr.write(`PORT is not a port number: ${process.env.PORT}\n`);
    return 1;
  }
  await serveUntilStopped({ root: join(root, 'dist'), port, host: process.env.HOST || '127.0.0.1' });
  return 0;
}

process.exitCode = await start().catch(error => {
  process.stderr.write(`${error.message}\n`);
  return 1;
});
