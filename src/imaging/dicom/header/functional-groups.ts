import type { DataSet } from '../data-set/data-set.ts';
import { tag } from '../data-set/tags.ts';

/** The multi-frame functional groups of enhanced objects (PS3.3, C.7.6.16): what is said of one frame, or of all. */
export class FunctionalGroups {
  readonly #dataSet: DataSet;
  readonly #shared: DataSet | undefined;
  readonly #perFrame: DataSet[];

  constructor(dataSet: DataSet) {
    this.#dataSet = dataSet;
    [this.#shared] = dataSet.items(tag.sharedFunctionalGroups);
    this.#perFrame = dataSet.items(tag.perFrameFunctionalGroups);
  }

  /** The macro of a frame: its own, else the shared one. Undefined where there is none, or an empty one. */
  find(frame: number, macro: number): DataSet | undefined {
    for (const group of [this.#perFrame[frame], this.#shared]) {
      const [item] = group?.items(macro) ?? [];
      if (item) return item.size > 0 ? item : undefined;
    }
    return undefined;
  }

  /** Whether a frame says of itself what others may say otherwise. */
  hasOwn(frame: number, macro: number): boolean {
    return (this.#perFrame[frame]?.items(macro).length ?? 0) > 0;
  }

  /** The macro of a frame, or the data set itself, where older objects say the same. */
  findOrTop(frame: number, macro: number): DataSet {
    return this.find(frame, macro) ?? this.#dataSet;
  }
}
