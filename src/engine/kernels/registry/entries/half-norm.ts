import type { GgmlTypeName } from '../../../quant/block-formats.ts';
import { placements } from '../../../quant/gpu-formats.ts';
import { productBits } from '../../../quant/product-bits.ts';
import { sampleNumbers } from '../../../quant/sample-blocks.ts';
import { createHalfNorm, halfNormedFloats, halfNormSpec } from '../../half-norm.ts';
import { createMatvec } from '../../matvec.ts';
import { linearTwin, rmsNormTwin, roundingTolerance, sampledTolerance } from '../../twins.ts';
import { defineKernel } from '../define-kernel.ts';

/** Of one token, for the product that ends it: tested through products of every type. */
export const kernel = defineKernel<GgmlTypeName>({
  id: 'half-norm',
  group: 'products',
  usedBy: ({ text }) => text?.types ?? [],
  words: type => ({ kernel: 'half-norm', form: `through products of ${type}` }),
  processor: { 'half-norm': 'plain' },
  specs: (_, { variant }) => [halfNormSpec(variant)],
  restsOn: ['matvec'],
  timed: 'small problem',
  async problem(bench, type) {
    const [rows, columns, epsilon] = [512, 256, 1e-6];
    const { device } = bench;
    const { matrix, weights } = await bench.matrix(type, rows, columns);
    const [x, weight] = [sampleNumbers(columns, 2), sampleNumbers(columns, 9)];
    const half = { columns, epsilon, sumVectors: 4 };
    // What is there, partial sums included, must be replaced.
    const into = { ...half, buffer: await bench.buffer(sampleNumbers(halfNormedFloats(half), 8)) };
    const y = await bench.space(rows);
    const launch = bench.run(
      [
        await createHalfNorm(device, await bench.buffer(x), await bench.buffer(weight), into),
        ...(await createMatvec(device, matrix, into, y)),
      ],
      { position: 0, tokens: 1 },
    );
    const normed = Float32Array.from(rmsNormTwin(x, weight, epsilon));
    const bits = productBits(placements[type]!.format.name, 'matvec', device.activationBits);
    const tolerance =
      4 * sampledTolerance(weights, normed, columns) + roundingTolerance(weights, normed, columns, bits);
    await bench.check('half-norm', y, linearTwin(weights, normed, rows, columns), tolerance, launch);
  },
});
