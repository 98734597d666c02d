import type { BedsideError } from '../errors.ts';
import { inWords } from '../thrown-in-words.ts';
import { type Bank, mostLaunches } from './bank.ts';
import { collectPausesMs } from './collect.ts';
import { type HelperStart, type HelperWord, orderAt } from './helper.ts';
import type { KernelModule } from './kernel-module.ts';
import { processorLostError } from './processor-errors.ts';
import type { LaunchList, Walker } from './walker.ts';

/** A thread that runs `serveHelper`. */
export interface Helper {
  /** Again where a pool let it go. */
  start(start: HelperStart): void;
  /** Those who listened before still may. */
  onWord(then: (word: HelperWord) => void): void;
  /** It ended by itself, or could not be started; also where that was before anyone asked. */
  onEnd(then: (cause: string) => void): void;
  end(): void;
}

/** Starts a thread that runs `serveHelper`; throws or rejects where that cannot be done. */
export type StartHelper = () => Helper | Promise<Helper>;

/**
 * A helper that has not begun after so long will not: some browsers stop without a word where threads have no memory. Nor does one come
 * to a barrier that has not by then.
 */
const usualPatienceMs = 20_000;
const mostThreads = 255;

/**
 * Helpers compute, whoever submits waits for their word and stays free to hear a stop. A helper that ends or does not come to a
 * barrier is a lost device: `lost` is called, once, and nothing is computed any more.
 */
export class Pool implements Walker {
  readonly #module: KernelModule;
  readonly #helpers: Helper[];
  readonly #threads: number;
  readonly #startHelper: StartHelper;
  readonly #patienceMs: number;
  #allBanks: () => readonly Bank[];
  #lost: (error: BedsideError) => void;
  /** Those that the helpers were started over. */
  #banks: readonly Bank[] = [];
  /** Of this start: see `orderAt`. */
  #orders = newOrders();
  #ready: Promise<void>;
  #begun: () => void = () => undefined;
  #missing = 0;
  /** Helpers that take part in the next submit. */
  #active: number;
  #walking: Bank | undefined;
  #done: (() => void) | undefined;
  #failReady: (error: BedsideError) => void = () => undefined;
  #isAbandoned = false;
  #isWalking = false;
  #letsGoAfter = false;
  #isOver = false;

  /** @param startHelper for those that take the place of `helpers` when memory is given back */
  constructor(
    module: KernelModule,
    banks: () => readonly Bank[],
    helpers: readonly Helper[],
    startHelper: StartHelper,
    lost: (error: BedsideError) => void,
    patienceMs = usualPatienceMs,
  ) {
    this.#patienceMs = patienceMs;
    this.#module = module;
    this.#allBanks = banks;
    this.#helpers = [...helpers];
    this.#threads = Math.min(helpers.length, mostThreads);
    this.#startHelper = startHelper;
    this.#active = this.#threads;
    this.#lost = lost;
    for (const helper of helpers) this.#listenTo(helper);
    this.#ready = this.#start();
  }

  /** Resolves when every helper has begun; rejects with `device-lost` where one does not. */
  get ready(): Promise<void> {
    return this.#ready;
  }

  async walk(bank: Bank, list: LaunchList): Promise<void> {
    this.#isWalking = true;
    try {
      await this.#walkThrough(bank, list);
    } finally {
      this.#isWalking = false;
      if (this.#letsGoAfter) this.letGo();
    }
  }

  async #walkThrough(bank: Bank, list: LaunchList): Promise<void> {
    this.#isAbandoned = false;
    await this.#ready;
    if (!this.#banks.includes(bank)) {
      this.#leave();
      this.#ready = this.#helpers.length > 0 ? this.#start() : this.#startAnew();
      await this.#ready;
    }
    for (let at = 0; at < list.length && !this.#isAbandoned && !this.#isOver; at += 2 * mostLaunches) {
      await this.#submit(bank, list.subarray(at, at + 2 * mostLaunches));
    }
  }

  abandon(): void {
    this.#isAbandoned = true;
    this.#walking?.kernels.abandon(this.#walking.control);
  }

  setThreads(count: number): void {
    this.#active = Math.max(1, Math.min(count, this.#threads));
  }

