import { describe, expect, it } from 'vitest';
import { Random } from '../../random.ts';
import { mostDraftRows } from '../draft-choice.ts';
import { mostStepsInFlight } from '../pace/steps-in-flight.ts';
import { mostRingTokens, ringTable, WindowRing, windowPages } from './window-ring.ts';
import { copiesOfPages, pagesOfStep } from './window-steps.ts';

const page = 64;

interface Written {
  sequence: number;
  position: number;
}

/** Places of positions in pages, as a table of `count` pages says, and what was written there. */
class Places {
  readonly pages: number;
  readonly held: (Written | undefined)[];
  readonly #table: Uint32Array;

  constructor(pages: number, count: number) {
    this.pages = pages;
    this.held = new Array(pages * page);
    this.#table = ringTable(pages, count);
  }

  #at(position: number): number {
    return this.#table[Math.floor(position / page)]! * page + (position % page);
  }

  write(written: Written): void {
    this.held[this.#at(written.position)] = written;
  }

  holds({ sequence, position }: Written): boolean {
    const held = this.held[this.#at(position)];
    return held?.sequence === sequence && held.position === position;
  }

  copyTo(other: Places, copies: ReturnType<typeof copiesOfPages>): void {
    for (const { from, to, count } of copies) {
      if (from + count > this.pages || to + count > other.pages) throw new Error('past the last page');
      const copied = this.held.slice(from * page, (from + count) * page);
      other.held.splice(to * page, copied.length, ...copied);
    }
  }
}

/** A layer with a ring, as steps read and write it. */
class Layer {
  readonly ring: WindowRing;
  readonly #window: number;
  readonly #places: Places;
  readonly #long: Places;
  /** By position, the text that it was written for last. */
  written: number[] = [];

  constructor(window: number, mostTokens: number, tablePages: number) {
    this.#window = window;
    this.ring = new WindowRing(window, windowPages(window, mostRingTokens));
    this.#places = new Places(this.ring.pages, tablePages);
    this.#long = new Places(windowPages(window, mostTokens), tablePages);
  }

  /** What tokens from `first` to `last` see of the text so far. */
  #see(places: Places, first: number, last: number): void {
    for (let at = Math.max(0, first + 1 - this.#window); at <= last && at < this.written.length; at++) {
      if (!places.holds({ sequence: this.written[at]!, position: at }))
        throw new Error(`${at} is gone, of tokens ${first} to ${last}`);
    }
  }

  step(sequence: number, tokens: number): void {
    const position = this.written.length;
    const isLong = tokens > mostRingTokens;
    const places = isLong ? this.#long : this.#places;
    const { before, after } = pagesOfStep({ position, tokens }, this.#window, this.ring.pages);
    if (isLong) this.#places.copyTo(this.#long, copiesOfPages(before, this.ring.pages, this.#long.pages));
    for (let at = position; at < position + tokens; at++) {
      places.write({ sequence, position: at });
      this.written.push(sequence);
    }
    this.#see(places, position, position + tokens - 1);
    if (isLong) this.#long.copyTo(this.#places, copiesOfPages(after, this.#long.pages, this.ring.pages));
    this.ring.noteStep(position, tokens);
  }

  /** @returns whether the text can go on there */
  goBackTo(position: number): boolean {
    const holds = this.ring.holdsWindowOf(position);
    this.written.length = holds ? position : 0;
    if (holds) this.#see(this.#places, position, position - 1);
    if (this.written.length === 0) this.ring.clear();
    return holds;
  }
}

describe.each([
  [1, 128],
  [16, 128],
  [48, 128],
  [65, 256],
  [1024, 128],
  [1024, 512],
])('a ring of a window of %i, with steps of up to %i', (window, most) => {
  const tablePages = 3 * windowPages(window, most) + 20;

  it('has what every token of a step sees, wherever steps begin and however long they are', () => {
    for (const lengths of [[most], [mostRingTokens], [1], [most, 1, 7], [63, most - 1, 65], [100, 3]]) {
      const layer = new Layer(window, most, tablePages);
      const steps = window > 500 && lengths[0] === 1 ? 1300 : 40;
      for (let step = 0; step < steps; step++) {
        const tokens = Math.min(lengths[step % lengths.length]!, tablePages * page - layer.written.length);
        if (tokens > 0) layer.step(1, tokens);
        // As a text whose last token has to be computed again, and its beginning.
        const { ring, written } = layer;
        expect(ring.holdsWindowOf(written.length)).toBe(true);
        expect(ring.holdsWindowOf(written.length - 1)).toBe(true);
      }
    }
  });

  it('can go back behind what is computed in vain: steps in flight, and drafts', () => {
    const vain = Math.max(mostStepsInFlight, mostDraftRows) + 1;
    for (let start = 1; start < 1300; start += 41) {
      const ring = new WindowRing(window, windowPages(window, mostRingTokens));
      ring.noteStep(0, start);
      expect(ring.holdsWindowOf(start - 1)).toBe(true);
      for (let token = 0; token < vain; token++) ring.noteStep(start + token, 1);
      expect(ring.holdsWindowOf(start)).toBe(true);
    }
  });

  it('says that it holds a window only where all of it is there, whatever was written and taken back', () => {
    const random = new Random(5);
    const below = (count: number) => Math.floor(random.nextFloat() * count);
    const layer = new Layer(window, most, tablePages);
    let refused = 0;
    for (let turn = 1; turn < 300; turn++) {
      const { length } = layer.written;
      if (!layer.goBackTo(turn % 2 ? below(length + 1) : Math.max(0, length - below(60)))) refused++;
      const end = Math.min(tablePages * page, layer.written.length + 1 + below(window + 2 * most));
      while (layer.written.length < end)
        layer.step(turn, Math.min(end - layer.written.length, 1 + below(turn % 3 ? most : 5)));
    }
    expect(refused).toBeGreaterThan(10);
  });
});

it('forgets nothing before it is full', () => {
  const ring = new WindowRing(48, 3);
  for (let position = 0; position < 192; position++) ring.noteStep(position, 1);
  expect(ring.holdsWindowOf(0)).toBe(true);
  ring.noteStep(192, 1);
  const held = [0, 47, 48, 49, 193].map(position => ring.holdsWindowOf(position));
  expect(held).toEqual([false, false, true, true, true]);
  ring.clear();
  expect(ring.holdsWindowOf(0)).toBe(true);
});
