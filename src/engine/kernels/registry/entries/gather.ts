import type { GgmlTypeName } from '../../../quant/block-formats.ts';
import { placements } from '../../../quant/gpu-formats.ts';
import { createGather, gatherSpec } from '../../gather.ts';
import { defineKernel } from '../define-kernel.ts';
import { prepareProduct } from '../product-problem.ts';

export const kernel = defineKernel<GgmlTypeName>({
  id: 'gather',
  group: 'products',
  usedBy: ({ text }) => text?.embeddings ?? [],
  words: type => ({ kernel: `gather ${type}`, form: '' }),
  processor: { gather: 'plain' },
  specs: type => [gatherSpec(placements[type]!.format)],
  timed: 'small problem',
  async problem(bench, type) {
    const { matrix, weights, rows, columns, tolerance } = await prepareProduct(bench, type);
    const ids = await bench.buffer(new Uint32Array([rows - 1]));
    const x = { buffer: await bench.space(columns), stride: columns };
    const gather = await createGather(bench.device, matrix, ids, x, 2);
    const launch = bench.run(gather, { position: 0, tokens: 1 });
    const row = Float64Array.from(weights.subarray((rows - 1) * columns), weight => 2 * weight);
    await bench.check(`gather ${type}`, x.buffer, row, tolerance, launch);
  },
});
