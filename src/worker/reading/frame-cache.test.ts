import { expect, test } from 'vitest';
import type { ImageFrame, OpenedImage } from '../../imaging/presented/opened-image.ts';
import { FrameCache } from './frame-cache.ts';

const frameBytes = 100;

/** Files of ten frames of a hundred bytes each; `decoded` says which were, in order. */
function startCache(mostBytes: number) {
  const decoded: string[] = [];
  let pause: Promise<void> = Promise.resolve();
  const opened = (id: string) =>
    ({
      size: { width: 10, height: 10 },
      frames: 10,
      async decodeFrame(index) {
        await pause;
        decoded.push(`${id}${index}`);
        if (id === 'broken') throw new Error('damaged');
        return { bytes: frameBytes, windows: [], warnings: [] } as unknown as ImageFrame;
      },
    }) as OpenedImage;
  const cache = new FrameCache({ find: async id => opened(id) }, mostBytes);
  const at = (id: string, frame: number) => ({ id, file: new Blob(), frame });
  return {
    cache,
    decoded,
    at,
    hold() {
      let goOn: () => void = () => undefined;
      pause = new Promise(resolve => {
        goOn = resolve;
      });
      return () => goOn();
    },
  };
}

test('a frame is decoded once as long as it is kept, and the least recently used is given up', async () => {
  const { cache, decoded, at } = startCache(3 * frameBytes);
  for (const frame of [0, 1, 2, 0, 3, 0, 1]) await cache.find(at('a', frame));
  expect(decoded).toEqual(['a0', 'a1', 'a2', 'a3', 'a1']);
  expect(cache.kept).toEqual({ frames: 3, bytes: 300, decoded: 5 });
  cache.clear();
  expect(cache.kept).toMatchObject({ frames: 0, bytes: 0 });
});

test('one that is larger than the room stays until the next', async () => {
  const { cache, decoded, at } = startCache(frameBytes / 2);
  await cache.find(at('a', 0));
  await cache.find(at('a', 0));
  await cache.find(at('a', 1));
  expect(decoded).toEqual(['a0', 'a1']);
  expect(cache.kept.frames).toBe(1);
});

test('frames are prepared in their order, and stale ones dropped for those that are wanted now', async () => {
  const { cache, decoded, at, hold } = startCache(20 * frameBytes);
  const goOn = hold();
  cache.prepare([1, 2, 3].map(frame => at('a', frame)));
  // The first is being decoded.
  await new Promise(resolve => setTimeout(resolve, 20));
  cache.prepare([5, 6].map(frame => at('a', frame)));
  goOn();
  await expect.poll(() => decoded).toEqual(['a1', 'a5', 'a6']);
  await cache.find(at('a', 6));
  expect(decoded).toHaveLength(3);
});

test('what is to be shown goes before what is prepared', async () => {
  const { cache, decoded, at } = startCache(20 * frameBytes);
  cache.prepare([1, 2].map(frame => at('a', frame)));
  await cache.find(at('a', 7));
  expect(decoded).toEqual(['a7']);
  await expect.poll(() => decoded).toEqual(['a7', 'a1', 'a2']);
});

test('what is prepared takes half of the room at most, and none of what is shown', async () => {
  const { cache, decoded, at } = startCache(6 * frameBytes);
  await cache.find(at('a', 0));
  cache.prepare([1, 2, 3, 4, 5, 6, 7].map(frame => at('a', frame)));
  await expect.poll(() => decoded.length).toBe(5);
  await new Promise(resolve => setTimeout(resolve, 20));
  expect(decoded).toEqual(['a0', 'a1', 'a2', 'a3', 'a4']);
  await cache.find(at('a', 0));
  expect(decoded).toHaveLength(5);
});

test('what is damaged is told of each time, and does not stop what is prepared', async () => {
  const { cache, decoded, at } = startCache(6 * frameBytes);
  await expect(cache.find(at('broken', 0))).rejects.toThrow('damaged');
  await expect(cache.find(at('broken', 0))).rejects.toThrow('damaged');
  await expect(cache.find(at('a', 10))).rejects.toMatchObject({ reason: 'presentation-does-not-fit' });
  cache.prepare([at('broken', 1), at('a', 1)]);
  await expect.poll(() => decoded.at(-1)).toBe('a1');
  expect(cache.kept.frames).toBe(1);
});
