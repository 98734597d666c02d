import encoderShader from '../../../shaders/attention/encoder.wgsl?raw';
import type { EngineDevice } from '../device/device.ts';
import type { Dispatch } from '../device/dispatch.ts';
import { chosenCandidate } from '../device/kernel-choices.ts';
import type { KernelSpec } from '../device/kernel-spec.ts';
import type { DeviceBuffer } from '../device/memory.ts';
import { composeTile, smallTile, type TileGeometry, type TileTarget, tileTarget } from './attention-tile.ts';

export interface EncoderAttentionShape {
  heads: number;
  /** A multiple of 4, at most 128. */
  headDim: number;
  /** Positions of one image tile, the class token included. */
  positions: number;
}

const geometries = {
  'rows-32': { lanes: 128, rows: 32, keys: 64, chunk: 8, turns: 1, values: 8 },
  'rows-64': { lanes: 128, rows: 64, keys: 32, chunk: 8, turns: 1, values: 4 },
  small: smallTile,
  // Written out further it takes a processor longer to compile, and no less to run.
  software: { lanes: 128, rows: 32, keys: 64, chunk: 8, turns: 1, values: 1 },
} satisfies Record<string, TileGeometry>;

type GeometryName = keyof typeof geometries;

export function encoderCandidates(target: TileTarget): {
  kind: string;
  names: [GeometryName, ...GeometryName[]];
} {
  return { kind: 'attention-encoder', names: candidateNames(target) };
}

function candidateNames({ variant, isSoftware }: TileTarget): [GeometryName, ...GeometryName[]] {
  if (variant.small) return ['small'];
  return isSoftware ? ['software'] : ['rows-32', 'rows-64', 'small'];
}

function geometryOf(target: TileTarget): TileGeometry {
  const { kind, names } = encoderCandidates(target);
  return geometries[chosenCandidate(target.variant.choices, { kind }, names)];
}

export function encoderAttentionSpec(shape: EncoderAttentionShape, target: TileTarget): KernelSpec {
  const { heads, headDim, positions } = shape;
  return {
    kernel: 'attention-encoder',
    form: { heads, headDim, positions },
    label: 'attention-encoder',
    code: composeTile(encoderShader, geometryOf(target), headDim),
    entryPoint: 'attention_encoder',
    constants: { HEADS: shape.heads, POSITIONS: shape.positions },
  };
}

/**
 * out = softmax(q k' / sqrt(headDim)) v within each image tile, without a causal mask. All buffers
 * [tiles * positions, heads * headDim] f32, rows tight; tile n is rows n * positions onwards, and the step's `tokens` is
 * the number of rows. A last tile with fewer rows attends to the rows that it has. `state` is (position, tokens) u32.
 */
export function createEncoderAttention(
  device: EngineDevice,
  shape: EncoderAttentionShape,
  buffers: { q: DeviceBuffer; k: DeviceBuffer; v: DeviceBuffer; out: DeviceBuffer },
  state: DeviceBuffer,
): Promise<Dispatch> {
  const target = tileTarget(device);
  const { rows } = geometryOf(target);
  return device.createDispatch(
    encoderAttentionSpec(shape, target),
    { 1: buffers.q, 2: buffers.k, 3: buffers.v, 4: buffers.out, 7: state },
    step => [shape.heads, Math.ceil(shape.positions / rows), Math.ceil(step.tokens / shape.positions)],
  );
}
