import type { ErrorData } from '../../client/index.ts';
import { isModelLost } from './answer-status.ts';

/** What took the GPU away may not be over in the same moment. */
const pauseMs = 500;
/** The browser starts its GPU process anew and has no adapter to offer meanwhile: it is asked again, ever later. */
const adapterPausesMs = [1000, 2000, 4000];

/** Counts how often the model was lost in a row. Lost once, it is loaded again; lost twice, that could go on for ever. */
export class ModelLosses {
  #inARow = 0;
  #adapterTries = 0;

  get areTooMany(): boolean {
    return this.#inARow > 1;
  }

  /** An answer came to its end, or the reader decided anew. */
  reset(): void {
    this.#inARow = 0;
    this.#adapterTries = 0;
  }

  /** How long to wait after an error, in milliseconds, before another attempt; null where there should be none. */
  note(error: ErrorData): number | null {
    if (isModelLost(error)) {
      this.#inARow += 1;
      this.#adapterTries = 0;
      return this.areTooMany ? null : pauseMs;
    }
    if (this.#inARow === 0 || error.code !== 'no-webgpu') return null;
    return adapterPausesMs[this.#adapterTries++] ?? null;
  }
}
