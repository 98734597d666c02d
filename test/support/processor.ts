import { Worker } from 'node:worker_threads';
import { acquireProcessor, type ProcessorOptions } from '../../src/engine/processor/acquire-processor.ts';
import type { ProcessorDevice } from '../../src/engine/processor/device.ts';
import { type HelperWord, serveHelper } from '../../src/engine/processor/helper.ts';
import type { Helper } from '../../src/engine/processor/pool.ts';

/** What a thread of Node runs: the helper, and its port as the helper knows one. */
const script = `
  const { parentPort } = require('node:worker_threads');
  const serve = ${serveHelper.toString()};
  serve({ onStart: then => parentPort.once('message', then), say: word => parentPort.postMessage(word) });
`;

/** A helper in a thread of Node. */
export function startHelper(): Helper & { worker: Worker } {
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

/** The processor with so many helpers, none: one thread. Between buffers lies what is no number and must stay it. */
export function openProcessor(threads = 0, options: ProcessorOptions = {}): Promise<ProcessorDevice> {
  return acquireProcessor({
    guardBytes: 256,
    maxBytes: 256 * 1024 * 1024,
    ...options,
    helpers: Array.from({ length: threads }, startHelper),
  });
}
