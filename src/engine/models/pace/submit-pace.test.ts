import { describe, expect, it, test } from 'vitest';
import { outstandingMs, SubmitPace } from './submit-pace.ts';

const work = { tokens: 128, keys: 128 };

/** Layers of each submit of one step on a device that needs so long for a layer. */
function submitStep(pace: SubmitPace, layers: number, msPerLayer: number): number[] {
  const submits: number[] = [];
  for (let layer = 0; layer < layers; ) {
    const count = Math.min(pace.layers(work), layers - layer);
    pace.note(count, work, count * msPerLayer);
    submits.push(count);
    layer += count;
  }
  return submits;
}

test('the first step, of which nothing is known, has few tokens; then as many as one submit has time for', () => {
  const pace = new SubmitPace(16, undefined, 128);
  expect(pace.tokens(512, 512)).toBe(128);
  expect(pace.tokens(20, 20)).toBe(20);
  for (const [msPerLayer, tokens] of [
    [10, 512],
    [120, 256],
    [200, 128],
  ] as const) {
    pace.note(1, work, msPerLayer);
    expect(pace.tokens(512, 640)).toBe(tokens);
  }
});

describe('layers of a submit', () => {
  it('grow on a fast device until all fit one submit', () => {
    const pace = new SubmitPace(16);
    expect(submitStep(pace, 24, 2)).toEqual([1, 2, 4, 8, 9]);
    expect(submitStep(pace, 24, 2)).toEqual([24]);
  });

  it('grow as far as 250 ms allow, and stay there', () => {
    const pace = new SubmitPace(16);
    submitStep(pace, 24, 50);
    expect(submitStep(pace, 24, 50)).toEqual([5, 5, 5, 5, 4]);
    expect(submitStep(pace, 24, 50)).toEqual([5, 5, 5, 5, 4]);
  });

  it('stay at one on a device that is slower than that', () => {
    expect(submitStep(new SubmitPace(16), 24, 900)).toEqual(new Array(24).fill(1));
  });

  it('shrink at once when the device slows down, and grow again after', () => {
    const pace = new SubmitPace(16);
    submitStep(pace, 24, 2);
    expect(pace.layers(work)).toBeGreaterThanOrEqual(24);
    pace.note(24, work, 2000);
    expect(pace.layers(work)).toBe(3);
    expect(submitStep(pace, 24, 2)).toEqual([3, 6, 12, 3]);
    expect(submitStep(pace, 24, 2)).toEqual([24]);
  });

  it('grow where the clock is too coarse to see a submit', () => {
    expect(submitStep(new SubmitPace(16), 20, 0)).toEqual([1, 2, 4, 8, 5]);
  });
});

describe('what a layer is expected to take', () => {
  it('is unknown at first', () => {
    expect(new SubmitPace(16).layerMs(work)).toBe(Number.POSITIVE_INFINITY);
  });

  // Whatever number of tokens a workgroup computes together, and however much of the time a key takes, up to the most.
  it('is never less than it takes, with tiles of any size and any share of attention', () => {
    const counts = [2, 10, 16, 17, 40, 63, 64, 65, 128, 200, 256, 512];
    const places = [0, 100, 1000, 8000];
    for (const tile of [1, 16, 64, 128]) {
      for (const keyMs of [0, 0.1, 0.5, 1]) {
        const msOf = (tokens: number, keys: number) =>
          Math.ceil(tokens / tile) * tile * (1000 + keyMs * keys);
        for (const last of counts.flatMap(tokens => places.map(at => ({ tokens, keys: at + tokens })))) {
          const pace = new SubmitPace(16, 1000);
          pace.note(2, last, 2 * msOf(last.tokens, last.keys));
          for (const tokens of counts) {
            const next = { tokens, keys: last.keys };
            expect(pace.layerMs(next)).toBeGreaterThanOrEqual(msOf(tokens, next.keys) * (1 - 1e-9));
          }
          for (const keys of places) {
            const next = { tokens: last.tokens, keys };
            expect(pace.layerMs(next)).toBeGreaterThanOrEqual(msOf(next.tokens, keys) * (1 - 1e-9));
          }
        }
      }
    }
  });
});

describe('tokens of a step', () => {
  it('are as many as there may be where nothing is known, or where they fit', () => {
    const pace = new SubmitPace(16);
    expect(pace.tokens(128, 128)).toBe(128);
    pace.note(1, work, 240);
    expect(pace.tokens(128, 128)).toBe(128);
  });

  it('are fewer where one layer of them takes longer than may be outstanding', () => {
    const pace = new SubmitPace(16);
    pace.note(1, work, 1600);
    expect(pace.isTooMuch(work)).toBe(true);
    expect(pace.tokens(128, 128)).toBe(16);
    // What is slower still gets no fewer, for nothing would be gained.
    pace.note(1, work, 16000);
    expect(pace.tokens(128, 128)).toBe(16);
    pace.note(1, { tokens: 16, keys: 16 }, outstandingMs + 1);
    expect(pace.isTooMuch({ tokens: 16, keys: 16 })).toBe(false);
  });

  it('grow again where the first layer took long for once', () => {
    const pace = new SubmitPace(16);
    pace.note(1, work, 2000);
    const seen: number[] = [];
    for (let keys = 0; seen.at(-1) !== 128; ) {
      const tokens = pace.tokens(128, 1024);
      keys += tokens;
      seen.push(tokens);
      // A kernel of 64 tokens a workgroup.
      pace.note(1, { tokens, keys }, 60 * Math.ceil(tokens / 64));
    }
    expect(seen).toEqual([16, 64, 128]);
  });
});
