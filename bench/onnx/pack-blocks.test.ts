import { describe, expect, test } from 'vitest';
import { GgmlType } from '../../src/engine/quant/block-formats.ts';
import { dequantizeTensor } from '../../src/engine/quant/dequantize.ts';
import { sampleTensorBytes } from '../../src/engine/quant/sample-blocks.ts';
import { packForMatMulNBits } from './pack-blocks.ts';

describe.each(['Q4_0', 'Q8_0'] as const)('%s', type => {
  test('holds the same weights in the order of MatMulNBits', () => {
    const blocks = sampleTensorBytes(type, 32 * 50, 3);
    const expected = dequantizeTensor(GgmlType[type], blocks);
    const { bits, quants, scales } = packForMatMulNBits(type, blocks);
    const weights = Float32Array.from({ length: expected.length }, (_, i) => {
      const quant = bits === 8 ? quants[i]! : (quants[i >> 1]! >> (4 * (i & 1))) & 15;
      return (quant - (1 << (bits - 1))) * scales[i >> 5]!;
    });
    expect(weights).toEqual(expected);
  });
});
