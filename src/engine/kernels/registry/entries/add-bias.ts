import { sampleNumbers } from '../../../quant/sample-blocks.ts';
import { addBiasSpec, createAddBias, type ProjectionWidths } from '../../add-bias.ts';
import { defineKernel } from '../define-kernel.ts';

export const kernel = defineKernel<ProjectionWidths>({
  id: 'add-bias',
  group: 'language',
  usedBy: ({ text }) => {
    if (!text?.parts?.qkvBias) return [];
    return text.attention.map(({ heads, kvHeads, headDim }) => ({
      q: heads * headDim,
      kv: kvHeads * headDim,
    }));
  },
  words: ({ q, kv }) => ({ kernel: 'add-bias', form: `${q} and twice ${kv} numbers` }),
  processor: { 'add-bias': 'plain' },
  specs: widths => [addBiasSpec(widths)],
  timed: 'small problem',
  async problem(bench, { q, kv }) {
    const tokens = 3;
    const widths = { q, k: kv, v: kv };
    const numbers = (name: keyof typeof widths, count: number, seed: number) =>
      sampleNumbers(count * widths[name], seed + name.charCodeAt(0));
    const names = ['q', 'k', 'v'] as const;
    const x = { q: numbers('q', tokens, 1), k: numbers('k', tokens, 1), v: numbers('v', tokens, 1) };
    const bias = { q: numbers('q', 1, 2), k: numbers('k', 1, 2), v: numbers('v', 1, 2) };
    const buffersOf = async (of: typeof x) => ({
      q: await bench.buffer(of.q),
      k: await bench.buffer(of.k),
      v: await bench.buffer(of.v),
    });
    const buffers = await buffersOf(x);
    const add = await createAddBias(
      bench.device,
      { q, kv },
      buffers,
      await buffersOf(bias),
      await bench.state(0, tokens),
    );
    const launch = bench.run([add], { position: 0, tokens });
    for (const name of names) {
      const expected = Float64Array.from(x[name], (value, i) => value + bias[name][i % widths[name]]!);
      await bench.check('add-bias', buffers[name], expected, 1e-5, launch);
    }
  },
});
