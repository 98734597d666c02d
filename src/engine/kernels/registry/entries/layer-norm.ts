import { sampleNumbers } from '../../../quant/sample-blocks.ts';
import { createLayerNorm, layerNormSpec } from '../../layer-norm.ts';
import { layerNormTwin } from '../../twins.ts';
import { defineKernel, oneForm } from '../define-kernel.ts';

export const kernel = defineKernel({
  id: 'layer-norm',
  group: 'vision',
  usedBy: ({ vision }) => oneForm(vision),
  words: () => ({ kernel: 'layer-norm', form: '' }),
  processor: { 'layer-norm': 'plain' },
  specs: (_, { variant }) => [layerNormSpec(variant)],
  timed: 'small problem',
  async problem(bench) {
    const [columns, tokens] = [1500, 3];
    const x = sampleNumbers(tokens * columns, 6).map(value => value + 2);
    const [weight, bias] = [sampleNumbers(columns, 7), sampleNumbers(columns, 8)];
    const xs = { buffer: await bench.buffer(x), stride: columns };
    const ys = { buffer: await bench.space(x.length), stride: columns };
    const [weights, biases] = [await bench.buffer(weight), await bench.buffer(bias)];
    const options = { columns, epsilon: 1e-6 };
    const state = await bench.state(0, tokens);
    const norm = await createLayerNorm(bench.device, xs, weights, biases, ys, state, options);
    const launch = bench.run([norm], { position: 0, tokens });
    const expected = layerNormTwin(x, weight, bias, options.epsilon);
    await bench.check('layer-norm', ys.buffer, expected, 1e-4, launch);
  },
});
