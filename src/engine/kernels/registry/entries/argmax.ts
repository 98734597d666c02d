import { sampleNumbers } from '../../../quant/sample-blocks.ts';
import { argmaxShapes, argmaxSpec, createArgmax } from '../../sample.ts';
import { topKTwin } from '../../twins.ts';
import { defineKernel, oneForm } from '../define-kernel.ts';

export const kernel = defineKernel({
  id: 'argmax',
  group: 'language',
  usedBy: ({ text }) => oneForm(text),
  words: () => ({ kernel: 'argmax', form: '' }),
  processor: { argmax: 'plain' },
  specs: () => [argmaxSpec('parts'), argmaxSpec('join')],
  timed: 'small problem',
  async problem(bench) {
    // Rows of two parts that begin anywhere in a vector of four.
    const logits = { count: 1500, stride: 1505, rows: 3 };
    const x = sampleNumbers(logits.rows * logits.stride, 3);
    const buffers = {
      ids: await bench.space(logits.rows),
      result: await bench.space(2 * logits.rows),
      ...(await bench.allocate(argmaxShapes(logits))),
    };
    const dispatches = await createArgmax(
      bench.device,
      { ...logits, buffer: await bench.buffer(x) },
      buffers,
    );
    const launch = bench.run(dispatches, { position: 0, tokens: 1 });
    const expected = Array.from({ length: logits.rows }, (_, row) => {
      const begins = row * logits.stride;
      return topKTwin(x.subarray(begins, begins + logits.count), 1)[0]!;
    });
    await bench.checkIds('argmax', buffers.result, expected, { first: 0, stride: 2 }, launch);
  },
});
