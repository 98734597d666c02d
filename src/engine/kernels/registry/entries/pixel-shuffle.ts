import { sampleNumbers } from '../../../quant/sample-blocks.ts';
import { createPixelShuffle, pixelShuffleSpec } from '../../vision.ts';
import { pixelShuffleTwin } from '../../vision-twins.ts';
import { defineKernel, oneForm } from '../define-kernel.ts';
import { padRows, smallTiles } from '../small-tiles.ts';

export const kernel = defineKernel({
  id: 'pixel-shuffle',
  group: 'vision',
  usedBy: ({ vision }) => oneForm(vision?.kinds.includes('intern-vit')),
  words: () => ({ kernel: 'pixel-shuffle', form: '' }),
  processor: { 'pixel-shuffle': 'plain' },
  specs: () => [pixelShuffleSpec()],
  timed: 'small problem',
  async problem(bench) {
    const { count, side, positions, hidden, stride } = smallTiles;
    const tokens = (count * side * side) / 4;
    const x = sampleNumbers(count * positions * hidden, 9);
    const xs = { buffer: await bench.buffer(new Float32Array(padRows(x, hidden, stride))), stride };
    const shuffled = { buffer: await bench.space(tokens * 4 * hidden), stride: 4 * hidden };
    const state = await bench.state(0, tokens);
    const shuffle = await createPixelShuffle(bench.device, xs, shuffled, state, { side, hidden });
    const launch = bench.run([shuffle], { position: 0, tokens });
    await bench.check('pixel-shuffle', shuffled.buffer, pixelShuffleTwin(x, side, hidden), 0, launch);
  },
});
