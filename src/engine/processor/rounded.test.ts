import { afterEach, describe, expect, it } from 'vitest';
import { openProcessor } from '../../../test/support/processor.ts';
import { readBuffer } from '../device/readback.ts';
import { createMatmul } from '../kernels/matmul.ts';
import { createGatedMatvec, createMatvec } from '../kernels/matvec.ts';
import { needsOfKnownModels } from '../kernels/registry/known-models.ts';
import { kernelProblems } from '../kernels/registry/registry.ts';
import { TestBench } from '../kernels/registry/test-bench.ts';
import { linearTwin } from '../kernels/twins.ts';
import type { GgmlTypeName } from '../quant/block-formats.ts';
import { sampleNumbers } from '../quant/sample-blocks.ts';
import type { ActivationBits } from '../types/device-choice.ts';
import { precisions } from '../types/precision.ts';
import type { ProcessorDevice } from './device.ts';

const devices: ProcessorDevice[] = [];
afterEach(() => {
  for (const device of devices.splice(0)) device.destroy();
});

async function open(activationBits: ActivationBits, threads = 0): Promise<ProcessorDevice> {
  const device = await openProcessor(threads, { activationBits });
  devices.push(device);
  return device;
}

const problems = kernelProblems(needsOfKnownModels(precisions));
const quantised = ['Q4_0', 'Q8_0', 'Q4_K', 'Q6_K', 'Q5_0', 'Q5_1', 'Q5_K', 'Q2_K', 'Q3_K', 'IQ4_XS'] as const;

describe.each([16, 8] as const)('with activations of %s bits', activationBits => {
  it.each(problems)('$kernel $form', async problem => {
    const device = await open(activationBits);
    const bench = new TestBench(device);
    await problem.run(bench);
    expect(bench.checks.length).toBeGreaterThan(0);
    expect(bench.checks.filter(({ passed }) => !passed).map(({ launch, ...check }) => check)).toEqual([]);
    expect(device.memory.brokenGuards()).toEqual([]);
  });

  it.each(quantised)('one weight of %s that is not read is seen', async type => {
    const bench = new ForgetfulBench(await open(activationBits));
    for (const id of ['matvec', 'matmul']) {
      const problem = problems.find(({ kernel }) => kernel === `${id} ${type}`)!;
      await problem.run(bench);
      expect(bench.checks.find(({ kernel }) => kernel === problem.kernel)!.passed).toBe(false);
      bench.checks.splice(0);
    }
  });

  it.each([1, 2, 3])('%s threads compute the bits of one', async threads => {
    const alone = await multiplyAll(await open(activationBits));
    expect(alone.every(Number.isFinite)).toBe(true);
    expect(await multiplyAll(await open(activationBits, threads))).toEqual(alone);
  });
});

/** Whose twin's matrices lack a weight, the first row's largest: to it the kernel is one that reads what it should not. */
class ForgetfulBench extends TestBench {
  override async matrix(type: GgmlTypeName, rows: number, columns: number) {
    const made = await super.matrix(type, rows, columns);
    const row = made.weights.subarray(0, columns);
    let largest = 0;
    row.forEach((weight, i) => {
      if (Math.abs(weight) > Math.abs(row[largest]!)) largest = i;
    });
    row[largest] = 0;
    return made;
  }
}

/** Ragged products in every form, of every format. */
async function multiplyAll(device: ProcessorDevice): Promise<number[]> {
  const bench = new TestBench(device);
  const [columns, tokens] = [512, 70];
  const state = await bench.state(0, tokens);
  const x = { buffer: await bench.buffer(sampleNumbers(tokens * columns, 1)), stride: columns };
  const sums = new Float32Array(columns + 4).fill(1, columns);
  sums.set(sampleNumbers(columns, 4));
  const halfNormed = await bench.buffer(sums);
  const numbers: number[] = [];
  for (const type of quantised) {
    const { matrix } = await bench.matrix(type, 2 * 101, columns);
    const y = { buffer: await bench.space(tokens * matrix.rows), stride: matrix.rows };
    const one = await bench.space(matrix.rows);
    const gated = await bench.space(101);
    const half = { buffer: halfNormed, columns, sumVectors: 1, epsilon: 1e-6 };
    bench.run(await createMatmul(device, matrix, x, y, state), { position: 0, tokens });
    bench.run(
      [
        ...(await createMatvec(device, matrix, x.buffer, one)),
        await createGatedMatvec(device, matrix, 101, half, gated),
      ],
      { position: 0, tokens: 1 },
    );
    for (const buffer of [y.buffer, one, gated]) {
      numbers.push(...new Float32Array(await readBuffer(device, buffer, buffer.size)));
    }
  }
  return numbers;
}

// An activation is off by step / sqrt(12) in the mean, of either sign, its step 1/127 or 1/32767 of the largest of 32 numbers,
// which of normal ones are 0.8 in the mean and 2 at most. Over 4096 columns that is a share of 1e-4 and 4e-7; of 64 rows the one
// that is furthest off about four times as much, and somewhat more where few groups have most of the weight.
describe('what rounding costs, as a share of the sum of |w x|', () => {
  const [rows, columns] = [64, 4096];
  it.each([
    [16, quantised, 2e-6],
    [8, ['Q8_0', 'IQ4_XS'], 2e-6],
    [8, ['Q4_0', 'Q4_K', 'Q6_K', 'Q5_0', 'Q5_1', 'Q5_K', 'Q2_K', 'Q3_K'], 6e-4],
  ] as const)('%s bits, %j: at most %s', async (bits, types, most) => {
    const device = await open(bits);
    const bench = new TestBench(device);
    const x = sampleNumbers(columns, 2);
    const xs = await bench.buffer(x);
    for (const type of types) {
      const { matrix, weights } = await bench.matrix(type, rows, columns);
      const y = await bench.space(rows);
      bench.run(await createMatvec(device, matrix, xs, y), { position: 0, tokens: 1 });
      const actual = new Float32Array(await readBuffer(device, y, 4 * rows));
      const exact = linearTwin(weights, x, rows, columns);
      const sums = linearTwin(weights.map(Math.abs), x.map(Math.abs), rows, columns);
      const shares = exact.map((value, row) => Math.abs(actual[row]! - value) / sums[row]!);
      expect(Math.max(...shares), type).toBeLessThanOrEqual(most);
      // And it does round: exact products are off by less than 1e-7.
      expect(Math.max(...shares), type).toBeGreaterThan(most / 20);
    }
  });
});
