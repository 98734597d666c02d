import { readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { openProcessor } from '../../../test/support/processor.ts';
import { readBuffer } from '../device/readback.ts';
import { createGather } from '../kernels/gather.ts';
import { allocateMatrix, writeRows } from '../kernels/matrix.ts';
import { createMatvec } from '../kernels/matvec.ts';
import { placements } from '../quant/gpu-formats.ts';
import type { ProcessorDevice } from './device.ts';

/** One block a format, from the numpy reference in the gguf package. */
const { dequant } = JSON.parse(
  readFileSync(new URL('../../../test/fixtures/golden/model-test-vectors.json', import.meta.url), 'utf8'),
) as { dequant: Record<string, { bytes_hex: string; values: number[] }> };
const blocks = Object.entries(dequant);

let device: ProcessorDevice | undefined;
afterEach(() => device?.destroy());

/** A row of the block, between rows of zeros. */
async function inPlanes(name: string, bytesHex: string, columns: number) {
  const placement = placements[name]!;
  const block = Buffer.from(bytesHex, 'hex');
  const rows = new Uint8Array(3 * block.length);
  rows.set(block, block.length);
  const matrix = await allocateMatrix(device!, name, 3, columns, placement.format);
  writeRows(device!, matrix, placement, rows, 0, 3);
  return matrix;
}

async function floatsOf(buffer: Parameters<typeof readBuffer>[1], count: number): Promise<Float32Array> {
  return new Float32Array(await readBuffer(device!, buffer, 4 * count));
}

// A lone operation may be rounded where the reference fuses it with the next.
it.each(blocks)(
  'the reference block of %s is read from its planes, also interleaved',
  async (name, block) => {
    const columns = block.values.length;
    const largest = Math.max(...block.values.map(Math.abs));
    for (const activationBits of [32, 8] as const) {
      device = await openProcessor(0, { activationBits });
      const matrix = await inPlanes(name, block.bytes_hex, columns);
      const ids = await device.memory.storage('ids', 4);
      device.write(ids, 0, new Uint32Array([1]));
      const x = { buffer: await device.memory.storage('x', 4 * columns), stride: columns };
      const commands = device.begin();
      commands.launch(await createGather(device, matrix, ids, x), { position: 0, tokens: 1 });
      commands.submit();
      const read = await floatsOf(x.buffer, columns);
      const off = block.values.map((value, i) => Math.abs(value - read[i]!));
      expect(Math.max(...off)).toBeLessThanOrEqual(largest * 2 ** -22);
      device.destroy();
    }
    device = undefined;
  },
);

it.each(blocks)(
  'the product of each column of the reference block of %s is its weight',
  async (name, block) => {
    const columns = block.values.length;
    const largest = Math.max(...block.values.map(Math.abs));
    device = await openProcessor();
    const matrix = await inPlanes(name, block.bytes_hex, columns);
    const x = await device.memory.storage('x', 4 * columns);
    const y = await device.memory.storage('y', 4 * 3);
    const product = await createMatvec(device, matrix, x, y);
    for (let column = 0; column < columns; column++) {
      device.write(
        x,
        0,
        Float32Array.from({ length: columns }, (_, i) => Number(i === column)),
      );
      const commands = device.begin();
      commands.launch(product, { position: 0, tokens: 1 });
      commands.submit();
      const [before, weight, after] = await floatsOf(y, 3);
      expect([before, after]).toEqual([0, 0]);
      // Scales and offsets are many times what is left of them.
      expect(Math.abs(weight! - block.values[column]!)).toBeLessThanOrEqual(largest * 2 ** -16);
    }
  },
);
