import { sampleNumbers } from '../../../quant/sample-blocks.ts';
import { createSiluMul, siluMulSpec } from '../../silu-mul.ts';
import { siluMulTwin } from '../../twins.ts';
import { defineKernel, oneForm } from '../define-kernel.ts';
import { noise } from '../noise.ts';

export const kernel = defineKernel({
  id: 'silu-mul',
  group: 'language',
  usedBy: ({ text }) => oneForm(text),
  words: () => ({ kernel: 'silu-mul', form: '' }),
  processor: { 'silu-mul': 'plain' },
  specs: () => [siluMulSpec()],
  async problem(bench) {
    const columns = 1500;
    const [x, weight] = [sampleNumbers(columns, 3), sampleNumbers(columns, 4)];
    const gate = await bench.buffer(x);
    const silu = await createSiluMul(bench.device, gate, await bench.buffer(weight), columns);
    bench.run([silu], { position: 0, tokens: 1 });
    await bench.check('silu-mul', gate, siluMulTwin(x, weight), 1e-4);
  },
  // In place, so what it computes changes from run to run; its time does not.
  timed: (_, { tokens }) =>
    tokens.map(count => ({
      shape: { columns: 8192, tokens: count },
      describe: `8192 columns, ${count} tokens`,
      async prepare(device) {
        const values = count * 8192;
        const gate = await noise(device, values);
        const silu = await createSiluMul(device, gate, await noise(device, values), 8192);
        const launches = { sets: [[silu]], step: { position: 0, tokens: count } };
        return { launches, work: { bytes: 3 * 4 * values, flops: 5 * values } };
      },
    })),
});
