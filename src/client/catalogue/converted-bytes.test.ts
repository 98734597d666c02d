import { expect, it } from 'vitest';
import { makeCheckpoint } from '../../../test/support/checkpoint.ts';
import { planConversion } from '../../engine/convert/plan-conversion.ts';
import { quantisations } from '../../engine/types/quantisation.ts';
import { convertedBytesOfWeight, convertedTextBytes } from './converted-bytes.ts';

it.each(quantisations)('in %s the size is that of the file, but for norms and vocabulary', async type => {
  const { folder, size, tensors } = makeCheckpoint({
    ...{ architecture: 'llama', hasVision: false, layers: 9, hidden: 256, feedForward: 512, vocabulary: 320 },
  });
  const { text } = await planConversion(folder, { name: 'T', type, withVision: false });
  const matrices = text.tensors.filter(({ shape }) => shape.length === 2);
  const { layers, hidden: embedding, feedForward, heads, kvHeads, vocabulary } = size;
  const parameterCount = [...tensors.values()].reduce((sum, { values }) => sum + values.length, 0);
  const estimated = convertedTextBytes(
    {
      parameterCount,
      shape: { layers, embedding, feedForward, heads, kvHeads },
      vocabulary: { pieces: vocabulary },
    },
    type,
  );
  const vectorBytes = (2 * layers + 1) * embedding * 4;
  expect(matrices).toHaveLength(2 + 7 * layers);
  expect(estimated).toBe(text.bytes - text.header.length - vectorBytes);
});

it('a weight takes less from each precision to the next', () => {
  const bits = quantisations.map(type => 8 * convertedBytesOfWeight(type));
  expect(bits.map(each => Number(each.toFixed(1)))).toEqual([16, 8.5, 6.6, 5.7, 4.8, 4.5, 3.9, 3]);
});
