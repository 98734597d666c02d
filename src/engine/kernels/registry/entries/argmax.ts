import { sampleNumbers } from '../../../quant/sample-blocks.ts';
import { argmaxSpec, createArgmax } from '../../sample.ts';
import { topKTwin } from '../../twins.ts';
import { defineKernel, oneForm } from '../define-kernel.ts';

export const kernel = defineKernel({
  id: 'argmax',
  group: 'language',
  usedBy: ({ text }) => oneForm(text),
  words: () => ({ kernel: 'argmax', form: '' }),
  processor: { argmax: 'plain' },
  specs: () => [argmaxSpec()],
  timed: 'small problem',
  async problem(bench) {
    const count = 1500;
    const x = sampleNumbers(count, 3);
    const logits = await bench.buffer(x);
    const result = await bench.space(2);
    const argmax = await createArgmax(bench.device, logits, await bench.space(1), result, count);
    const launch = bench.run([argmax], { position: 0, tokens: 1 });
    await bench.checkIds('argmax', result, topKTwin(x, 1), { first: 0, stride: 1 }, launch);
  },
});
