import type { ErrorData } from '../../../client/index.ts';

/** What took the GPU away may not be over in the same moment. */
const pauseMs = 500;
/** The browser starts its GPU process anew and has no adapter to offer meanwhile: it is asked again, ever later. */
const adapterPausesMs = [1000, 2000, 4000];

/** A model that stayed for so long was not lost to what took the one before, where nothing was asked of either. */
const memoryMs = 10 * 60_000;

/** After these the model is gone from the GPU, through no fault of the question: loading it again may help. */
export function isModelLost(error: ErrorData): boolean {
  return error.code === 'device-lost' || error.code === 'worker-died' || error.code === 'no-model';
}

/** Counts how often the model was lost in a row. Lost once, it is loaded again; lost twice, that could go on for ever. */
export class LossCounter {
  #inARow = 0;
  #adapterTries = 0;
  /** When the last loss was, where nothing was being asked. */
  #idleAtMs: number | null = null;

  get areTooMany(): boolean {
    return this.#inARow > 1;
  }

  /** The last loss came while nothing was asked, and long ago. */
  get areOver(): boolean {
    return this.#idleAtMs !== null && Date.now() - this.#idleAtMs > memoryMs;
  }

  /** An answer came to its end, or the reader decided anew. */
  reset(): void {
    this.#inARow = 0;
    this.#adapterTries = 0;
    this.#idleAtMs = null;
  }

  /** How long to wait after an error, in milliseconds, before another attempt; null where there should be none. */
  note(error: ErrorData, during: 'use' | 'idleness' = 'use'): number | null {
    if (isModelLost(error)) {
      if (this.areOver) this.reset();
      this.#idleAtMs = during === 'idleness' ? Date.now() : null;
      this.#inARow += 1;
      this.#adapterTries = 0;
      return this.areTooMany ? null : pauseMs;
    }
    if (this.#inARow === 0 || error.code !== 'no-webgpu') return null;
    return adapterPausesMs[this.#adapterTries++] ?? null;
  }
}
