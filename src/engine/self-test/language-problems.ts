import {
  type AttentionShape,
  allocateDecodeScratch,
  createAttentionDecode,
  createAttentionPrefill,
  createRopeAppend,
} from '../kernels/attention.ts';
import { storedTwin } from '../kernels/attention-twins.ts';
import { cacheBytes } from '../kernels/cache-format.ts';
import { createGather } from '../kernels/gather.ts';
import { createHalfNorm, halfNormedFloats } from '../kernels/half-norm.ts';
import { createMatmul } from '../kernels/matmul.ts';
import { createGatedMatvec, createMatvec, matvecRowsPerWorkgroup } from '../kernels/matvec.ts';
import type { KernelProblem, SelfTestBench } from '../kernels/registry/test-bench.ts';
import { createRmsNorm } from '../kernels/rms-norm.ts';
import { rotationTable } from '../kernels/rotation-table.ts';
import { candidateCount, createArgmax, createTopK } from '../kernels/sample.ts';
import { createSiluMul } from '../kernels/silu-mul.ts';
import {
  attentionTwin,
  linearTwin,
  rmsNormTwin,
  ropeTwin,
  sampledTolerance,
  siluMulTolerance,
  siluMulTwin,
  topKTwin,
} from '../kernels/twins.ts';
import type { GgmlTypeName } from '../quant/block-formats.ts';
import { sampleNumbers } from '../quant/sample-blocks.ts';

/** The small problems of a language model's kernels. `types`: of its matrices. */
export function languageProblems(
  types: Iterable<GgmlTypeName>,
  shape: Omit<AttentionShape, 'pages'>,
): KernelProblem[] {
  return [...[...types].flatMap(productProblems), ...elementwiseProblems, attentionProblem(shape)];
}

/** Of matrices in one format of the file. */
export function productProblems(type: GgmlTypeName): KernelProblem[] {
  return [
    { name: `products of ${type}`, run: bench => linear(bench, type) },
    { name: `products of ${type} within a norm`, run: bench => halfNormed(bench, type) },
  ];
}

export const elementwiseProblems: readonly KernelProblem[] = [
  { name: 'norms, activations and the choice of a token', run: elementwise },
];

export function attentionProblem(shape: Omit<AttentionShape, 'pages'>): KernelProblem {
  return { name: 'attention', run: bench => attention(bench, shape) };
}

async function linear(bench: SelfTestBench, type: GgmlTypeName): Promise<void> {
  // Long enough that every lane of a workgroup has something to add.
  const [rows, columns, tokens] = [9, 2048, 3];
  const { matrix, weights } = await bench.matrix(type, rows, columns);
  const x = sampleNumbers(tokens * columns, 2);
  const xs = { buffer: await bench.buffer(x), stride: columns };
  const one = await bench.space(rows);
  const many = { buffer: await bench.space(tokens * rows), stride: rows };
  const gathered = { buffer: await bench.space(columns), stride: columns };
  const state = await bench.state(0, tokens);
  const ids = await bench.buffer(new Uint32Array([rows - 1]));
  // Stored, then added once more: both forms of each product.
  for (const accumulate of [false, true]) {
    const matvec = await createMatvec(bench.device, matrix, xs.buffer, one, { accumulate });
    bench.run(matvec, { position: 0, tokens: 1 });
    const matmul = await createMatmul(bench.device, matrix, xs, many, state, { accumulate });
    bench.run(matmul, { position: 0, tokens });
  }
  const gather = await createGather(bench.device, matrix, ids, gathered);
  const gathering = bench.run(gather, { position: 0, tokens: 1 });
  const expected = linearTwin(weights, x, rows, columns).map(value => 2 * value);
  const tolerance = 2 * sampledTolerance(weights, x, columns);
  await bench.check(`matvec ${type}`, one, expected.subarray(0, rows), tolerance);
  await bench.check(`matmul ${type}`, many.buffer, expected, tolerance);
  const row = Float64Array.from(weights.subarray((rows - 1) * columns));
  await bench.check(`gather ${type}`, gathered.buffer, row, tolerance, gathering);
}

