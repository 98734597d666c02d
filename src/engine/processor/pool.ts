import { deviceLostError } from '../device/device-errors.ts';
import type { BedsideError } from '../errors.ts';
import type { HelperStart, HelperWord } from './helper.ts';
import type { KernelExports, KernelModule, KernelNumbers } from './kernel-module.ts';
import type { ProcessorMemory } from './memory.ts';
import type { LaunchList, Walker } from './walker.ts';

/** A started thread that runs `serveHelper`. */
export interface Helper {
  start(start: HelperStart): void;
  onWord(then: (word: HelperWord) => void): void;
  /** It ended by itself, or could not be started. */
  onEnd(then: (cause: string) => void): void;
  end(): void;
}

/** Launches handed over at a time: what is longer goes in parts. */
const mostLaunches = 4096;

/**
 * Helpers compute, whoever submits waits for their word and stays free to hear a stop. A helper that ends or does not come to a
 * barrier is a lost device: `lost` is called, once, and nothing is computed any more.
 */
export class Pool implements Walker {
  readonly #memory: ProcessorMemory;
  readonly #helpers: readonly Helper[];
  readonly #control: number;
  readonly #list: number;
  readonly #kernels: KernelExports;
  /** In the control block. */
  readonly #listAt: number;
  readonly #ready: Promise<void>;
  readonly #lost: (error: BedsideError) => void;
  #done: (() => void) | undefined;
  #isOver = false;

  constructor(
    { module }: KernelModule,
    memory: ProcessorMemory,
    { kernels, numberOf }: { kernels: KernelExports; numberOf: KernelNumbers },
    helpers: readonly Helper[],
    scratchBytes: number,
    lost: (error: BedsideError) => void,
  ) {
    this.#memory = memory;
    this.#helpers = helpers;
    this.#lost = lost;
    this.#control = memory.take('control', numberOf('CONTROL_BYTES'));
    this.#list = memory.take('launches', 8 * mostLaunches);
    this.#listAt = numberOf('SUBMITTED_LIST');
    this.#kernels = kernels;
    const threads = helpers.length;
    let missing = threads;
    this.#ready = new Promise(resolve => {
      for (const helper of helpers) {
        helper.onEnd(cause => this.#lose(`a helper ended: ${cause}`));
        helper.onWord(word => {
          if (word === 'lost') this.#lose('a helper did not come to a barrier');
          else if (word === 'done') this.#done?.();
          else if (--missing === 0) resolve();
        });
      }
    });
    for (const [i, helper] of helpers.entries()) {
      const scratch = memory.take('scratch', scratchBytes);
      const [control, reports] = [this.#control, i === 0];
      helper.start({ module, memory: memory.wasm, threads, scratch, control, reports });
    }
  }

  async walk(list: LaunchList): Promise<void> {
    await this.#ready;
    for (let at = 0; at < list.length && !this.#isOver; at += 2 * mostLaunches) {
      await this.#submit(list.subarray(at, at + 2 * mostLaunches));
    }
  }

  destroy(): void {
    this.#isOver = true;
    for (const helper of this.#helpers) helper.end();
  }

  #submit(list: LaunchList): Promise<void> {
    const words = new Int32Array(this.#memory.wasm.buffer);
    words.set(list, this.#list / 4);
    const at = (this.#control + this.#listAt) / 4;
    words[at] = this.#list;
    words[at + 1] = list.length / 2;
    const done = new Promise<void>(resolve => {
      this.#done = resolve;
    });
    this.#kernels.submit(this.#control);
    return done;
  }

  #lose(cause: string): void {
    if (this.#isOver) return;
    this.destroy();
    this.#lost(deviceLostError(cause));
  }
}
