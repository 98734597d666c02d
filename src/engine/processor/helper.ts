/** What a helper is told when it starts. Everything after that it reads from the memory. */
export interface HelperStart {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  threads: number;
  /** Its own scratch. */
  scratch: number;
  control: number;
  /** Whether it is the one that says when a list is done. */
  reports: boolean;
}

/** What a helper says: that it can begin, that a list is done, or that another one did not come to a barrier. */
export type HelperWord = 'ready' | 'done' | 'lost';

/** Where a helper listens and speaks: a worker's own scope, or the port of a thread in Node. */
export interface HelperScope {
  onStart(then: (start: HelperStart) => void): void;
  say(word: HelperWord): void;
}

/**
 * The life of a helper: it sleeps until there is a list, computes its share of it, and never returns. Whoever started it ends it.
 * It uses nothing outside itself, so that its text alone can start a thread where there is no file of it.
 */
export function serveHelper(scope: HelperScope): void {
  scope.onStart(({ module, memory, threads, scratch, control, reports }) => {
    /** A thread that is missing for so long is dead: no chunk takes nearly as long. */
    const patienceMs = 20_000;
    const sleep = (address: number, expected: number) =>
      Atomics.wait(new Int32Array(memory.buffer), address >>> 2, expected, patienceMs) !== 'timed-out';
    const { exports } = new WebAssembly.Instance(module, { env: { memory, sleep } });
    const { walk, SUBMITTED, SUBMITTED_LIST } = exports as unknown as {
      walk(list: number, count: number, threads: number, scratch: number, control: number): number;
      SUBMITTED: WebAssembly.Global;
      SUBMITTED_LIST: WebAssembly.Global;
    };
    const submitted = (control + (SUBMITTED.value as number)) >>> 2;
    const at = (control + (SUBMITTED_LIST.value as number)) >>> 2;
    const words = new Int32Array(memory.buffer);
    scope.say('ready');
    for (let seen = 0; ; ) {
      Atomics.wait(words, submitted, seen);
      seen = Atomics.load(words, submitted);
      const isWhole = walk(words[at]!, words[at + 1]!, threads, scratch, control);
      if (!isWhole) {
        scope.say('lost');
        return;
      }
      if (reports) scope.say('done');
    }
  });
}
