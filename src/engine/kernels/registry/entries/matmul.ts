import type { GgmlTypeName } from '../../../quant/block-formats.ts';
import { placements } from '../../../quant/gpu-formats.ts';
import {
  createGatedMatmul,
  createMatmul,
  createMembersMatmul,
  joinsProducts,
  matmulKind,
  matmulSpecs,
  tokensOfLaunches,
} from '../../matmul.ts';
import { tileClasses } from '../../matmul-tiles.ts';
import { defineKernel } from '../define-kernel.ts';
import { runGated, runMembers } from '../joined-problem.ts';
import { productCases } from '../product-cases.ts';
import { prepareProduct } from '../product-problem.ts';
import type { TestBench } from '../test-bench.ts';

export const kernel = defineKernel<GgmlTypeName>({
  id: 'matmul',
  group: 'products',
  usedBy: ({ text }) => text?.types ?? [],
  words: type => ({ kernel: `matmul ${type}`, form: '' }),
  processor: { matmul: 'own' },
  specs(type, { variant }) {
    const { format } = placements[type]!;
    const joined = joinsProducts(variant) ? (['gated', 'members'] as const) : [];
    return [
      ...(['store', 'add'] as const).flatMap(epilogue => matmulSpecs(format, variant, epilogue)),
      ...joined.flatMap(outputs => matmulSpecs(format, variant, 'store', outputs)),
    ];
  },
  candidates(type, { variant }) {
    const { format } = placements[type]!;
    const classes = tileClasses(matmulKind(format), variant);
    return joinsProducts(variant)
      ? [...classes, ...tileClasses(matmulKind(format, 'gated'), variant)]
      : classes;
  },
  timed: (types, scale) =>
    productCases(
      types,
      scale,
      tokens => tokens > 1,
      (device, matrix, { x, y, state }) => createMatmul(device, matrix, x, y, state),
    ),
  async problem(bench, type) {
    const { variant } = bench.device;
    const { format } = placements[type]!;
    for (const tokens of tokensOfLaunches(format, variant)) await plain(bench, type, tokens);
    if (!joinsProducts(variant)) return;
    for (const tokens of tokensOfLaunches(format, variant, 'gated')) {
      await runGated(bench, type, 'matmul', tokens, createGatedMatmul);
    }
    for (const tokens of tokensOfLaunches(format, variant, 'members')) {
      await runMembers(bench, type, 'matmul', tokens, createMembersMatmul);
    }
  },
});

/** Stored, then added once more. */
async function plain(bench: TestBench, type: GgmlTypeName, count: number): Promise<void> {
  const sizes = count > 3 ? ([70, 256] as const) : undefined;
  const problem = await prepareProduct(bench, type, 'matmul', count, sizes);
  const { matrix, rows, columns, tokens, x, twice, tolerance } = problem;
  const xs = { buffer: await bench.buffer(x), stride: columns };
  const ys = { buffer: await bench.space(tokens * rows), stride: rows };
  const state = await bench.state(0, tokens);
  for (const accumulate of [false, true]) {
    const matmul = await createMatmul(bench.device, matrix, xs, ys, state, { accumulate });
    bench.run(matmul, { position: 0, tokens });
  }
  const name = count > 3 ? `matmul ${type}, ${tokens} tokens` : `matmul ${type}`;
  await bench.check(name, ys.buffer, twice, tolerance);
}
