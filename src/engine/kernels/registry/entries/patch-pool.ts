import { sampleNumbers } from '../../../quant/sample-blocks.ts';
import { createPatchPool, patchPoolSpec } from '../../vision.ts';
import { patchPoolTwin } from '../../vision-twins.ts';
import { defineKernel, oneForm } from '../define-kernel.ts';
import { padRows, smallTiles } from '../small-tiles.ts';

export const kernel = defineKernel({
  id: 'patch-pool',
  group: 'vision',
  usedBy: ({ vision }) => oneForm(vision?.kinds.includes('siglip')),
  words: () => ({ kernel: 'patch-pool', form: '' }),
  processor: { 'patch-pool': 'plain' },
  specs: () => [patchPoolSpec()],
  timed: 'small problem',
  async problem(bench) {
    const { count, side, hidden, stride } = smallTiles;
    const factor = 2;
    const tokens = (count * side * side) / factor ** 2;
    const x = sampleNumbers(count * side * side * hidden, 9);
    const xs = { buffer: await bench.buffer(new Float32Array(padRows(x, hidden, stride))), stride };
    const pooled = { buffer: await bench.space(tokens * stride), stride };
    const state = await bench.state(0, tokens);
    const pool = await createPatchPool(bench.device, xs, pooled, state, { side, factor, hidden });
    const launch = bench.run([pool], { position: 0, tokens });
    const expected = padRows(patchPoolTwin(x, side, factor, hidden), hidden, stride);
    await bench.check('patch-pool', pooled.buffer, expected, 1e-5, launch);
  },
});
