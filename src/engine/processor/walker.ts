import { giveWay } from '../give-way.ts';
import type { KernelExports } from './kernel-module.ts';

/** Launches in order: (address of the record, tokens of the step) in two words each. */
export type LaunchList = Uint32Array<ArrayBuffer>;

/** Whoever computes a list of launches, each after those before it. */
export interface Walker {
  walk(list: LaunchList): Promise<void>;
  destroy(): void;
}

/** What else wants to be heard, a stop for example, waits no longer. */
const sliceMs = 30;

/** One thread computes everything itself, chunk by chunk, and lets others have their turn in between. */
export class SingleWalker implements Walker {
  readonly #kernels: KernelExports;
  readonly #scratch: number;
  #sliceEnd = 0;
  #isDestroyed = false;

  constructor(kernels: KernelExports, scratch: number) {
    this.#kernels = kernels;
    this.#scratch = scratch;
  }

  async walk(list: LaunchList): Promise<void> {
    const kernels = this.#kernels;
    for (let i = 0; i < list.length; i += 2) {
      const record = list[i]!;
      const chunks = kernels.chunksOf(record, list[i + 1]!);
      if (chunks > 0) kernels.begin(record, this.#scratch);
      for (let chunk = 0; chunk < chunks; chunk++) {
        kernels.run(record, this.#scratch, chunk, 1);
        if (performance.now() > this.#sliceEnd) {
          await giveWay();
          if (this.#isDestroyed) return;
          this.#sliceEnd = performance.now() + sliceMs;
        }
      }
    }
  }

  destroy(): void {
    this.#isDestroyed = true;
  }
}
