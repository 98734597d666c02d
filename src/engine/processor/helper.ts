/** What a helper is told when it starts. Everything after that it reads from the orders. */
export interface HelperStart {
  module: WebAssembly.Module;
  /** Which one it is: an order says how many take part, and those are the first. The very first says when a list is done. */
  index: number;
  orders: Int32Array<SharedArrayBuffer>;
  at: typeof orderAt;
  collectPausesMs: readonly number[];
  /** A thread that does not come to a barrier while others wait for so long is dead: no chunk takes nearly as long. */
  patienceMs: number;
  banks: readonly {
    memory: WebAssembly.Memory;
    /** Addresses: its own scratch; the control block; the list of launches. */
    scratch: number;
    control: number;
    list: number;
  }[];
}

/**
 * The words of the orders. `submitted` is one word of the last submit, so that no helper ever sees half of it: how many take part, as
 * the remainder by 256, and a count of submits. Helpers sleep on it; those that do not take part go on sleeping; with none taking
 * part all leave. The others are written before it: the bank, and how many launches its list has.
 */
export const orderAt = { submitted: 0, bank: 1, launches: 2 } as const;

/** What a helper says: that it can begin, that a list is done, or that another one did not come to a barrier. */
export type HelperWord = 'ready' | 'done' | 'lost';

/** Where a helper listens and speaks: a worker's own scope, or the port of a thread in Node. */
export interface HelperScope {
  /** Every time that it is started. */
  onStart(then: (start: HelperStart) => void): void;
  say(word: HelperWord): void;
}

/**
 * The life of a helper: it sleeps until there is a list, computes its share of it, and sleeps again, until it is let go; then it
 * can be started over other banks. Whoever started the thread ends it. It uses nothing outside itself, so that its text alone can
 * start a thread where there is no file of it.
 */
export function serveHelper(scope: HelperScope): void {
  function open(module: WebAssembly.Module, memory: WebAssembly.Memory, patienceMs: number) {
    // In parts: where the machine itself slept meanwhile, one is over at once, and whoever is waited for has the others.
    const parts = 10;
    function sleep(address: number, expected: number): boolean {
      const words = new Int32Array(memory.buffer);
      for (let part = 0; part < parts; part++) {
        if (Atomics.wait(words, address >>> 2, expected, patienceMs / parts) !== 'timed-out') return true;
      }
      return false;
    }
    const { exports } = new WebAssembly.Instance(module, { env: { memory, sleep } });
    return exports.walk as unknown as (
      list: number,
      count: number,
      threads: number,
      scratch: number,
      control: number,
    ) => number;
  }

  function serve({ module, index, orders, at, banks, patienceMs }: HelperStart): void {
    const walks = banks.map(({ memory }) => open(module, memory, patienceMs));
    scope.say('ready');
    for (let seen = 0; ; ) {
      Atomics.wait(orders, at.submitted, seen);
      const submitted = Atomics.load(orders, at.submitted);
      // Woken late for a list that is done: whoever submits may be held up between writing the orders and waking, and one that was
      // awake does not wait for that.
      if (submitted === seen) continue;
      seen = submitted;
      const active = seen & 255;
      if (active === 0) return;
      // The list is another's, and may be written for the submit after this one meanwhile.
      if (index >= active) continue;
      const bank = orders[at.bank]!;
      const { list, scratch, control } = banks[bank]!;
      const isWhole = walks[bank]!(list, orders[at.launches]!, active, scratch, control);
      if (!isWhole) {
        scope.say('lost');
        return;
      }
      if (index === 0) scope.say('done');
    }
  }

  /** As in collect.ts, of which its text knows nothing. */
  async function collect({ collectPausesMs }: HelperStart): Promise<void> {
    for (const pauseMs of collectPausesMs) {
      try {
        new WebAssembly.Memory({ initial: 4096, maximum: 4096 });
      } catch {
        return;
      }
      await new Promise(resolve => setTimeout(resolve, pauseMs));
    }
  }

  scope.onStart(start => {
    // Not in a promise: an error in here has to end this thread before whoever started it, who hears of no rejection.
    serve(start);
    void collect(start);
  });
}
