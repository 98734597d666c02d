import { createPatches, patchesSpec } from '../../vision.ts';
import { patchesTwin } from '../../vision-twins.ts';
import { defineKernel, oneForm } from '../define-kernel.ts';
import { padRows, smallTiles } from '../small-tiles.ts';

export const kernel = defineKernel({
  id: 'patches',
  group: 'vision',
  usedBy: ({ vision }) => oneForm(vision),
  words: () => ({ kernel: 'patches', form: '' }),
  processor: { patches: 'plain' },
  specs: () => [patchesSpec()],
  timed: 'small problem',
  async problem(bench) {
    const { count, tile, patch, side } = smallTiles;
    const pixels = Uint8Array.from({ length: count * tile * tile * 3 }, (_, i) => (i * 167) % 256);
    const cut = { tile, patch, mean: [0.5, 0.4, 0.3], std: [0.2, 0.3, 0.4] } as const;
    const words = await bench.buffer(new Uint32Array(pixels.buffer));
    for (const [name, hasClass] of [
      ['patches', true],
      ['patches without class token', false],
    ] as const) {
      const tokens = count * (side * side + Number(hasClass));
      const patches = { buffer: await bench.space(tokens * 32), stride: 32 };
      const state = await bench.state(0, tokens);
      const shape = { ...cut, hasClass };
      const cutting = await createPatches(bench.device, words, patches, state, shape);
      const launch = bench.run([cutting], { position: 0, tokens });
      await bench.check(name, patches.buffer, padRows(patchesTwin(pixels, shape), 27, 32), 1e-5, launch);
    }
  },
});
