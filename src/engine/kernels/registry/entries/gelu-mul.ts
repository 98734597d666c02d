import { sampleNumbers } from '../../../quant/sample-blocks.ts';
import { createGeluMul, geluMulSpec } from '../../gelu-mul.ts';
import { geluMulTwin } from '../../twins.ts';
import { defineKernel, oneForm } from '../define-kernel.ts';
import { noise } from '../noise.ts';

export const kernel = defineKernel({
  id: 'gelu-mul',
  group: 'language',
  usedBy: ({ text }) => oneForm(text?.parts?.gelu),
  words: () => ({ kernel: 'gelu-mul', form: '' }),
  processor: { 'gelu-mul': 'plain' },
  specs: () => [geluMulSpec()],
  async problem(bench) {
    const columns = 1500;
    // As far as both ends of the curve.
    const x = sampleNumbers(columns, 3).map((value, i) => (i % 3 === 0 ? 20 * value : value));
    const up = sampleNumbers(columns, 4);
    const gate = await bench.buffer(x);
    const gelu = await createGeluMul(bench.device, gate, await bench.buffer(up), columns);
    bench.run([gelu], { position: 0, tokens: 1 });
    await bench.check('gelu-mul', gate, geluMulTwin(x, up), 1e-4);
  },
  // In place, so what it computes changes from run to run; its time does not.
  timed: (_, { tokens }) =>
    tokens.map(count => ({
      shape: { columns: 8192, tokens: count },
      describe: `8192 columns, ${count} tokens`,
      async prepare(device) {
        const values = count * 8192;
        const gate = await noise(device, values);
        const gelu = await createGeluMul(device, gate, await noise(device, values), 8192);
        const launches = { sets: [[gelu]], step: { position: 0, tokens: count } };
        return { launches, work: { bytes: 3 * 4 * values, flops: 9 * values } };
      },
    })),
});
