import { expect, test } from 'vitest';
import { chunksToTry, chunkTokensOf } from './chunk-tokens.ts';

const limits = { maxBufferBytes: 2 ** 30, maxBindingBytes: 2 ** 30 };

test('a GPU reads many tokens at once, and fewer where there is no room; other devices 128', () => {
  expect(chunksToTry({ ...limits, longChunks: true })).toEqual([512, 256, 128]);
  expect(chunksToTry(limits)).toEqual([128]);
});

test('what is asked for is what is planned, on any device', () => {
  for (const longChunks of [true, false]) {
    expect(chunkTokensOf({ ...limits, longChunks }, 256)).toBe(256);
    expect(chunksToTry({ ...limits, longChunks }, 256)).toEqual([256]);
  }
});
