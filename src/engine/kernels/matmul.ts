import matmulShader from '../../../shaders/linear/matmul.wgsl?raw';
import type { EngineDevice } from '../gpu/device.ts';
import { createDispatch, type Dispatch } from '../gpu/dispatch.ts';
import type { PipelineSpec } from '../gpu/pipelines.ts';
import { type GpuFormat, paddedColumns } from '../quant/gpu-formats.ts';
import { composeKernel } from './compose.ts';
import { formatShaders } from './linear-formats.ts';
import type { Matrix } from './matrix.ts';

const tile = 64;

export function matmulSpec(format: GpuFormat, accumulate: boolean): PipelineSpec {
  return {
    label: `matmul ${format.name}`,
    code: composeKernel([formatShaders[format.shader]!.weights, matmulShader]),
    entryPoint: 'matmul',
    constants: { ...format.constants, ACCUMULATE: Number(accumulate) },
  };
}

/**
 * Y[t, 0 .. rows) = W X[t], or += with `accumulate`, for the step's tokens.
 * x: [tokens, xStride] f32 with xStride >= padded columns, zero padding; y: [tokens, yStride] f32.
 */
export async function createMatmul(
  device: EngineDevice,
  matrix: Matrix,
  x: { buffer: GPUBuffer; stride: number },
  y: { buffer: GPUBuffer; stride: number },
  state: GPUBuffer,
  options: { accumulate?: boolean } = {},
): Promise<Dispatch[]> {
  const spec = matmulSpec(matrix.format, options.accumulate ?? false);
  const groupsPerRow = paddedColumns(matrix.columns) / 16;
  const dispatches: Dispatch[] = [];
  for (const part of matrix.parts) {
    const words = new Uint32Array([part.rows, groupsPerRow, part.firstRow, x.stride / 4, y.stride]);
    const params = await device.memory.uniform(`${matrix.name} matmul`, words);
    const planes = Object.fromEntries(part.planes.map((plane, i) => [3 + i, plane]));
    dispatches.push(
      await createDispatch(
        device,
        spec,
        { 0: params, 1: x.buffer, 2: y.buffer, 7: state, ...planes },
        step => [Math.ceil(part.rows / tile), Math.ceil(step.tokens / tile)],
      ),
    );
  }
  return dispatches;
}
