import { vi } from 'vitest';

/** What work on a text did of the things that make such work quadratic. */
export interface TextWork {
  /** Lookups in maps. */
  lookups: number;
  /** Searches with a regular expression. */
  searches: number;
  /** UTF-16 units in all that was cut out of strings. */
  unitsCut: number;
}

/** Counted, not timed: the same on every machine, however busy. What a regular expression does inside is not seen. */
export function countTextWork(work: () => void): TextWork {
  const counted: TextWork = { lookups: 0, searches: 0, unitsCut: 0 };
  const { get } = Map.prototype;
  const { exec } = RegExp.prototype;
  const { slice } = String.prototype;
  const spies = [
    vi.spyOn(Map.prototype, 'get').mockImplementation(function (this: Map<unknown, unknown>, key) {
      counted.lookups++;
      return get.call(this, key);
    }),
    vi.spyOn(RegExp.prototype, 'exec').mockImplementation(function (this: RegExp, text) {
      counted.searches++;
      return exec.call(this, text);
    }),
    vi.spyOn(String.prototype, 'slice').mockImplementation(function (this: string, from, to) {
      const part = slice.call(this, from, to);
      counted.unitsCut += part.length;
      return part;
    }),
  ];
  try {
    work();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return counted;
}
