import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { copySite } from './shell.ts';

/** Words of memory that a page shares with its helpers. */
const [listsLeft, ending] = [0, 1];
/** What the helper does that reads this in `ending`: an error that nobody catches, or silence for ever. */
const endings = { throws: 1, vanishes: 2 } as const;

interface Told {
  /** [listsLeft, ending] */
  words: Int32Array<SharedArrayBuffer> | undefined;
  engine: Worker | undefined;
  helpers: Worker[];
}

/**
 * A copy of the built site whose threads of the processor obey `PacedHelpers`. They sleep and hear nobody, a debugger neither: what
 * they obey is memory. In all else they are what was built. The caller removes it.
 */
export async function copyPacedSite(): Promise<string> {
  const root = await copySite();
  const folder = 'assets/compute';
  const names = await readdir(join(root, folder));
  const url = `${folder}/${names.find(name => name.startsWith('processor-helper.'))}`;
  const script = `(${obey})();\n${await readFile(join(root, url), 'utf8')}`;
  await writeFile(join(root, url), script);
  // The service worker stores nothing but what it was built with.
  const hash = createHash('sha256').update(script).digest('hex');
  const serviceWorker = await readFile(join(root, 'sw.js'), 'utf8');
  const entry = new RegExp(`(url:.${url}.,revision:.)([0-9a-f]+)`, 'g');
  const revised = serviceWorker.replace(entry, (_, before: string, old: string) => {
    return before + hash.slice(0, old.length);
  });
  if (revised === serviceWorker) throw new Error(`sw.js does not list ${url}`);
  await writeFile(join(root, 'sw.js'), revised);
  return root;
}

/**
 * The threads of the processor of a page of such a site, which stop at the same word of an answer on every machine and in every
 * browser, and end when a test says so. They are always used where the page is isolated and there are two cores: one thread is
 * never found to do as well.
 */
export class PacedHelpers {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  /** To be called before the page goes anywhere. */
  static async of(page: Page): Promise<PacedHelpers> {
    await page.addInitScript(tellHelpers);
    return new PacedHelpers(page);
  }

  /** So many submitted lists more, one a token and a few before the first, until they are released. */
  holdAfter(lists: number): Promise<void> {
    return this.#tell(listsLeft, lists);
  }

  release(): Promise<void> {
    return this.holdAfter(1e9);
  }

  /** Lists that were submitted since `holdAfter(lists)`, as far as it let them. */
  async computedOf(lists: number): Promise<number> {
    const left = await this.#page.evaluate(
      at => Atomics.load((window as unknown as { told: Told }).told.words!, at),
      listsLeft,
    );
    return lists - left;
  }

  /** The helper that begins the next list first ends so. */
  endOne(how: keyof typeof endings): Promise<void> {
    return this.#tell(ending, endings[how]);
  }

  /** Ends the engine's own worker without a word. */
  async silenceEngine(): Promise<void> {
    await this.#page.evaluate(() => (window as unknown as { told: Told }).told.engine?.terminate());
  }

  /** How many the page has started and not ended. */
  count(): Promise<number> {
    return this.#page.evaluate(() => (window as unknown as { told: Told }).told.helpers.length);
  }

  async #tell(at: number, value: number): Promise<void> {
    await this.#page.evaluate(
      ([at, value]) => {
        const { words } = (window as unknown as { told: Told }).told;
        Atomics.store(words!, at, value);
        Atomics.notify(words!, at);
      },
      [at, value] as const,
    );
  }
}

/** Runs in the page before anything else does: with what a helper is told first it gets the memory that it obeys. */
function tellHelpers(): void {
  // Where the page is not isolated there are no helpers.
  const words = globalThis.crossOriginIsolated ? new Int32Array(new SharedArrayBuffer(8)) : undefined;
  words?.set([1e9, 0]);
  const told: Told = { words, engine: undefined, helpers: [] };
  Object.assign(window, { told });
  window.Worker = class extends Worker {
    constructor(url: string | URL, options: WorkerOptions = {}) {
      super(url, options);
      if (options.name === 'bedside-engine') told.engine = this;
      if (options.name !== 'bedside-helper') return;
      told.helpers.push(this);
      if (words) Atomics.store(words, 1, 0);
    }

    override terminate(): void {
      super.terminate();
      told.helpers = told.helpers.filter(each => each !== this);
    }

    override postMessage(message: unknown, transfer: unknown = []): void {
      const sent = told.helpers.includes(this) ? { words } : message;
      super.postMessage(sent, transfer as Transferable[]);
    }
  };
}

/** Runs in a helper before anything else does. */
function obey(): void {
  type Walk = (list: number, count: number, threads: number, scratch: number, control: number) => number;
  let words = new Int32Array(new SharedArrayBuffer(8));
  words[0] = 1e9;
  addEventListener(
    'message',
    ({ data }: MessageEvent<Told | null>) => {
      // A page that does not tell its helpers leaves them alone.
      words = data?.words ?? words;
    },
    { once: true },
  );
  const sleep = (ms?: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

  const { Instance } = WebAssembly;
  WebAssembly.Instance = new Proxy(Instance, {
    construct(_, [module, imports]: [WebAssembly.Module, WebAssembly.Imports]) {
      const { exports } = new Instance(module, imports);
      const walk: Walk = (list, count, threads, scratch, control) => {
        // After one that throws the others say nothing: only its error can tell.
        const end = Atomics.compareExchange(words, 1, 1, 3);
        if (end === 1) throw new Error('ended by the test');
        if (end === 3 || Atomics.compareExchange(words, 1, 2, 0) === 2) sleep();
        if (threads === 1 && navigator.hardwareConcurrency > 1) sleep(400);
        return (exports.walk as Walk)(list, count, threads, scratch, control);
      };
      return { exports: { ...exports, walk } };
    },
  });

  const { postMessage } = MessagePort.prototype;
  MessagePort.prototype.postMessage = function (message: unknown) {
    if (message === 'done') {
      let left = Atomics.sub(words, 0, 1) - 1;
      for (; left < 0; left = Atomics.load(words, 0)) Atomics.wait(words, 0, left);
    }
    postMessage.call(this, message);
  };
}
