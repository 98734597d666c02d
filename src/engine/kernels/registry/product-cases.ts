import type { EngineDevice } from '../../device/device.ts';
import type { Dispatch } from '../../device/dispatch.ts';
import type { DeviceBuffer } from '../../device/memory.ts';
import type { GgmlTypeName } from '../../quant/block-formats.ts';
import { paddedColumns } from '../../quant/gpu-formats.ts';
import { copiesFor, productWork } from '../../timing/work.ts';
import { type Matrix, matrixBytes } from '../matrix.ts';
import type { MatrixShape, TimedCase, TimingScale } from './kernel-entry.ts';
import { copyMatrix, fillMatrix, noise } from './noise.ts';

/** What a product is launched on: y [tokens, rows] = W x, x [tokens, stride]. */
export interface NoiseVectors {
  tokens: number;
  x: { buffer: DeviceBuffer; stride: number };
  y: { buffer: DeviceBuffer; stride: number };
  state: DeviceBuffer;
}

type Launch = (device: EngineDevice, matrix: Matrix, vectors: NoiseVectors) => Promise<Dispatch[]>;

/** Every count of tokens that `isMeant`, at every shape, of every type. */
export function productCases(
  types: readonly GgmlTypeName[],
  { tokens, shapes }: TimingScale,
  isMeant: (tokens: number) => boolean,
  launch: Launch,
): TimedCase[] {
  return tokens
    .filter(isMeant)
    .flatMap(count => shapes.flatMap(shape => types.map(type => productCase(shape, type, count, launch))));
}

/** Y = W X of noise. */
function productCase(
  { rows, columns }: MatrixShape,
  type: GgmlTypeName,
  tokens: number,
  launch: Launch,
): TimedCase {
  return {
    shape: { rows, columns, type, tokens },
    describe: `${type} ${rows} x ${columns}${tokens === 1 ? '' : `, ${tokens} tokens`}`,
    async prepare(device, coldBytes) {
      const matrix = await fillMatrix(device, rows, columns, type);
      const matrices = [matrix];
      const copies = copiesFor(matrixBytes(matrix), coldBytes);
      while (matrices.length < copies) matrices.push(await copyMatrix(device, matrix));
      const stride = paddedColumns(columns);
      const vectors: NoiseVectors = {
        tokens,
        x: { buffer: await noise(device, tokens * stride), stride },
        y: { buffer: await device.memory.storage('y', tokens * rows * 4), stride: rows },
        state: await device.memory.uniform('state', new Uint32Array([0, tokens])),
      };
      const sets: Dispatch[][] = [];
      for (const each of matrices) sets.push(await launch(device, each, vectors));
      return {
        launches: { sets, step: { position: 0, tokens } },
        work: productWork(rows, columns, tokens, matrixBytes(matrix)),
      };
    },
  };
}
