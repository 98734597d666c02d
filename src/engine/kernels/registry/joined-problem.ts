import type { EngineDevice } from '../../device/device.ts';
import type { Dispatch } from '../../device/dispatch.ts';
import type { DeviceBuffer } from '../../device/memory.ts';
import type { GgmlTypeName } from '../../quant/block-formats.ts';
import type { JoinedMatrix } from '../joined-matrix.ts';
import type { JoinedRows, OutputRows } from '../matmul.ts';
import type { Rows } from '../rows.ts';
import { siluMulTolerance, siluMulTwin } from '../twins.ts';
import { prepareProduct } from './product-problem.ts';
import type { TestBench } from './test-bench.ts';

/** What makes the launches of a product with joined matrices. */
type Create<Output> = (
  device: EngineDevice,
  joined: JoinedMatrix,
  x: Rows,
  y: Output,
  state: DeviceBuffer,
) => Promise<Dispatch[]>;

/** A small gated product of so many tokens, compared with its twin's. `kernel`: whose it is, by name. */
export async function runGated(
  bench: TestBench,
  type: GgmlTypeName,
  kernel: string,
  tokens: number,
  create: Create<OutputRows>,
): Promise<void> {
  const rows = 33;
  const { joined, products, xs, state, tolerance } = await prepareJoined(bench, type, tokens, [
    [0, rows],
    [37, rows],
  ]);
  const ys = { buffer: await bench.space(tokens * rows), stride: rows };
  bench.run(await create(bench.device, joined, xs, ys, state), { position: 0, tokens });
  const [gate, up] = products.map(values => Float32Array.from(values));
  const expected = siluMulTwin(gate!, up!);
  await bench.check(
    `${kernel} ${type}, gated, ${tokens} tokens`,
    ys.buffer,
    expected,
    siluMulTolerance(gate!, up!, tolerance),
  );
}

/** The same of three matrices, each into an output of its own. */
export async function runMembers(
  bench: TestBench,
  type: GgmlTypeName,
  kernel: string,
  tokens: number,
  create: Create<JoinedRows>,
): Promise<void> {
  const stretches = [
    [0, 20],
    [25, 30],
    [60, 7],
  ] as const;
  const { joined, products, xs, state, tolerance } = await prepareJoined(bench, type, tokens, stretches);
  // The outputs in another order than the rows, with room between them and between the rows of one, that stays as it is.
  const outputs = [
    { start: tokens * 40 + 8, stride: 20 },
    { start: 0, stride: 33 },
    { start: tokens * 33 + 4, stride: 7 },
  ];
  const expected = new Float64Array(tokens * 60 + 8);
  for (const [i, { start, stride }] of outputs.entries()) {
    const count = stretches[i]![1];
    for (let token = 0; token < tokens; token++) {
      expected.set(products[i]!.subarray(token * count, (token + 1) * count), start + token * stride);
    }
  }
  const buffer = await bench.space(expected.length);
  const launches = await create(bench.device, joined, xs, { buffer, rows: outputs }, state);
  bench.run(launches, { position: 0, tokens });
  await bench.check(`${kernel} ${type}, each to its own, ${tokens} tokens`, buffer, expected, tolerance);
}

/** A matrix as if these stretches of its rows were joined matrices. */
async function prepareJoined(
  bench: TestBench,
  type: GgmlTypeName,
  tokens: number,
  stretches: readonly (readonly [start: number, rows: number])[],
) {
  const problem = await prepareProduct(bench, type, 'matmul', tokens, [70, 256]);
  const { matrix, rows, columns, twice, tolerance } = problem;
  const joined: JoinedMatrix = {
    whole: matrix,
    members: stretches.map(([, rows]) => ({ ...matrix, rows })),
    starts: stretches.map(([start]) => start),
  };
  const products = stretches.map(([start, count]) => {
    return Float64Array.from({ length: tokens * count }, (_, i) => {
      return twice[Math.floor(i / count) * rows + start + (i % count)]! / 2;
    });
  });
  return {
    joined,
    products,
    xs: { buffer: await bench.buffer(problem.x), stride: columns },
    state: await bench.state(0, tokens),
    tolerance: tolerance / 2,
  };
}
