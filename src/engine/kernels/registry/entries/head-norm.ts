import { sampleNumbers } from '../../../quant/sample-blocks.ts';
import { createHeadNorm, type HeadNormShape, headNormSpec } from '../../head-norm.ts';
import { rmsNormTwin } from '../../twins.ts';
import { defineKernel } from '../define-kernel.ts';

export const kernel = defineKernel<HeadNormShape>({
  id: 'head-norm',
  group: 'language',
  usedBy: ({ text }) => {
    if (!text?.parts?.headNorms) return [];
    return text.attention.map(({ heads, kvHeads, headDim }) => ({ heads, kvHeads, headDim }));
  },
  words: ({ heads, kvHeads, headDim }) => ({
    kernel: 'head-norm',
    form: `${heads} and ${kvHeads} heads of ${headDim}`,
  }),
  processor: { 'head-norm': 'plain' },
  specs: (shape, { variant }) => [headNormSpec(shape, variant)],
  timed: 'small problem',
  async problem(bench, shape) {
    const tokens = 3;
    const { heads, kvHeads, headDim } = shape;
    const [q, k] = [sampleNumbers(tokens * heads * headDim, 3), sampleNumbers(tokens * kvHeads * headDim, 4)];
    const [qWeight, kWeight] = [sampleNumbers(headDim, 5), sampleNumbers(headDim, 6)];
    const buffers = { q: await bench.buffer(q), k: await bench.buffer(k) };
    const weights = { q: await bench.buffer(qWeight), k: await bench.buffer(kWeight) };
    const norm = await createHeadNorm(
      bench.device,
      shape,
      buffers,
      weights,
      await bench.state(0, tokens),
      1e-6,
    );
    const launch = bench.run([norm], { position: 0, tokens });
    await bench.check('head-norm', buffers.q, rmsNormTwin(q, qWeight, 1e-6), 1e-4, launch);
    await bench.check('head-norm', buffers.k, rmsNormTwin(k, kWeight, 1e-6), 1e-4, launch);
  },
});