  /** What a thread holds is free when it ends. An engine that collects garbage would keep the memory of model after model. */
  letGo(): void {
    // Whoever waits for a list that is under way would wait for ever.
    this.#letsGoAfter = this.#isWalking;
    if (this.#isOver || this.#isWalking) return;
    this.#banks = [];
    this.#orders = newOrders();
    for (const helper of this.#helpers.splice(0)) helper.end();
  }

  /** The helpers listen again, and can be started over other banks. */
  #leave(): void {
    const orders = this.#orders;
    if (this.#banks.length === 0 || this.#isOver) return;
    this.#banks = [];
    this.#orders = newOrders();
    // Not before they listen: whoever begins later than that would take a count that is gone for the one to wait for.
    void this.#ready.then(
      () => submit(orders, 0),
      // They were lost before they began.
      () => undefined,
    );
  }

  release(): void {
    this.#leave();
    this.#isOver = true;
    // The helpers live on, and with them whoever listened; the device need not.
    this.#allBanks = () => [];
    this.#lost = () => undefined;
  }

  destroy(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#banks = [];
    for (const helper of this.#helpers) helper.end();
    this.#failReady(processorLostError('the device was closed'));
    this.#finish();
  }

  #listenTo(helper: Helper): void {
    // Those that were ended may still have something to say.
    const isOurs = () => this.#helpers.includes(helper);
    helper.onEnd(cause => isOurs() && this.#lose(`a helper ended: ${cause}`));
    helper.onWord(word => isOurs() && this.#hear(word));
  }

  async #startAnew(): Promise<void> {
    try {
      while (this.#helpers.length < this.#threads && !this.#isOver) {
        const helper = await this.#startHelper();
        this.#helpers.push(helper);
        this.#listenTo(helper);
        if (this.#isOver) helper.end();
      }
    } catch (error) {
      this.#lose(`a helper could not be started: ${inWords(error)}`);
    }
    if (this.#isOver) throw processorLostError('its threads could not be started again');
    await this.#start();
  }

  /** Starts the helpers over the banks that there are; they have been let go, or never started. */
  #start(): Promise<void> {
    const { module } = this.#module;
    const orders = this.#orders;
    const banks = [...this.#allBanks()];
    this.#banks = banks;
    this.#missing = this.#helpers.length;
    const ready = new Promise<void>((resolve, reject) => {
      const patience = setTimeout(() => this.#lose('a helper did not begin'), this.#patienceMs);
      this.#begun = () => {
        clearTimeout(patience);
        resolve();
      };
      this.#failReady = error => {
        clearTimeout(patience);
        reject(error);
      };
    });
    // Whoever waits hears of it; nobody needs to.
    ready.catch(() => undefined);
    for (const [index, helper] of this.#helpers.entries()) {
      helper.start({
        module,
        index,
        orders,
        at: orderAt,
        collectPausesMs,
        patienceMs: this.#patienceMs,
        banks: banks.map(({ wasm, scratch, control, list }) => {
          return { memory: wasm, scratch: scratch[index]!, control, list };
        }),
      });
    }
    return ready;
  }

  #hear(word: HelperWord): void {
    if (this.#isOver) return;
    if (word === 'lost') this.#lose('a helper did not come to a barrier');
    else if (word === 'done') this.#finish();
    else if (--this.#missing === 0) this.#begun();
  }

  #submit(bank: Bank, list: LaunchList): Promise<void> {
    new Uint32Array(bank.wasm.buffer, bank.list, list.length).set(list);
    bank.kernels.proceed(bank.control);
    this.#orders[orderAt.bank] = this.#banks.indexOf(bank);
    this.#orders[orderAt.launches] = list.length / 2;
    this.#walking = bank;
    const done = new Promise<void>(resolve => {
      this.#done = resolve;
    });
    submit(this.#orders, this.#active);
    return done;
  }

  #finish(): void {
    this.#walking = undefined;
    this.#done?.();
    this.#done = undefined;
  }

  #lose(cause: string): void {
    if (this.#isOver) return;
    const error = processorLostError(cause);
    // First, so that whatever then finds itself finished is not taken for done.
    this.#lost(error);
    this.destroy();
  }
}

function newOrders(): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(4 * Object.keys(orderAt).length));
}

/** Wakes so many helpers for another list, which is there; the one before it is done. With 0 all leave. */
function submit(orders: Int32Array<SharedArrayBuffer>, threads: number): void {
  const count = (orders[orderAt.submitted]! >>> 8) + 1;
  Atomics.store(orders, orderAt.submitted, (count << 8) | threads);
  Atomics.notify(orders, orderAt.submitted);
}
