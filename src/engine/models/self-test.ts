import { BedsideError } from '../errors.ts';
import type { EngineDevice } from '../gpu/device.ts';
import { type Dispatch, encodeDispatches, type Step } from '../gpu/dispatch.ts';
import { readBuffer } from '../gpu/readback.ts';
import {
  type AttentionShape,
  allocateDecodeScratch,
  createAttentionDecode,
  createAttentionPrefill,
  createRopeAppend,
  pagePositions,
} from '../kernels/attention.ts';
import { createGather } from '../kernels/gather.ts';
import { createMatmul } from '../kernels/matmul.ts';
import { allocateMatrix, writeRows } from '../kernels/matrix.ts';
import { createMatvec } from '../kernels/matvec.ts';
import { createRmsNorm } from '../kernels/rms-norm.ts';
import { rotationTable } from '../kernels/rotation-table.ts';
import { candidateCount, createArgmax, createTopK } from '../kernels/sample.ts';
import { createSiluMul } from '../kernels/silu-mul.ts';
import {
  attentionTwin,
  linearTolerance,
  linearTwin,
  rmsNormTwin,
  ropeTwin,
  siluMulTwin,
  topKTwin,
} from '../kernels/twins.ts';
import { GgmlType, type GgmlTypeName } from '../quant/block-formats.ts';
import { dequantizeTensor } from '../quant/dequantize.ts';
import { placements } from '../quant/gpu-formats.ts';
import { sampleNumbers, sampleTensorBytes } from '../quant/sample-blocks.ts';

/**
 * Runs every kernel that a model will use on a small problem and compares it with its scalar twin. Drivers that compute
 * wrongly exist; their answers look fluent. When the subgroup variant fails, or does not even compile, the plain one is
 * tried and kept.
 * @throws `self-test-failed` naming the kernel, `gpu-error` for one that does not compile
 */
export async function selfTest(
  device: EngineDevice,
  types: Iterable<GgmlTypeName>,
  shape: Omit<AttentionShape, 'pages'>,
): Promise<void> {
  const failed = await firstFailure(device, types, shape).catch((error: unknown) => {
    // Some browsers list the feature before their WGSL knows `enable subgroups`.
    const isCompiler = error instanceof BedsideError && error.code === 'gpu-error' && !device.failed;
    if (device.variant.subgroups && isCompiler) return error.message;
    throw error;
  });
  if (!failed) return;
  if (device.variant.subgroups) {
    device.variant = { ...device.variant, subgroups: false };
    const again = await firstFailure(device, types, shape);
    if (!again) return;
  }
  throw new BedsideError(
    'self-test-failed',
    `This graphics device computes wrongly (${failed}), so no answer from it can be trusted.`,
    'Update the graphics driver and the browser, or use another device.',
  );
}

async function firstFailure(
  device: EngineDevice,
  types: Iterable<GgmlTypeName>,
  shape: Omit<AttentionShape, 'pages'>,
): Promise<string | undefined> {
  const before = device.memory.snapshot();
  const bench = new Bench(device);
  try {
    for (const type of types) {
      const failure = await bench.linear(type);
      if (failure) return failure;
    }
    return (await bench.elementwise()) ?? (await bench.attention(shape));
  } finally {
    device.memory.releaseExcept(before);
  }
}

/** The small problems, one method a family of kernels; each names the kernel that is wrong. */
class Bench {
  readonly #device: EngineDevice;

  constructor(device: EngineDevice) {
    this.#device = device;
  }

