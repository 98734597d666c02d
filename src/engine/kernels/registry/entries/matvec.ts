import type { GgmlTypeName } from '../../../quant/block-formats.ts';
import { placements } from '../../../quant/gpu-formats.ts';
import { productBits } from '../../../quant/product-bits.ts';
import { sampleNumbers } from '../../../quant/sample-blocks.ts';
import { createHalfNorm, halfNormedFloats } from '../../half-norm.ts';
import { createGatedMatvec, createMatvec, matvecForms, matvecSpec, matvecSumVectors } from '../../matvec.ts';
import { matvecCandidates, matvecKind } from '../../matvec-candidates.ts';
import {
  linearTwin,
  rmsNormTwin,
  roundedTwin,
  roundingTolerance,
  sampledTolerance,
  siluMulTolerance,
  siluMulTwin,
} from '../../twins.ts';
import { defineKernel } from '../define-kernel.ts';
import { productCases } from '../product-cases.ts';
import { prepareProduct } from '../product-problem.ts';
import type { TestBench } from '../test-bench.ts';

export const kernel = defineKernel<GgmlTypeName>({
  id: 'matvec',
  group: 'products',
  usedBy: ({ text }) => text?.types ?? [],
  words: type => ({ kernel: `matvec ${type}`, form: '' }),
  processor: { matvec: 'own' },
  specs: (type, { variant }) => matvecForms.map(form => matvecSpec(placements[type]!.format, variant, form)),
  candidates: (type, { variant }) => {
    const { format } = placements[type]!;
    const names = matvecCandidates(format, variant);
    return names.length > 1 ? matvecForms.map(form => ({ kind: matvecKind(format, form), names })) : [];
  },
  timed: (types, scale) =>
    productCases(
      types,
      scale,
      tokens => tokens === 1,
      (device, matrix, { x, y }) => createMatvec(device, matrix, x.buffer, y.buffer),
    ),
  async problem(bench, type) {
    await plain(bench, type);
    await withinNorm(bench, type);
  },
});

async function plain(bench: TestBench, type: GgmlTypeName): Promise<void> {
  const { matrix, rows, x, twice, tolerance } = await prepareProduct(bench, type);
  const xs = await bench.buffer(x);
  const y = await bench.space(rows);
  // Stored, then added once more.
  for (const accumulate of [false, true]) {
    const matvec = await createMatvec(bench.device, matrix, xs, y, { accumulate });
    bench.run(matvec, { position: 0, tokens: 1 });
  }
  await bench.check(`matvec ${type}`, y, twice.subarray(0, rows), tolerance);
}

/** The products that begin and end a norm: y += W x, then W RMSNorm(y) and the gated product of it. */
async function withinNorm(bench: TestBench, type: GgmlTypeName): Promise<void> {
  // More than one workgroup, whose partial sums are all needed.
  const [rows, columns, epsilon] = [512, 256, 1e-6];
  const { device } = bench;
  const [adding, reading] = [
    await bench.matrix(type, rows, columns),
    await bench.matrix(type, 9, rows),
  ] as const;
  const [x, before, weight] = [sampleNumbers(columns, 2), sampleNumbers(rows, 8), sampleNumbers(rows, 9)];
  const half = {
    columns: rows,
    epsilon,
    sumVectors: matvecSumVectors(adding.matrix, device.variant),
  };
  const into = { ...half, buffer: await bench.space(halfNormedFloats(half)) };
  const y = await bench.buffer(before);
  const norm = await bench.buffer(weight);
  const one = await bench.space(9);
  const gated = await bench.space(9);
  const upRow = 5;
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
    { position: 0, tokens: 1 },
  );
  const bits = productBits(placements[type]!.format.name, 'matvec', device.activationBits);
  const sums = linearTwin(adding.weights, roundedTwin(x, bits), rows, columns).map(
    (value, i) => value + before[i]!,
  );
  await bench.check(`matvec ${type}, added`, y, sums, 2 * sampledTolerance(adding.weights, x, columns));
  const normed = Float32Array.from(rmsNormTwin(Float32Array.from(sums), weight, epsilon));
  const products = Float32Array.from(linearTwin(reading.weights, normed, 9, rows));
  // The numbers that come in are off by as much again, and go through the norm; so one that is rounded may be a step off.
  const close =
    4 * sampledTolerance(reading.weights, normed, rows) +
    roundingTolerance(reading.weights, normed, rows, bits);
  await bench.check(`matvec ${type}, normed`, one, Float64Array.from(products), close);
  const [gate, up] = [products.subarray(0, 9 - upRow), products.subarray(upRow)];
  const expected = siluMulTwin(gate, up);
  await bench.check(`matvec ${type}, gated`, gated, expected, siluMulTolerance(gate, up, close));
}
