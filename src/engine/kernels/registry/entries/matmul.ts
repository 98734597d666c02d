import type { GgmlTypeName } from '../../../quant/block-formats.ts';
import { placements } from '../../../quant/gpu-formats.ts';
import { createMatmul, matmulSpec } from '../../matmul.ts';
import { defineKernel } from '../define-kernel.ts';
import { productCases } from '../product-cases.ts';
import { prepareProduct } from '../product-problem.ts';

export const kernel = defineKernel<GgmlTypeName>({
  id: 'matmul',
  group: 'products',
  usedBy: ({ text }) => text?.types ?? [],
  words: type => ({ kernel: `matmul ${type}`, form: '' }),
  processor: { matmul: 'own' },
  specs: (type, { variant }) =>
    (['store', 'add'] as const).map(epilogue => matmulSpec(placements[type]!.format, variant, epilogue)),
  timed: (types, scale) =>
    productCases(
      types,
      scale,
      tokens => tokens > 1,
      (device, matrix, { x, y, state }) => createMatmul(device, matrix, x, y, state),
    ),
  async problem(bench, type) {
    const { matrix, rows, columns, tokens, x, twice, tolerance } = await prepareProduct(bench, type);
    const xs = { buffer: await bench.buffer(x), stride: columns };
    const ys = { buffer: await bench.space(tokens * rows), stride: rows };
    const state = await bench.state(0, tokens);
    // Stored, then added once more.
    for (const accumulate of [false, true]) {
      const matmul = await createMatmul(bench.device, matrix, xs, ys, state, { accumulate });
      bench.run(matmul, { position: 0, tokens });
    }
    await bench.check(`matmul ${type}`, ys.buffer, twice, tolerance);
  },
});
