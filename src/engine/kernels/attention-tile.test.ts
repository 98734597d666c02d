import { describe, expect, it } from 'vitest';
import { composeTile, smallTile, tileBytes, tileConstants } from './attention-tile.ts';

const wide = { lanes: 128, rows: 64, keys: 32, chunk: 8, turns: 1, values: 4 };

describe('an attention tile', () => {
  it('gives every row and key of it to one invocation, and every four dimensions of a row', () => {
    const { HOLD, QUADS, SHARE, GROUPS, HELD } = tileConstants(wide, 80);
    expect(QUADS * SHARE).toBe(128);
    expect(SHARE * HOLD).toBe(32);
    expect(GROUPS).toBe(6);
    expect(HELD * GROUPS).toBeGreaterThanOrEqual(QUADS);
  });

  it('takes at most 16 KiB, and little in the small form', () => {
    expect(tileBytes(wide, 128)).toBe(16 * (8 * 97 + 128 + 16));
    expect(tileBytes(smallTile, 128)).toBeLessThan(10 * 1024);
    expect(() => composeTile('', { ...wide, keys: 64 }, 128)).toThrow('does not fit');
  });

  it('refuses what does not come out even', () => {
    expect(() => composeTile('', { ...wide, keys: 20 }, 128)).toThrow('HOLD is 2.5');
  });
});
