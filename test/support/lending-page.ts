import { Worker } from 'node:worker_threads';
import { serveHelper } from '../../src/engine/processor/helper.ts';
import type { BrowserDevices } from '../../src/worker/engine/browser-devices.ts';
import type { HelperNews, HelperRequest } from '../../src/worker/verbs/lent-workers.ts';

/** What a thread of Node runs, whose first message is the engine's port. */
const script = `
  const { parentPort } = require('node:worker_threads');
  const serve = ${serveHelper.toString()};
  parentPort.once('message', engine => {
    serve({ onStart: then => engine.on('message', then), say: word => engine.postMessage(word) });
  });
`;

/** A page that lends helpers of the processor, which are threads of Node. */
export class LendingPage {
  /** Tells of each helper that it could not be started. */
  isRefusing = false;
  /** Of the helper that was started last. */
  latest = 0;
  readonly #threads = new Map<number, Worker>();
  #port: MessagePort | undefined;

  /** Threads that have neither ended nor been ended. */
  get running(): number {
    return this.#threads.size;
  }

  lendTo(devices: BrowserDevices): BrowserDevices {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.onmessage = ({ data }: MessageEvent<HelperRequest>) => {
      if (data.kind === 'end') void this.#end(data.id);
      else this.#start(data);
    };
    devices.lendHelpers(port2);
    return devices;
  }

  tell(news: HelperNews): void {
    this.#port?.postMessage(news);
  }

  async close(): Promise<void> {
    this.#port?.close();
    await Promise.all([...this.#threads.keys()].map(id => this.#end(id)));
  }

  #start({ id, port }: Extract<HelperRequest, { kind: 'start' }>): void {
    if (this.isRefusing) {
      this.tell({ kind: 'ended', id, cause: 'refused' });
      return;
    }
    const thread = new Worker(script, { eval: true });
    thread.postMessage(port, [port as unknown as import('node:worker_threads').MessagePort]);
    this.#threads.set(id, thread);
    this.latest = id;
  }

  async #end(id: number): Promise<void> {
    await this.#threads.get(id)?.terminate();
    this.#threads.delete(id);
  }
}
