import { expect, test } from 'vitest';
import { achieved, copiesFor, decodeAttentionWork, encoderAttentionWork, productWork } from './work.ts';

test('a product reads its weights and input once and writes its output once', () => {
  // Q4_0: 18 bytes for 32 weights.
  const weightBytes = (5120 * 5120 * 18) / 32;
  expect(productWork(5120, 5120, 1, weightBytes)).toEqual({
    bytes: 14_745_600 + 2 * 5120 * 4,
    flops: 52_428_800,
  });
  expect(productWork(13824, 5120, 128, 0)).toEqual({
    bytes: 128 * (13824 + 5120) * 4,
    flops: 2 * 13824 * 5120 * 128,
  });
});

test('decode attention reads the cache and q and writes its output once', () => {
  const shape = { heads: 16, kvHeads: 8, headDim: 128 };
  expect(decodeAttentionWork(shape, 64, 2 * 64 * 8 * 128 * 2)).toEqual({
    bytes: 2 * 64 * 8 * 128 * 2 + 2 * 16 * 128 * 4,
    flops: 2 * (64 * 16 * 128) * 2,
  });
});

test('encoder attention is square in the positions', () => {
  const { flops } = encoderAttentionWork({ heads: 16, headDim: 64, positions: 1025 });
  expect(flops).toBe(4 * 1025 ** 2 * 1024);
});

test('rates are shares of what the device does, the stricter limit first', () => {
  const rates = { copyGBps: 100, multiplyAddGflops: 1000 };
  // 1 GB and 1 GFLOP in 20 ms: 50 GB/s, 50 GFLOP/s.
  const slow = achieved({ bytes: 1e9, flops: 1e9 }, 20, rates);
  expect(slow).toEqual({ GBps: 50, gflops: 50, ofCopy: 0.5, ofMultiplyAdd: 0.05, ofLimit: 0.5 });
  const computing = achieved({ bytes: 1e6, flops: 1e10 }, 20, rates);
  expect(computing.ofLimit).toBe(computing.ofMultiplyAdd);
});

test('copies take turns until the cache cannot hold them all, within reason', () => {
  expect(copiesFor(100, 0)).toBe(1);
  expect(copiesFor(100, 250)).toBe(3);
  expect(copiesFor(1000, 250)).toBe(1);
  expect(copiesFor(1, 1e9)).toBe(64);
});
