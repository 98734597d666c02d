import type { CommandList, Step } from '../../device/dispatch.ts';
import type { DeviceBuffer } from '../../device/memory.ts';
import type { LayerCache } from '../../kernels/attention.ts';
import { pagePositions } from '../../kernels/cache-format.ts';

/** Pages of a sequence, the last one included. */
export interface PageRange {
  first: number;
  last: number;
}

/** What a step of several tokens reads of the positions before it, and what of its pages a ring then holds. */
export function pagesOfStep(
  { position, tokens }: Pick<Step, 'position' | 'tokens'>,
  window: number,
  ringPages: number,
): { before: PageRange; after: PageRange } {
  const page = (at: number) => Math.floor(at / pagePositions);
  const last = page(position + tokens - 1);
  return {
    before: { first: page(Math.max(0, position + 1 - window)), last: page(position - 1) },
    after: { first: Math.max(page(position), last - ringPages + 1), last },
  };
}

/** Pages that lie together both where they come from and where they go to: a copy each. */
export function copiesOfPages(
  { first, last }: PageRange,
  fromPages: number,
  toPages: number,
): { from: number; to: number; count: number }[] {
  const copies: { from: number; to: number; count: number }[] = [];
  for (let page = first; page <= last; ) {
    const [from, to] = [page % fromPages, page % toPages];
    const count = Math.min(last - page + 1, fromPages - from, toPages - to);
    copies.push({ from, to, count });
    page += count;
  }
  return copies;
}

/**
 * The place in which layers with a ring compute a step that is too long for it, one layer after the other: the ring has room for the
 * window and few tokens more, here there is some for the window and the longest step. What the step sees is copied here before the
 * layer, and what stays of it into the ring behind it.
 */
export class WindowSteps {
  readonly layerCache: LayerCache;
  /** [page of the sequence] -> page here. */
  readonly table: DeviceBuffer;
  readonly #pages: number;
  readonly #pageBytes: number;
  readonly #ring: { window: number; pages: number };

  constructor(
    layerCache: LayerCache,
    table: DeviceBuffer,
    pages: number,
    pageBytes: number,
    ring: { window: number; pages: number },
  ) {
    this.layerCache = layerCache;
    this.table = table;
    this.#pages = pages;
    this.#pageBytes = pageBytes;
    this.#ring = ring;
  }

  /** Records the copies before a layer whose ring this is. */
  begin(commands: CommandList, layer: LayerCache, step: Step): void {
    const { before } = pagesOfStep(step, this.#ring.window, this.#ring.pages);
    this.#copy(commands, layer, this.layerCache, copiesOfPages(before, this.#ring.pages, this.#pages));
  }

  /** And those behind it. */
  end(commands: CommandList, layer: LayerCache, step: Step): void {
    const { after } = pagesOfStep(step, this.#ring.window, this.#ring.pages);
    this.#copy(commands, this.layerCache, layer, copiesOfPages(after, this.#pages, this.#ring.pages));
  }

  #copy(
    commands: CommandList,
    source: LayerCache,
    target: LayerCache,
    copies: ReturnType<typeof copiesOfPages>,
  ): void {
    const bytes = this.#pageBytes;
    for (const { from, to, count } of copies) {
      commands.copy(source.keys, from * bytes, target.keys, to * bytes, count * bytes);
      commands.copy(source.values, from * bytes, target.values, to * bytes, count * bytes);
    }
  }
}
