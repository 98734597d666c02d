import { describe, expect, it } from 'vitest';
import { SubmitPace } from './submit-pace.ts';

/** Layers of each submit of one batch on a device that needs so long for a layer. */
function encodeBatch(pace: SubmitPace, layers: number, msPerLayer: number): number[] {
  const submits: number[] = [];
  for (let layer = 0; layer < layers; ) {
    const count = Math.min(pace.layers, layers - layer);
    pace.note(count, count * msPerLayer);
    submits.push(count);
    layer += count;
  }
  return submits;
}

describe('layers of a submit', () => {
  it('grow on a fast device until all fit one submit', () => {
    const pace = new SubmitPace(24);
    expect(encodeBatch(pace, 24, 2)).toEqual([1, 2, 4, 8, 9]);
    expect(encodeBatch(pace, 24, 2)).toEqual([24]);
  });

  it('grow as far as 300 ms allow, and stay there', () => {
    const pace = new SubmitPace(24);
    encodeBatch(pace, 24, 60);
    expect(encodeBatch(pace, 24, 60)).toEqual([5, 5, 5, 5, 4]);
    expect(encodeBatch(pace, 24, 60)).toEqual([5, 5, 5, 5, 4]);
  });

  it('stay at one on a device that is slower than that', () => {
    const pace = new SubmitPace(24);
    expect(encodeBatch(pace, 24, 900)).toEqual(new Array(24).fill(1));
  });

  it('shrink at once when the device slows down, and grow again after', () => {
    const pace = new SubmitPace(24);
    encodeBatch(pace, 24, 2);
    expect(pace.layers).toBe(24);
    pace.note(24, 2400);
    expect(pace.layers).toBe(3);
    expect(encodeBatch(pace, 24, 2)).toEqual([3, 6, 12, 3]);
    expect(pace.layers).toBe(24);
  });

  it('grow where the clock is too coarse to see a submit', () => {
    const pace = new SubmitPace(4);
    expect(encodeBatch(pace, 7, 0)).toEqual([1, 2, 4]);
    expect(pace.layers).toBe(4);
  });
});
