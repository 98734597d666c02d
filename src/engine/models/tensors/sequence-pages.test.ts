import { expect, it } from 'vitest';
import {
  pagesOfRings,
  positionsAfter,
  positionsInRings,
  sequencePages,
  sequenceRings,
} from './sequence-pages.ts';

const page = 64;

it.each([
  [16, 100, 4, 128],
  [16, 128, 4, 128],
  [16, 1, 1, 900],
  [40, 640, 8, 190],
  [8, 63, 2, 2],
])(
  '%i pages after a prefix of %i positions: %i sequences of %i more share what is full, and nothing else',
  (pages, prefix, count, positions) => {
    expect(positionsAfter(pages, prefix, count)).toBeGreaterThanOrEqual(positions);
    const { tables, partial } = sequencePages(pages, prefix, count, positions);
    const full = Math.floor(prefix / page);
    const reached = Math.ceil((prefix + positions) / page);
    const written = tables.flatMap(table => [...table.subarray(full, reached)]);
    expect(tables.every(table => table.length === pages)).toBe(true);
    for (const table of tables)
      expect([...table.subarray(0, full)]).toEqual(Array.from({ length: full }, (_, i) => i));
    // Each is of one sequence alone, none is the prefix's, all are there.
    expect(new Set(written).size).toBe(written.length);
    expect(Math.min(...written)).toBeGreaterThanOrEqual(Math.ceil(prefix / page));
    expect(Math.max(...tables.flatMap(table => [...table]))).toBeLessThan(pages);
    expect(partial).toEqual(
      prefix % page === 0 ? undefined : { from: full, to: tables.map(table => table[full]) },
    );
  },
);

it('says how far sequences may go, and not a position more', () => {
  // Two pages of the prefix, the second with 36 positions; 14 are left, 3 for each of 4 with the copy of the second.
  expect(positionsAfter(16, 100, 4)).toBe(28 + 2 * page);
  expect(positionsAfter(16, 128, 4)).toBe(3 * page);
  expect(positionsAfter(2, 100, 1)).toBe(0);
  expect(positionsAfter(4, 100, 4)).toBe(0);
  expect(positionsAfter(16, 1023, 1)).toBe(0);
});

it.each([
  [3, 16, 100, 4, 128],
  [3, 40, 640, 2, 900],
  [3, 40, 700, 3, 50],
  [24, 40, 700, 3, 500],
])(
  'rings of %i pages, tables of %i: after a prefix of %i positions %i sequences of %i more write nothing of it or of each other',
  (ring, pages, prefix, count, positions) => {
    const { tables, partial } = sequenceRings(ring, pages, prefix, count, positions);
    const room = pagesOfRings(ring, count, positions);
    const full = Math.floor(prefix / page);
    const reached = Math.ceil((prefix + positions) / page);
    const written = tables.map(table => new Set(table.subarray(full, reached)));
    const all = written.flatMap(each => [...each]);
    expect(new Set(all).size).toBe(all.length);
    expect(Math.min(...all)).toBe(ring);
    expect(Math.max(...all)).toBe(room - 1);
    for (const [i, table] of tables.entries()) {
      expect([...table.subarray(0, full)]).toEqual(Array.from({ length: full }, (_, each) => each % ring));
      expect(written[i]!.size).toBe(Math.min(ring, reached - full));
      // Each of as many pages as the ring has lies elsewhere.
      for (let at = full; at + 1 < reached; at++) {
        const together = table.subarray(at, Math.min(at + ring, reached));
        expect(new Set(together).size).toBe(together.length);
      }
    }
    expect(partial).toEqual(
      prefix % page === 0 ? undefined : { from: full % ring, to: tables.map(table => table[full]) },
    );
    const most = positionsInRings(ring, room, count);
    expect(most).toBeGreaterThanOrEqual(positions);
    expect(positionsInRings(ring, room - 1, count)).toBeLessThan(most);
  },
);
