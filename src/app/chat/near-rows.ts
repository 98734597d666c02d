import { flushSync } from 'react-dom';
import { giveWay, type Message } from '../../client/index.ts';
import { estimateHeight } from './estimate-height.ts';
import { RowHeights } from './row-heights.ts';
import { grown, holds, type RowRange, rowAt, rowsBetween, rowTops, widened } from './row-range.ts';

/** Up to so many messages are built whole, a few at a time. */
const longestBuiltWhole = 50;
/** Of those at the end, with which a conversation is shown, no more, however low they are; and no fewer, however high. */
const firstBuilt = { most: 6, least: 2 };
/** Built in one go while nothing waits for them: one task stays short. */
const rowsAStep = 3;
/** In heights of what is seen, on either side of it: what has to be there, what is built ahead, and what is kept. */
const screens = { needed: 0.25, wanted: 1, most: 2.5 };

interface View {
  /** In pixels from the beginning of the first row. */
  top: number;
  height: number;
}

/** With which rows a list is shown first: of a long one those at its end that are thought to fill a window of so many pixels. */
export function firstRange(path: readonly Message[], windowPx: number): RowRange {
  const to = path.length;
  if (to <= 2 * firstBuilt.most) return { from: 0, to };
  let from = to;
  for (let height = 0; from > to - firstBuilt.most; height += estimateHeight(path[--from]!)) {
    if (height >= windowPx && from <= to - firstBuilt.least) break;
  }
  return { from, to };
}

/**
 * Decides which rows of a long list are built: those near what its scroller shows. What has to be seen is built at once, what lies
 * beyond it a few rows at a time; what is read stays in its place while rows above it turn out to be of another height than they were
 * thought to be.
 */
export class NearRows {
  readonly heights = new RowHeights();
  path: readonly Message[] = [];
  readonly #setRange: (range: RowRange) => void;
  #range: RowRange;
  #places: { scroller: HTMLElement; list: HTMLElement } | null = null;
  #isGrowing = false;

  constructor(first: RowRange, setRange: (range: RowRange) => void) {
    this.#range = first;
    this.#setRange = setRange;
  }

  /** Follows a scroller and its list until the returned function is called. */
  follow(scroller: HTMLElement, list: HTMLElement): () => void {
    this.#places = { scroller, list };
    const look = () => this.look();
    scroller.addEventListener('scroll', look, { passive: true });
    const observer = typeof ResizeObserver === 'undefined' ? undefined : new ResizeObserver(look);
    observer?.observe(scroller);
    return () => {
      this.#places = null;
      scroller.removeEventListener('scroll', look);
      observer?.disconnect();
    };
  }

  /** Builds what is seen now, and begins to build what is near. */
  look(): void {
    // What was thought too high may leave room for more rows.
    for (let tries = 0; tries < 4; tries++) {
      const view = this.#view();
      if (!view) {
        // Where nothing is laid out nobody says what is near.
        if (this.#isShort) this.#commit(this.#whole);
        return;
      }
      const tops = this.#tops();
      const needed = about(tops, view, screens.needed);
      const most = this.#isShort ? this.#whole : about(tops, view, screens.most);
      if (holds(this.#range, needed) && holds(most, this.#range)) break;
      this.#build(tops, widened(this.#range, needed, most));
    }
    void this.#grow();
  }

  /** Builds the rows about a place at once, to be scrolled to. */
  buildAt(place: number): void {
    this.#commit({ from: Math.max(0, place - 2), to: Math.min(this.path.length, place + firstBuilt.most) });
  }

  async #grow(): Promise<void> {
    if (this.#isGrowing) return;
    this.#isGrowing = true;
    for (let range: RowRange | null = null; range !== this.#range; ) {
      range = this.#range;
      await giveWay();
      const view = this.#view();
      if (!view) break;
      const tops = this.#tops();
      const wanted = this.#isShort ? this.#whole : about(tops, view, screens.wanted);
      // It may have changed meanwhile.
      range = this.#range;
      this.#build(tops, grown(range, wanted, rowsAStep));
    }
    this.#isGrowing = false;
  }

  get #isShort(): boolean {
    return this.path.length <= longestBuiltWhole;
  }

  get #whole(): RowRange {
    return { from: 0, to: this.path.length };
  }

  /** Null where nothing is laid out. */
  #view(): View | null {
    const first = this.#places?.list.firstElementChild;
    if (!this.#places || !first || this.#places.scroller.clientHeight === 0) return null;
    const { scroller } = this.#places;
    const top = scroller.getBoundingClientRect().top - first.getBoundingClientRect().top;
    return { top, height: scroller.clientHeight };
  }

  #tops(): number[] {
    if (this.#places) this.heights.measure(this.#places.list);
    return rowTops(this.path.map(message => this.heights.of(message)));
  }

  #commit(next: RowRange): void {
    const { from, to } = this.#range;
    if (next.from === from && next.to === to) return;
    this.#range = next;
    flushSync(() => this.#setRange(next));
  }

  /** The row that is read stays where it is. */
  #build(tops: readonly number[], next: RowRange): void {
    const before = this.#view();
    this.#commit(next);
    const isAtStart = (this.#places?.scroller.scrollTop ?? 0) <= 0;
    if (!before || isAtStart) return;
    const row = rowAt(tops, before.top);
    const into = before.top - tops[row]!;
    const after = this.#tops();
    const now = this.#view();
    if (!now || !this.#places) return;
    const moved = after[row]! + Math.min(into, after[row + 1]! - after[row]!) - now.top;
    if (Math.abs(moved) >= 1) this.#places.scroller.scrollTop += moved;
  }
}

const about = (tops: readonly number[], { top, height }: View, beyond: number): RowRange =>
  rowsBetween(tops, top - beyond * height, top + (1 + beyond) * height);
