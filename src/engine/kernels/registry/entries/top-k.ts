import { sampleNumbers } from '../../../quant/sample-blocks.ts';
import { allocateShapes } from '../../buffer-shape.ts';
import { candidateCount, createTopK, topKShapes, topKSpec } from '../../sample.ts';
import { topKTwin } from '../../twins.ts';
import { defineKernel, oneForm } from '../define-kernel.ts';

export const kernel = defineKernel({
  id: 'top-k',
  group: 'language',
  usedBy: ({ text }) => oneForm(text),
  words: () => ({ kernel: 'top-k', form: '' }),
  processor: { 'top-k': 'plain' },
  specs: () => [topKSpec('from_logits'), topKSpec('from_candidates')],
  timed: 'small problem',
  async problem(bench) {
    // More than one pass.
    const count = 1500;
    const x = sampleNumbers(count, 3);
    const logits = await bench.buffer(x);
    const buffers = await allocateShapes(bench.device, topKShapes(count));
    const { dispatches, candidates } = await createTopK(bench.device, logits, count, buffers);
    const launch = bench.run(dispatches, { position: 0, tokens: 1 });
    await bench.checkIds('top-k', candidates, topKTwin(x, candidateCount), { first: 1, stride: 2 }, launch);
  },
});
