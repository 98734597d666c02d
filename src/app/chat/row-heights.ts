import type { Message } from '../../client/index.ts';
import { columnWidth, estimateHeight } from './estimate-height.ts';

/** How high messages are, in pixels: as they were when they were built last, else as they are thought to be. */
export class RowHeights {
  readonly #measured = new Map<string, number>();
  #estimated = new WeakMap<Message, number>();
  #widthPx = 0;

  of(message: Message): number {
    const measured = this.#measured.get(message.id);
    if (measured !== undefined) return measured;
    const known = this.#estimated.get(message);
    if (known !== undefined) return known;
    const estimate = estimateHeight(message, this.#widthPx);
    this.#estimated.set(message, estimate);
    return estimate;
  }

  /** Of the rows that are built in a list now. In another width every row has another height. */
  measure(list: Element): void {
    const { width } = list.getBoundingClientRect();
    if (Math.abs(width - this.#widthPx) >= 1) {
      if (columnWidth(width) !== columnWidth(this.#widthPx)) this.#estimated = new WeakMap();
      this.#widthPx = width;
      this.#measured.clear();
    }
    for (const row of list.querySelectorAll<HTMLElement>(':scope > [data-message]')) {
      const { height } = row.getBoundingClientRect();
      if (height > 0) this.#measured.set(row.dataset.message!, height);
    }
  }
}