/** The products that begin and end a norm: y += W x, then W RMSNorm(y) and the gated product of it. */
async function halfNormed(bench: SelfTestBench, type: GgmlTypeName): Promise<void> {
  // More than one workgroup, whose partial sums are all needed.
  const [rows, columns, epsilon] = [512, 256, 1e-6];
  const [adding, reading] = [
    await bench.matrix(type, rows, columns),
    await bench.matrix(type, 9, rows),
  ] as const;
  const { device } = bench;
  const [x, before, weight] = [sampleNumbers(columns, 2), sampleNumbers(rows, 8), sampleNumbers(rows, 9)];
  const half = {
    columns: rows,
    epsilon,
    sumVectors: Math.ceil(rows / matvecRowsPerWorkgroup(device.variant) / 4),
  };
  const into = { ...half, buffer: await bench.space(halfNormedFloats(half)) };
  const y = await bench.buffer(before);
  const norm = await bench.buffer(weight);
  const one = await bench.space(9);
  const gated = await bench.space(9);
  const upRow = 5;
  const step = { position: 0, tokens: 1 };
  const xs = await bench.buffer(x);
  bench.run(
    [
      // What it leaves, the product after it must replace.
      await createHalfNorm(device, y, norm, into),
      ...(await createMatvec(device, adding.matrix, xs, y, {
        accumulate: true,
        next: { weight: norm, into },
      })),
      ...(await createMatvec(device, reading.matrix, into, one)),
      await createGatedMatvec(device, reading.matrix, upRow, into, gated),
    ],
    step,
  );
  const sums = linearTwin(adding.weights, x, rows, columns).map((value, i) => value + before[i]!);
  await bench.check(`matvec ${type}, added`, y, sums, 2 * sampledTolerance(adding.weights, x, columns));
  const normed = Float32Array.from(rmsNormTwin(Float32Array.from(sums), weight, epsilon));
  const products = Float32Array.from(linearTwin(reading.weights, normed, 9, rows));
  // The numbers that come in are off by as much again, and go through the norm.
  const close = 4 * sampledTolerance(reading.weights, normed, rows);
  await bench.check(`matvec ${type}, normed`, one, Float64Array.from(products), close);
  const [gate, up] = [products.subarray(0, 9 - upRow), products.subarray(upRow)];
  const expected = siluMulTwin(gate, up);
  await bench.check(`matvec ${type}, gated`, gated, expected, siluMulTolerance(gate, up, close));

  const launch = bench.run(
    [
      await createHalfNorm(device, xs, norm, { ...into, columns }),
      ...(await createMatvec(device, adding.matrix, { ...into, columns }, y)),
    ],
    step,
  );
  const begun = Float32Array.from(rmsNormTwin(x, weight.subarray(0, columns), epsilon));
  const tolerance = 4 * sampledTolerance(adding.weights, begun, columns);
  const alone = linearTwin(adding.weights, begun, rows, columns);
  await bench.check('half-norm', y, alone, tolerance, launch);
}

async function elementwise(bench: SelfTestBench): Promise<void> {
  // More than one pass of top-k.
  const columns = 1500;
  const x = sampleNumbers(columns, 3);
  const weight = sampleNumbers(columns, 4);
  const xs = { buffer: await bench.buffer(x), stride: columns };
  const ys = { buffer: await bench.space(columns), stride: columns };
  const state = await bench.state(0, 1);
  const options = { columns, epsilon: 1e-6 };
  const norm = await createRmsNorm(bench.device, xs, await bench.buffer(weight), ys, state, options);
  const gate = await bench.buffer(x);
  const silu = await createSiluMul(bench.device, gate, await bench.buffer(weight), columns);
  const logits = await bench.buffer(x);
  const result = await bench.space(2);
  const argmax = await createArgmax(bench.device, logits, await bench.space(1), result, columns);
  const last = { buffer: await bench.space(columns), stride: columns };
  const lastOnly = { ...options, lastToken: true };
  const lastNorm = await createRmsNorm(bench.device, xs, await bench.buffer(weight), last, state, lastOnly);
  const topK = await createTopK(bench.device, logits, columns);
  const step = { position: 0, tokens: 1 };
  const [normed, lastNormed, choosing, ranking] = [[norm], [lastNorm], [argmax], topK.dispatches].map(
    dispatches => bench.run(dispatches, step),
  );
  bench.run([silu], step);
  await bench.check('rms-norm, last token', last.buffer, rmsNormTwin(x, weight, 1e-6), 1e-4, lastNormed);
  await bench.check('rms-norm', ys.buffer, rmsNormTwin(x, weight, 1e-6), 1e-4, normed);
  await bench.check('silu-mul', gate, siluMulTwin(x, weight), 1e-4);
  await bench.checkIds('argmax', result, topKTwin(x, 1), { first: 0, stride: 1 }, choosing);
  const ids = topKTwin(x, candidateCount);
  await bench.checkIds('top-k', topK.candidates, ids, { first: 1, stride: 2 }, ranking);
}