  async linear(type: GgmlTypeName): Promise<string | undefined> {
    // Long enough that every lane of a workgroup has something to add.
    const [rows, columns, tokens] = [9, 2048, 3];
    const placement = placements[type]!;
    const bytes = sampleTensorBytes(type, rows * columns, 1);
    const weights = dequantizeTensor(GgmlType[type], bytes);
    const matrix = await allocateMatrix(this.#device, 'self-test', rows, columns, placement.format);
    writeRows(this.#device, matrix, placement, bytes, 0, rows);
    const x = sampleNumbers(tokens * columns, 2);
    const xs = { buffer: await this.#buffer(x), stride: columns };
    const one = await this.#space(rows);
    const many = { buffer: await this.#space(tokens * rows), stride: rows };
    const gathered = { buffer: await this.#space(columns), stride: columns };
    const state = await this.#state(0, tokens);
    const ids = await this.#buffer(new Uint32Array([rows - 1]));
    // Stored, then added once more: both forms of each product.
    for (const accumulate of [false, true]) {
      const matvec = await createMatvec(this.#device, matrix, xs.buffer, one, { accumulate });
      await this.#run(matvec, { position: 0, tokens: 1 });
      const matmul = await createMatmul(this.#device, matrix, xs, many, state, { accumulate });
      await this.#run(matmul, { position: 0, tokens });
    }
    await this.#run(await createGather(this.#device, matrix, ids, gathered), { position: 0, tokens: 1 });
    const expected = linearTwin(weights, x, rows, columns).map(value => 2 * value);
    const tolerance = 2 * linearTolerance(weights, x);
    if (!(await this.#agrees(one, expected.subarray(0, rows), tolerance))) return `matvec ${type}`;
    if (!(await this.#agrees(many.buffer, expected, tolerance))) return `matmul ${type}`;
    const row = Float64Array.from(weights.subarray((rows - 1) * columns));
    if (!(await this.#agrees(gathered.buffer, row, tolerance))) return `gather ${type}`;
    return undefined;
  }

  async elementwise(): Promise<string | undefined> {
    // More than one pass of top-k.
    const columns = 1500;
    const x = sampleNumbers(columns, 3);
    const weight = sampleNumbers(columns, 4);
    const xs = { buffer: await this.#buffer(x), stride: columns };
    const ys = { buffer: await this.#space(columns), stride: columns };
    const state = await this.#state(0, 1);
    const options = { columns, epsilon: 1e-6 };
    const norm = await createRmsNorm(this.#device, xs, await this.#buffer(weight), ys, state, options);
    const gate = await this.#buffer(x);
    const silu = await createSiluMul(this.#device, gate, await this.#buffer(weight), columns);
    const logits = await this.#buffer(x);
    const result = await this.#space(2);
    const argmax = await createArgmax(this.#device, logits, await this.#space(1), result, columns);
    const last = { buffer: await this.#space(columns), stride: columns };
    const lastOnly = { ...options, lastToken: true };
    const lastNorm = await createRmsNorm(this.#device, xs, await this.#buffer(weight), last, state, lastOnly);
    const topK = await createTopK(this.#device, logits, columns);
    await this.#run([norm, lastNorm, silu, argmax, ...topK.dispatches], { position: 0, tokens: 1 });
    if (!(await this.#agrees(last.buffer, rmsNormTwin(x, weight, 1e-6), 1e-4))) return 'rms-norm, last token';
    if (!(await this.#agrees(ys.buffer, rmsNormTwin(x, weight, 1e-6), 1e-4))) return 'rms-norm';
    if (!(await this.#agrees(gate, siluMulTwin(x, weight), 1e-4))) return 'silu-mul';
    const [chosen] = new Uint32Array(await readBuffer(this.#device, result, 8));
    if (chosen !== topKTwin(x, 1)[0]) return 'argmax';
    const pairs = new Uint32Array(await readBuffer(this.#device, topK.candidates, candidateCount * 8));
    return topKTwin(x, candidateCount).every((id, i) => pairs[2 * i + 1] === id) ? undefined : 'top-k';
  }

  /** 66 tokens at once, then one more: over tiles of keys and over two pages in swapped order. */
  async attention(model: Omit<AttentionShape, 'pages'>): Promise<string | undefined> {
    const shape: AttentionShape = {
      ...model,
      heads: (2 * model.heads) / model.kvHeads,
      kvHeads: 2,
      pages: 2,
    };
    const [qWidth, kvWidth] = [shape.heads * shape.headDim, shape.kvHeads * shape.headDim];
    const cacheBytes = 2 * pagePositions * kvWidth * 4;
    const cache = { keys: await this.#space(cacheBytes / 4), values: await this.#space(cacheBytes / 4) };
    const theta = 10000;
    const shared = {
      rotations: await this.#buffer(rotationTable(67, shape.ropeDimensions, theta)),
      pages: await this.#buffer(new Uint32Array([1, 0])),
      scratch: await allocateDecodeScratch(this.#device, shape),
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
    const expected = attentionTwin(rotated(q, shape.heads), rotated(k, shape.kvHeads), v, {
      ...shape,
      first: 0,
    });
    const tolerance = shape.cache === 'f16' ? 1e-2 : 1e-4;
    for (const [first, tokens] of [
      [0, 66],
      [66, 1],
    ] as const) {
      const part = (x: Float32Array<ArrayBuffer>, width: number) =>
        x.slice(first * width, (first + tokens) * width);
      const buffers = {
        ...shared,
        q: await this.#buffer(part(q, qWidth)),
        k: await this.#buffer(part(k, kvWidth)),
        v: await this.#buffer(part(v, kvWidth)),
        out: await this.#space(tokens * qWidth),
      };
      const state = await this.#state(first, tokens);
      const attend =
        tokens === 1
          ? await createAttentionDecode(this.#device, shape, buffers, cache, state)
          : [await createAttentionPrefill(this.#device, shape, buffers, cache, state)];
      const append = await createRopeAppend(this.#device, shape, buffers, cache, state);
      await this.#run([append, ...attend], { position: first, tokens });
      const slice = expected.subarray(first * qWidth, (first + tokens) * qWidth);
      if (!(await this.#agrees(buffers.out, slice, tolerance))) {
        return tokens === 1 ? 'attention, one token' : 'attention, many tokens';
      }
    }
    return undefined;
  }

  async #buffer(data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>): Promise<GPUBuffer> {
    const buffer = await this.#space(data.length);
    this.#device.gpu.queue.writeBuffer(buffer, 0, data);
    return buffer;
  }

  async #space(words: number): Promise<GPUBuffer> {
    const buffer = await this.#device.memory.storage('self-test', words * 4);
    return buffer;
  }

  async #state(position: number, tokens: number): Promise<GPUBuffer> {
    const buffer = await this.#device.memory.uniform('self-test', new Uint32Array([position, tokens]));
    return buffer;
  }

  async #run(dispatches: Dispatch[], step: Step): Promise<void> {
    const encoder = this.#device.gpu.createCommandEncoder();
    encodeDispatches(encoder, dispatches, step);
    this.#device.gpu.queue.submit([encoder.finish()]);
  }

  async #agrees(buffer: GPUBuffer, expected: Float64Array, tolerance: number): Promise<boolean> {
    const actual = new Float32Array(await readBuffer(this.#device, buffer, expected.length * 4));
    return expected.every((value, i) => Math.abs(actual[i]! - value) <= tolerance);
  }
}
