import { sampleNumbers } from '../../../quant/sample-blocks.ts';
import { candidateCount, createTopK, topKShapes, topKSpec } from '../../sample.ts';
import { topKTwin } from '../../twins.ts';
import { defineKernel, oneForm } from '../define-kernel.ts';

export const kernel = defineKernel({
  id: 'top-k',
  group: 'language',
  usedBy: ({ text }) => oneForm(text),
  words: () => ({ kernel: 'top-k', form: '' }),
  processor: { 'top-k': 'plain' },
  specs: (_, { variant }) => [topKSpec(variant, 'from_logits'), topKSpec(variant, 'from_candidates')],
  timed: 'small problem',
  async problem(bench) {
    // More than one pass, and more than one row.
    const logits = { count: 1500, stride: 1505, rows: 2 };
    const x = sampleNumbers(logits.rows * logits.stride, 3);
    const buffers = await bench.allocate(topKShapes(logits));
    const { dispatches, candidates } = await createTopK(
      bench.device,
      { ...logits, buffer: await bench.buffer(x) },
      buffers,
    );
    const launch = bench.run(dispatches, { position: 0, tokens: 1 });
    const expected = Array.from({ length: logits.rows }, (_, row) => {
      const begins = row * logits.stride;
      return topKTwin(x.subarray(begins, begins + logits.count), candidateCount);
    });
    await bench.checkIds('top-k', candidates, expected.flat(), { first: 1, stride: 2 }, launch);
  },
});
