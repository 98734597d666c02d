import { sampleNumbers } from '../../../quant/sample-blocks.ts';
import { createPositions, positionsSpec } from '../../vision.ts';
import { positionsTwin } from '../../vision-twins.ts';
import { defineKernel, oneForm } from '../define-kernel.ts';
import { padRows, smallTiles } from '../small-tiles.ts';

export const kernel = defineKernel({
  id: 'positions',
  group: 'vision',
  usedBy: ({ vision }) => oneForm(vision),
  words: () => ({ kernel: 'positions', form: '' }),
  processor: { positions: 'plain' },
  specs: () => [positionsSpec()],
  timed: 'small problem',
  async problem(bench) {
    const { count, positions, hidden, stride } = smallTiles;
    const tokens = count * positions;
    const x = sampleNumbers(tokens * hidden, 9);
    const [classEmbedding, table] = [sampleNumbers(hidden, 10), sampleNumbers(positions * hidden, 11)];
    const rows = await bench.buffer(table);
    const state = await bench.state(0, tokens);
    for (const [name, first] of [
      ['positions', classEmbedding],
      ['positions without class token', undefined],
    ] as const) {
      const xs = { buffer: await bench.buffer(new Float32Array(padRows(x, hidden, stride))), stride };
      const embedding = first && (await bench.buffer(first));
      const adding = await createPositions(bench.device, xs, embedding, rows, state, { positions, hidden });
      const launch = bench.run([adding], { position: 0, tokens });
      const expected = padRows(positionsTwin(x, first, table), hidden, stride);
      await bench.check(name, xs.buffer, expected, 1e-5, launch);
    }
  },
});
