import { sampleNumbers } from '../../../quant/sample-blocks.ts';
import { createRmsNorm, rmsNormSpec } from '../../rms-norm.ts';
import { rmsNormTwin } from '../../twins.ts';
import { defineKernel, oneForm } from '../define-kernel.ts';

export const kernel = defineKernel({
  id: 'rms-norm',
  group: 'language',
  usedBy: ({ text }) => oneForm(text),
  words: () => ({ kernel: 'rms-norm', form: '' }),
  processor: { 'rms-norm': 'plain' },
  specs: (_, { variant }) => [
    rmsNormSpec(variant, false),
    rmsNormSpec(variant, true),
    rmsNormSpec(variant, false, true),
  ],
  timed: 'small problem',
  async problem(bench) {
    const columns = 1500;
    const [x, weight] = [sampleNumbers(columns, 3), sampleNumbers(columns, 4)];
    const xs = { buffer: await bench.buffer(x), stride: columns };
    const weights = await bench.buffer(weight);
    const state = await bench.state(0, 1);
    for (const [name, lastToken] of [
      ['rms-norm, last token', true],
      ['rms-norm', false],
    ] as const) {
      const ys = { buffer: await bench.space(columns), stride: columns };
      const options = { columns, epsilon: 1e-6, lastToken };
      const norm = await createRmsNorm(bench.device, xs, weights, ys, state, options);
      const launch = bench.run([norm], { position: 0, tokens: 1 });
      await bench.check(name, ys.buffer, rmsNormTwin(x, weight, 1e-6), 1e-4, launch);
    }
    const before = sampleNumbers(columns, 5);
    const sums = { buffer: await bench.buffer(before), stride: columns };
    const added = await createRmsNorm(bench.device, xs, weights, sums, state, {
      columns,
      epsilon: 1e-6,
      adds: true,
    });
    const launch = bench.run([added], { position: 0, tokens: 1 });
    const expected = rmsNormTwin(x, weight, 1e-6).map((value, i) => value + before[i]!);
    await bench.check('rms-norm, added', sums.buffer, expected, 1e-4, launch);
  },
});
