import add from '../../../shaders/linear/epilogues/add.wgsl?raw';
import bias from '../../../shaders/linear/epilogues/bias.wgsl?raw';
import biasGelu from '../../../shaders/linear/epilogues/bias-gelu.wgsl?raw';
import biasScaleAdd from '../../../shaders/linear/epilogues/bias-scale-add.wgsl?raw';
import store from '../../../shaders/linear/epilogues/store.wgsl?raw';
import matmulShader from '../../../shaders/linear/matmul.wgsl?raw';
import matmulParams from '../../../shaders/linear/matmul-params.wgsl?raw';
import softwareMatmul from '../../../shaders/linear/software/matmul.wgsl?raw';
import softwareMatmulParts from '../../../shaders/linear/software/matmul-parts.wgsl?raw';
import type { EngineDevice, Variant } from '../device/device.ts';
import type { Dispatch } from '../device/dispatch.ts';
import type { KernelSpec } from '../device/kernel-spec.ts';
import type { DeviceBuffer } from '../device/memory.ts';
import { type GpuFormat, paddedColumns } from '../quant/gpu-formats.ts';
import { composeKernel } from './compose.ts';
import { formatShaders } from './linear-formats.ts';
import type { Matrix } from './matrix.ts';
import type { Rows } from './rows.ts';
import { composeUnrolled } from './unroll.ts';

/**
 * Rows, and vectors of tokens, that a lane holds on a processor. Twice the rows with 8 lanes are no faster and take
 * lavapipe more than twice as long to compile.
 */
const lanesHold = { 4: { rows: 8, vectors: 2 }, 8: { rows: 4, vectors: 2 } };

/** Rows and tokens that one workgroup computes. */
function tileOf({ lanes }: Variant): { rows: number; tokens: number } {
  if (!lanes) return { rows: 64, tokens: 64 };
  const { rows, vectors } = lanesHold[lanes];
  return { rows: lanes * rows, tokens: lanes * vectors };
}

const epilogueShaders = { store, add, bias, 'bias-gelu': biasGelu, 'bias-scale-add': biasScaleAdd };

export type EpilogueName = keyof typeof epilogueShaders;

export const epilogueNames = Object.keys(epilogueShaders) as EpilogueName[];

/**
 * What happens to each product before it is written; `bias` and `layerScale`: [rows] f32.
 * Alone: y = Wx + bias. With `gelu`: y = gelu(Wx + bias). With `layerScale`: y += layerScale * (Wx + bias).
 */
export type MatmulEpilogue = { bias: DeviceBuffer } & (
  | { gelu?: boolean; layerScale?: undefined }
  | { gelu?: false; layerScale: DeviceBuffer }
);

function epilogueName(accumulate: boolean, epilogue: MatmulEpilogue | undefined): EpilogueName {
  if (!epilogue) return accumulate ? 'add' : 'store';
  if (epilogue.layerScale) return 'bias-scale-add';
  return epilogue.gelu ? 'bias-gelu' : 'bias';
}

function matmulCode(format: GpuFormat, { lanes }: Variant, epilogue: string): string {
  const { weights, unit, part } = formatShaders[format.shader]!;
  if (!lanes) return composeKernel([matmulParams, weights, epilogue, matmulShader]);
  const { rows, vectors } = lanesHold[lanes];
  const parts = [matmulParams, weights, unit, epilogue];
  const counts = { LANES: lanes, ROWS: rows, VECTORS: vectors, FOURS: 8 };
  if (lanes === 8) return composeUnrolled([...parts, part, softwareMatmulParts], counts);
  return composeUnrolled([...parts, softwareMatmul], counts);
}

export function matmulSpec(format: GpuFormat, variant: Variant, epilogue: EpilogueName): KernelSpec {
  return {
    kernel: 'matmul',
    form: { format: format.name, epilogue },
    label: `matmul ${format.name} ${epilogue}`,
    code: matmulCode(format, variant, epilogueShaders[epilogue]),
    entryPoint: 'matmul',
    constants: format.constants,
  };
}

/**
 * Y[t, 0 .. rows) = W X[t], or += with `accumulate`, or what `epilogue` says, for the step's tokens.
 * x: [tokens, xStride] f32 with xStride >= padded columns, zero padding; y: [tokens, yStride] f32.
 */
export async function createMatmul(
  device: EngineDevice,
  matrix: Matrix,
  x: Rows,
  y: Rows,
  state: DeviceBuffer,
  options:
    | { accumulate?: boolean; epilogue?: undefined }
    | { accumulate?: false; epilogue?: MatmulEpilogue } = {},
): Promise<Dispatch[]> {
  const { epilogue } = options;
  const tile = tileOf(device.variant);
  const name = epilogueName(options.accumulate ?? false, epilogue);
  const spec = matmulSpec(matrix.format, device.variant, name);
  const vectors: Record<number, DeviceBuffer> = {};
  if (epilogue) vectors[8] = epilogue.bias;
  if (epilogue?.layerScale) vectors[9] = epilogue.layerScale;
  const groupsPerRow = paddedColumns(matrix.columns) / 16;
  const dispatches: Dispatch[] = [];
  for (const part of matrix.parts) {
    const words = new Uint32Array([part.rows, groupsPerRow, part.firstRow, x.stride / 4, y.stride]);
    const params = await device.memory.uniform(`${matrix.name} matmul`, words);
    const planes = Object.fromEntries(part.planes.map((plane, i) => [3 + i, plane]));
    dispatches.push(
      await device.createDispatch(
        spec,
        { 0: params, 1: x.buffer, 2: y.buffer, 7: state, ...planes, ...vectors },
        step => [Math.ceil(part.rows / tile.rows), Math.ceil(step.tokens / tile.tokens)],
      ),
    );
  }
  return dispatches;
}
