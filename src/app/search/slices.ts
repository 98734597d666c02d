/** Work in slices, between which the page goes on. */
import { giveWay } from '../../client/index.ts';

/** Characters that are folded or looked through in one turn: some milliseconds on a slow machine. */
export const sliceCharacters = 200_000;

/** Counts what was done and lets others go first after every slice. */
export class Slices {
  #done = 0;
  readonly #rest: () => Promise<void>;
  /** How often others went first. */
  count = 0;

  constructor(rest: () => Promise<void> = giveWay) {
    this.#rest = rest;
  }

  /** What to wait for after these characters, if anything; it rejects with the signal's reason once nobody wants the work any more. */
  note(characters: number, signal: AbortSignal): Promise<void> | undefined {
    this.#done += characters;
    if (this.#done < sliceCharacters) return undefined;
    this.#done = 0;
    this.count += 1;
    return this.#rest().then(() => signal.throwIfAborted());
  }
}
