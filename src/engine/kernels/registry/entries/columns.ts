import type { EngineDevice, Variant } from '../../../device/device.ts';
import type { GgmlTypeName } from '../../../quant/block-formats.ts';
import { placements } from '../../../quant/gpu-formats.ts';
import {
  type ColumnsForm,
  columnCounts,
  columnsCandidates,
  columnsForms,
  columnsKind,
  columnsSpec,
  createColumns,
  createGatedColumns,
  createMembersColumns,
  joinedColumnsForms,
  mostColumns,
} from '../../columns.ts';
import { createMatmul, joinsProducts } from '../../matmul.ts';
import { hasColumns } from '../../product.ts';
import { defineKernel } from '../define-kernel.ts';
import { runGated, runMembers } from '../joined-problem.ts';
import { productCases } from '../product-cases.ts';
import { prepareProduct } from '../product-problem.ts';

/** Products of few tokens, on GPUs; elsewhere the matmul computes them as well, and its is the problem. */
export const kernel = defineKernel<GgmlTypeName>({
  id: 'columns',
  group: 'products',
  usedBy: ({ text }) => text?.types ?? [],
  words: type => ({ kernel: `columns ${type}`, form: '' }),
  processor: { columns: 'own' },
  specs: (type, { variant }) =>
    formsOn(variant).flatMap(form =>
      columnCounts.map(tokens => columnsSpec(placements[type]!.format, variant, form, tokens)),
    ),
  candidates(type, { variant }) {
    const kinds = formsOn(variant).flatMap(({ joined }) =>
      columnCounts.map(tokens => columnsKind(placements[type]!.format, tokens, joined)),
    );
    return [...new Set(kinds)].map(kind => ({ kind, names: columnsCandidates }));
  },
  timed: (types, scale) =>
    productCases(
      types,
      { ...scale, tokens: timedTokens(scale.tokens) },
      isFew,
      (device, matrix, { x, y, state }) => fewTokens(device)(device, matrix, x, y, state),
    ),
  async problem(bench, type) {
    const { device } = bench;
    const { matrix, rows, columns, x, twice, tolerance } = await prepareProduct(bench, type, 'matmul', 7);
    const xs = { buffer: await bench.buffer(x), stride: columns };
    // Each kernel has one token to spare.
    for (const tokens of [7, 3, 1]) {
      const ys = { buffer: await bench.space(tokens * rows), stride: rows };
      const state = await bench.state(0, tokens);
      // Stored, then added once more.
      for (const accumulate of [false, true]) {
        const products = await fewTokens(device)(device, matrix, xs, ys, state, { accumulate });
        bench.run(products, { position: 0, tokens });
      }
      const name = tokens === 7 ? `columns ${type}` : `columns ${type}, ${tokens} tokens`;
      await bench.check(name, ys.buffer, twice.subarray(0, tokens * rows), tolerance);
    }
    if (!hasJoined(device.variant)) return;
    for (const tokens of [7, 3, 1]) {
      await runGated(bench, type, 'columns', tokens, createGatedColumns);
      await runMembers(bench, type, 'columns', tokens, createMembersColumns);
    }
  },
});

const hasJoined = (variant: Variant) => hasColumns(variant) && joinsProducts(variant);

/** What such a device may multiply few tokens by. */
function formsOn(variant: Variant): readonly ColumnsForm[] {
  if (!hasColumns(variant)) return [];
  return hasJoined(variant) ? [...columnsForms, ...joinedColumnsForms] : columnsForms;
}

const isFew = (tokens: number) => tokens > 1 && tokens <= mostColumns;

function timedTokens(tokens: readonly number[]): readonly number[] {
  return tokens.some(isFew) ? tokens : [4];
}

/** What products of few tokens are made with: a processor has its matmul by either name. */
function fewTokens({ variant, report }: EngineDevice): typeof createColumns {
  return hasColumns(variant) || report.kind === 'processor' ? createColumns : createMatmul;
}
