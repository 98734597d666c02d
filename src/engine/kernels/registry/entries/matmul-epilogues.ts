import type { GgmlTypeName } from '../../../quant/block-formats.ts';
import { placements } from '../../../quant/gpu-formats.ts';
import { productBits } from '../../../quant/product-bits.ts';
import { sampleNumbers } from '../../../quant/sample-blocks.ts';
import type { EncoderKind } from '../../../types/model.ts';
import { createMatmul, type EpilogueName, matmulSpecs } from '../../matmul.ts';
import { epilogueTwin, linearTwin, roundedTwin, sampledTolerance } from '../../twins.ts';
import { defineKernel } from '../define-kernel.ts';

interface EncoderProducts {
  type: GgmlTypeName;
  kind: EncoderKind;
}

const epilogues: Readonly<Record<EncoderKind, readonly EpilogueName[]>> = {
  'intern-vit': ['bias', 'bias-gelu', 'bias-scale-add'],
  siglip: ['bias', 'bias-gelu-tanh', 'bias-add'],
};

/** The products of an image encoder. */
export const kernel = defineKernel<EncoderProducts>({
  id: 'matmul-epilogues',
  group: 'vision',
  usedBy: ({ vision }) => (vision?.kinds ?? []).flatMap(kind => vision!.types.map(type => ({ type, kind }))),
  words: ({ type, kind }) => ({ kernel: `matmul ${type}, bias`, form: kind === 'siglip' ? kind : '' }),
  processor: { matmul: 'own' },
  specs: ({ type, kind }, { variant }) =>
    epilogues[kind].flatMap(name => matmulSpecs(placements[type]!.format, variant, name)),
  timed: 'small problem',
  async problem(bench, { type, kind }) {
    const [rows, columns, tokens] = [67, 256, 3];
    const { matrix, weights } = await bench.matrix(type, rows, columns);
    const x = sampleNumbers(tokens * columns, 2);
    // Without a product, what the last token shows is the epilogue to its last bits.
    x.fill(0, (tokens - 1) * columns);
    const xs = { buffer: await bench.buffer(x), stride: columns };
    const before = sampleNumbers(tokens * rows, 3);
    const bias = sampleNumbers(rows, 4).map(value => 2 * value);
    const layerScale = sampleNumbers(rows, 5);
    const state = await bench.state(0, tokens);
    const vectors = { bias: await bench.buffer(bias), layerScale: await bench.buffer(layerScale) };
    const bits = productBits(placements[type]!.format.name, 'matmul', bench.device.activationBits);
    const products = linearTwin(weights, roundedTwin(x, bits), rows, columns);
    const productTolerance = sampledTolerance(weights, x, columns);
    const largestScale = layerScale.reduce((most, value) => Math.max(most, Math.abs(value)), 1.13);
    const gelu = kind === 'siglip' ? 'tanh' : 'erf';
    const added = [
      'bias, added',
      { bias: vectors.bias, accumulate: true },
      { bias, accumulate: true },
    ] as const;
    const scaled = ['bias and layer scale', vectors, { bias, layerScale }] as const;
    for (const [name, use, twin] of [
      ['bias', { bias: vectors.bias }, { bias }] as const,
      ['bias and gelu', { bias: vectors.bias, gelu }, { bias, gelu }] as const,
      kind === 'siglip' ? added : scaled,
    ]) {
      const ys = { buffer: await bench.buffer(before), stride: rows };
      const matmul = await createMatmul(bench.device, matrix, xs, ys, state, { epilogue: use });
      const launch = bench.run(matmul, { position: 0, tokens });
      const expected = epilogueTwin(products, twin, before);
      const tolerance = (i: number) => (i < (tokens - 1) * rows ? largestScale * productTolerance : 0) + 1e-5;
      await bench.check(`matmul ${type}, ${name}`, ys.buffer, expected, tolerance, launch);
    }
  },
});