/** 66 tokens at once, then one more: over tiles of keys and over two pages in swapped order. */
async function attention(bench: SelfTestBench, model: Omit<AttentionShape, 'pages'>): Promise<void> {
  const shape: AttentionShape = {
    ...model,
    heads: (2 * model.heads) / model.kvHeads,
    kvHeads: 2,
    pages: 2,
  };
  const [qWidth, kvWidth] = [shape.heads * shape.headDim, shape.kvHeads * shape.headDim];
  const cacheWords = cacheBytes(shape) / 4;
  const cache = { keys: await bench.space(cacheWords), values: await bench.space(cacheWords) };
  const theta = 10000;
  const shared = {
    rotations: await bench.buffer(rotationTable(67, shape.ropeDimensions, theta)),
    pages: await bench.buffer(new Uint32Array([1, 0])),
    scratch: await allocateDecodeScratch(bench.device, shape),
  };
  const total = 67;
  const q = sampleNumbers(total * qWidth, 5);
  const k = sampleNumbers(total * kvWidth, 6);
  const v = sampleNumbers(total * kvWidth, 7);
  const rotated = (x: Float32Array, heads: number) =>
    Float64Array.from(x, (_, i) => {
      const head = Math.floor(i / shape.headDim);
      const values = x.subarray(head * shape.headDim, (head + 1) * shape.headDim);
      const at = i % shape.headDim;
      if (at >= shape.ropeDimensions) return values[at]!;
      return ropeTwin(values.subarray(0, shape.ropeDimensions), Math.floor(head / heads), theta)[at]!;
    });
  const stored = (x: ArrayLike<number>) => storedTwin(x, shape.headDim, shape.cache);
  const turned = rotated(q, shape.heads);
  const expected = attentionTwin(turned, stored(rotated(k, shape.kvHeads)), stored(v), {
    ...shape,
    first: 0,
  });
  // A device that divides otherwise may put a number on the neighbouring byte, or half, where the twin has a tie.
  const tolerance = shape.cache === 'f32' ? 1e-4 : 1e-2;
  for (const [first, tokens] of [
    [0, 66],
    [66, 1],
  ] as const) {
    const part = (x: Float32Array<ArrayBuffer>, width: number) =>
      x.slice(first * width, (first + tokens) * width);
    const buffers = {
      ...shared,
      q: await bench.buffer(part(q, qWidth)),
      k: await bench.buffer(part(k, kvWidth)),
      v: await bench.buffer(part(v, kvWidth)),
      out: await bench.space(tokens * qWidth),
    };
    const state = await bench.state(first, tokens);
    const attend =
      tokens === 1
        ? await createAttentionDecode(bench.device, shape, buffers, cache, state)
        : [await createAttentionPrefill(bench.device, shape, buffers, cache, state)];
    const append = await createRopeAppend(bench.device, shape, buffers, cache, state);
    const step = { position: first, tokens };
    const appending = bench.run([append], step);
    const attending = bench.run(attend, step);
    const slice = (of: Float64Array) => of.subarray(first * qWidth, (first + tokens) * qWidth);
    // Angles of up to 65 radians are rounded to f32 before their sines are taken.
    if (tokens > 1) await bench.check('rope', buffers.q, slice(turned), 4e-5, appending);
    const name = tokens === 1 ? 'attention, one token' : 'attention, many tokens';
    await bench.check(name, buffers.out, slice(expected), tolerance, attending);
  }
}
