import type { EngineDevice } from '../../gpu/device.ts';
import type { Dispatch } from '../../gpu/dispatch.ts';
import type { GgmlTypeName } from '../../quant/block-formats.ts';
import { paddedColumns } from '../../quant/gpu-formats.ts';
import { sampleNumbers } from '../../quant/sample-blocks.ts';
import type { Launches } from '../../timing/clock.ts';
import {
  copiesFor,
  decodeAttentionWork,
  encoderAttentionWork,
  productWork,
  type Work,
} from '../../timing/work.ts';
import type { Precision } from '../../types.ts';
import { type AttentionShape, allocateDecodeScratch, createAttentionDecode } from '../attention.ts';
import { cacheBytes, pagePositions } from '../cache-format.ts';
import { createEncoderAttention } from '../encoder-attention.ts';
import { createMatmul } from '../matmul.ts';
import { matrixBytes } from '../matrix.ts';
import { createMatvec } from '../matvec.ts';
import { copyMatrix, fillMatrix } from './noise.ts';

/** W [rows, columns]; x has `columns` numbers, y has `rows`. */
export interface Shape {
  rows: number;
  columns: number;
}

/** One line of the table: what is launched, and what it cannot avoid doing. */
export interface KernelCase {
  kernel: 'matvec' | 'matmul' | 'attention-decode' | 'attention-encoder';
  /** What tells it from the other cases of its kernel. */
  shape: Record<string, string | number>;
  prepare(device: EngineDevice, coldBytes: number): Promise<Prepared>;
}

export interface Prepared {
  launches: Launches;
  work: Work;
}

/** Y = W X of noise: with one token the decoding kernel, with more the prefill kernel. */
export function productCase({ rows, columns }: Shape, type: GgmlTypeName, tokens: number): KernelCase {
  return {
    kernel: tokens === 1 ? 'matvec' : 'matmul',
    shape: { rows, columns, type, tokens },
    async prepare(device, coldBytes) {
      const matrix = await fillMatrix(device, rows, columns, type);
      const matrices = [matrix];
      const copies = copiesFor(matrixBytes(matrix), coldBytes);
      while (matrices.length < copies) matrices.push(await copyMatrix(device, matrix));
      const stride = paddedColumns(columns);
      const x = await noise(device, tokens * stride);
      const y = await device.memory.storage('y', tokens * rows * 4);
      const state = await device.memory.uniform('state', new Uint32Array([0, tokens]));
      const sets: Dispatch[][] = [];
      for (const each of matrices) {
        sets.push(
          tokens === 1
            ? await createMatvec(device, each, x, y)
            : await createMatmul(device, each, { buffer: x, stride }, { buffer: y, stride: rows }, state),
        );
      }
      return {
        launches: { sets, step: { position: 0, tokens } },
        work: productWork(rows, columns, tokens, matrixBytes(matrix)),
      };
    },
  };
}

/** One new token that attends to `context` positions, itself included. */
export function decodeAttentionCase(
  heads: { heads: number; kvHeads: number; headDim: number },
  context: number,
  cache: Precision,
): KernelCase {
  return {
    kernel: 'attention-decode',
    shape: { ...heads, context, cache },
    async prepare(device, coldBytes) {
      const pages = Math.ceil(context / pagePositions);
      const shape: AttentionShape = { ...heads, ropeDimensions: heads.headDim, pages, cache };
      const order = Uint32Array.from({ length: pages }, (_, i) => i);
      const table = await device.memory.storage('pages', order.byteLength);
      device.gpu.queue.writeBuffer(table, 0, order);
      const bytes = cacheBytes(shape);
      const width = heads.heads * heads.headDim;
      const buffers = {
        q: await noise(device, width),
        out: await device.memory.storage('out', width * 4),
        pages: table,
        scratch: await allocateDecodeScratch(device, shape),
      };
      const state = await device.memory.uniform('state', new Uint32Array([context - 1, 1]));
      const copies = copiesFor(2 * bytes, coldBytes);
      const sets: Dispatch[][] = [];
      while (sets.length < copies) {
        // Zeros but in f32; their speed is that of any other number: every key weighs the same.
        const filled = () =>
          cache === 'f32' ? noise(device, bytes / 4) : device.memory.storage('cache', bytes);
        const layer = { keys: await filled(), values: await filled() };
        sets.push(await createAttentionDecode(device, shape, buffers, layer, state));
      }
      return {
        launches: { sets, step: { position: context - 1, tokens: 1 } },
        work: decodeAttentionWork(heads, context, (2 * bytes * context) / (pages * pagePositions)),
      };
    },
  };
}

/** One image tile of a vision transformer. */
export function encoderAttentionCase(shape: {
  heads: number;
  headDim: number;
  positions: number;
}): KernelCase {
  return {
    kernel: 'attention-encoder',
    shape,
    async prepare(device) {
      const elements = shape.positions * shape.heads * shape.headDim;
      const buffers = {
        q: await noise(device, elements),
        k: await noise(device, elements),
        v: await noise(device, elements),
        out: await device.memory.storage('out', elements * 4),
      };
      const state = await device.memory.uniform('state', new Uint32Array([0, shape.positions]));
      const dispatch = await createEncoderAttention(device, shape, buffers, state);
      return {
        launches: { sets: [[dispatch]], step: { position: 0, tokens: shape.positions } },
        work: encoderAttentionWork(shape),
      };
    },
  };
}

/** `count` f32 numbers: one stretch of noise, repeated. */
async function noise(device: EngineDevice, count: number): Promise<GPUBuffer> {
  const stretch = sampleNumbers(65536, 1);
  const values = new Float32Array(count);
  for (let at = 0; at < count; at += stretch.length) {
    values.set(stretch.subarray(0, Math.min(stretch.length, count - at)), at);
  }
  const buffer = await device.memory.storage('noise', values.byteLength);
  device.gpu.queue.writeBuffer(buffer, 0, values);
  return buffer;
}
