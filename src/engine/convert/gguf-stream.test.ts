import { describe, expect, it } from 'vitest';
import { type CheckpointSize, makeCheckpoint } from '../../../test/support/checkpoint.ts';
import type { ByteSource } from '../formats/byte-source.ts';
import type { Quantisation } from '../types/quantisation.ts';
import { type GgufPlan, listReads, streamGguf } from './gguf-stream.ts';
import { planConversion } from './plan-conversion.ts';
import { plannedBytes } from './planned-tensor.ts';

async function collect(plan: GgufPlan, from?: number, to?: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of streamGguf(plan, { from, to })) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** One of each kind: around every tensor's first and last byte, within its rows, in the header and in the padding. */
function listOffsets(plan: GgufPlan): number[] {
  const offsets = [0, 1, plan.header.length - 1, plan.header.length, plan.bytes - 1, plan.bytes];
  let start = plan.header.length;
  for (const tensor of plan.tensors) {
    const bytes = plannedBytes(tensor);
    const end = start + Math.ceil(bytes / 32) * 32;
    offsets.push(start + 1, start + (bytes >> 1) + 1, start + bytes - 1, start + bytes, end - 1, end);
    start = end;
  }
  return [...new Set(offsets)].sort((a, b) => a - b);
}

/** The same checkpoint, with what is read of each source written down. */
function watchReads(plan: GgufPlan): { plan: GgufPlan; reads: { source: ByteSource; offset: number }[] } {
  const reads: { source: ByteSource; offset: number }[] = [];
  const watched = new Map<ByteSource, ByteSource>();
  const tensors = plan.tensors.map(tensor => {
    const { source } = tensor.source;
    const known = watched.get(source) ?? {
      bytes: source.bytes,
      read(offset: number, length: number) {
        reads.push({ source: known, offset });
        return source.read(offset, length);
      },
    };
    watched.set(source, known);
    return { ...tensor, source: { ...tensor.source, source: known } };
  });
  return { plan: { ...plan, tensors }, reads };
}

describe.each<[string, Partial<CheckpointSize>, Quantisation]>([
  ['Q8_0, queries, keys and values in one', { layers: 1, visionLayers: 1 }, 'Q8_0'],
  ['Q4_0 of a LLaMA in PyTorch files', { architecture: 'llama', hasVision: false, form: 'pytorch' }, 'Q4_0'],
  ['F16, rows that are no whole blocks', { hidden: 48, layers: 1, visionLayers: 1, shards: 2 }, 'F16'],
  [
    'Q4_K_M, blocks of 256 and of 32',
    { hidden: 256, feedForward: 288, layers: 1, visionLayers: 1 },
    'Q4_K_M',
  ],
  ['Q4_0, more rows than are read at once', { layers: 1, visionLayers: 1, vocabulary: 5000 }, 'Q4_0'],
])('a part of %s', (_what, size, type) => {
  it('is that part of the whole, wherever it begins and ends', async () => {
    const { folder, size: made } = makeCheckpoint(size);
    const { text, vision } = await planConversion(folder, { name: 'Test', type, withVision: made.hasVision });
    for (const plan of vision ? [text, vision] : [text]) {
      const whole = await collect(plan);
      const offsets = listOffsets(plan);
      for (const [i, from] of offsets.entries()) {
        for (const to of [offsets[i + 1] ?? plan.bytes, offsets[i + 9] ?? plan.bytes, from + 1000]) {
          const part = await collect(plan, from, to);
          expect(part.equals(whole.subarray(from, to)), `${from} to ${to}`).toBe(true);
        }
      }
    }
  });

  it('reads what is announced, and nothing that lies before or behind', async () => {
    const { folder } = makeCheckpoint(size);
    const { text } = await planConversion(folder, { name: 'Test', type, withVision: false });
    const { plan, reads } = watchReads(text);
    let partBytes = 0;
    const cuts = [0, 0.2, 0.21, 0.5, 0.8, 1].map(share => Math.floor(share * plan.bytes));
    for (const [i, to] of cuts.slice(1).entries()) {
      reads.length = 0;
      await collect(plan, cuts[i], to);
      const announced = [...listReads(plan, cuts[i]!, to)];
      expect(reads).toEqual(announced.map(({ source, offset }) => ({ source, offset })));
      partBytes += announced.reduce((sum, { bytes }) => sum + bytes, 0);
    }
    const all = [...listReads(plan, 0, plan.bytes)];
    const allBytes = all.reduce((sum, { bytes }) => sum + bytes, 0);
    // At each of the four cuts one group of rows is read twice.
    const largest = Math.max(...all.map(({ bytes }) => bytes));
    expect(partBytes).toBeLessThanOrEqual(allBytes + 4 * largest);
  });
});
