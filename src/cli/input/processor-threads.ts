import { Worker } from 'node:worker_threads';
import { type HelperWord, serveHelper } from '../../engine/processor/helper.ts';
import type { Helper } from '../../engine/processor/pool.ts';

/** What a thread of Node runs: a helper uses nothing outside itself, so its text is enough, and its port is its scope. */
const script = `
  const { parentPort } = require('node:worker_threads');
  const serve = ${serveHelper.toString()};
  serve({ onStart: then => parentPort.on('message', then), say: word => parentPort.postMessage(word) });
`;

/** A helper of the processor device in a thread of Node. */
export function startThread(): Helper & { worker: Worker } {
  const worker = new Worker(script, { eval: true });
  const ended = new Promise<string>(resolve => {
    worker.on('error', error => resolve(error.message));
    worker.on('exit', code => resolve(`exit code ${code}`));
  });
  return {
    worker,
    start: start => worker.postMessage(start),
    onWord: then => worker.on('message', (word: HelperWord) => then(word)),
    onEnd: then => void ended.then(then),
    end: () => void worker.terminate(),
  };
}
