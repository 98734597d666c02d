import { Worker } from 'node:worker_threads';
import { type HelperWord, serveHelper } from '../../engine/processor/helper.ts';
import type { Helper } from '../../engine/processor/pool.ts';

/** What a thread of Node runs: a helper uses nothing outside itself, so its text is enough, and its port is its scope. */
const script = `
  const { parentPort } = require('node:worker_threads');
  const serve = ${serveHelper.toString()};
  serve({ onStart: then => parentPort.once('message', then), say: word => parentPort.postMessage(word) });
`;

/** A helper of the processor device in a thread of Node. */
export function startThread(): Helper & { worker: Worker } {
  const worker = new Worker(script, { eval: true });
  return {
    worker,
    start: start => worker.postMessage(start),
    onWord: then => worker.on('message', (word: HelperWord) => then(word)),
    onEnd(then) {
      worker.on('error', error => then(error.message));
      worker.on('exit', code => then(`exit code ${code}`));
    },
    end: () => void worker.terminate(),
  };
}
