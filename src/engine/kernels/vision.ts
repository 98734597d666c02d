import patchPoolShader from '../../../shaders/vision/patch-pool.wgsl?raw';
import patchesShader from '../../../shaders/vision/patches.wgsl?raw';
import pixelShuffleShader from '../../../shaders/vision/pixel-shuffle.wgsl?raw';
import positionsShader from '../../../shaders/vision/positions.wgsl?raw';
import type { EngineDevice } from '../device/device.ts';
import type { Dispatch } from '../device/dispatch.ts';
import type { KernelSpec } from '../device/kernel-spec.ts';
import type { DeviceBuffer } from '../device/memory.ts';
import { floatBits } from '../device/memory.ts';
import { foldGrid } from './compose.ts';
import type { Rows } from './rows.ts';

/** As in the shaders: what every device allows, those of the compatibility level too. */
const workgroup = 128;

export interface PatchShape {
  /** Side of a tile in pixels, a multiple of `patch`. */
  tile: number;
  /** Side of a patch in pixels. */
  patch: number;
  /** Of red, green and blue, on the scale 0 to 1. */
  mean: readonly [number, number, number];
  std: readonly [number, number, number];
  /** Whether a class token comes before the patches of a tile. */
  hasClass: boolean;
}

export function patchesSpec(): KernelSpec {
  return { kernel: 'patches', form: {}, label: 'patches', code: patchesShader, entryPoint: 'patches' };
}

/**
 * Tiles as rows that a matmul with a convolution's [hidden, 3 * patch * patch] weights can read: the class token's zero row,
 * where there is one, then patch after patch (row-major) as [channel, ky, kx], normalised; zero padding.
 * pixels: [tiles, tile, tile, 3] u8, RGB; out: [tiles * ((tile / patch)^2 + (1 with a class token)), stride] f32.
 */
export async function createPatches(
  device: EngineDevice,
  pixels: DeviceBuffer,
  out: Rows,
  state: DeviceBuffer,
  shape: PatchShape,
): Promise<Dispatch> {
  const { tile, patch, mean, std, hasClass } = shape;
  const sizes = [tile, patch, tile / patch, out.stride];
  // A vec3 in a uniform takes three words, and the next begins at a fourth.
  const words = new Uint32Array([
    ...sizes,
    ...mean.map(floatBits),
    Number(hasClass),
    ...std.map(floatBits),
    0,
  ]);
  const params = await device.memory.uniform('patches', words);
  return device.createDispatch(patchesSpec(), { 0: params, 1: pixels, 2: out.buffer, 7: state }, step =>
    foldGrid(Math.ceil((step.tokens * out.stride) / workgroup)),
  );
}

export function positionsSpec(): KernelSpec {
  return {
    kernel: 'positions',
    form: {},
    label: 'positions',
    code: positionsShader,
    entryPoint: 'positions',
  };
}

/**
 * Adds the table's row to each patch and puts class embedding + row 0 at each class token, where there are any, in place.
 * x: [tiles * positions, stride] f32; classEmbedding: [hidden] f32; table: [positions, hidden] f32.
 */
export async function createPositions(
  device: EngineDevice,
  x: Rows,
  classEmbedding: DeviceBuffer | undefined,
  table: DeviceBuffer,
  state: DeviceBuffer,
  shape: { positions: number; hidden: number },
): Promise<Dispatch> {
  const words = new Uint32Array([
    shape.positions,
    shape.hidden,
    x.stride,
    Number(classEmbedding !== undefined),
  ]);
  const params = await device.memory.uniform('positions', words);
  return device.createDispatch(
    positionsSpec(),
    // Without class tokens nothing is read there.
    { 0: params, 1: x.buffer, 2: classEmbedding ?? table, 3: table, 7: state },
    step => foldGrid(Math.ceil((step.tokens * shape.hidden) / workgroup)),
  );
}

export function pixelShuffleSpec(): KernelSpec {
  return {
    kernel: 'pixel-shuffle',
    form: {},
    label: 'pixel-shuffle',
    code: pixelShuffleShader,
    entryPoint: 'pixel_shuffle',
  };
}

/**
 * Joins 2 x 2 patches into one token [top left, top right, bottom left, bottom right] and drops the class tokens.
 * The step's tokens count rows of `out`.
 * x: [tiles * (side^2 + 1), stride] f32, side even; out: [tiles * (side / 2)^2, stride >= 4 * hidden] f32.
 */
export async function createPixelShuffle(
  device: EngineDevice,
  x: Rows,
  out: Rows,
  state: DeviceBuffer,
  shape: { side: number; hidden: number },
): Promise<Dispatch> {
  const words = new Uint32Array([shape.side, shape.hidden, x.stride, out.stride]);
  const params = await device.memory.uniform('pixel-shuffle', words);
  return device.createDispatch(
    pixelShuffleSpec(),
    { 0: params, 1: x.buffer, 2: out.buffer, 7: state },
    step => foldGrid(Math.ceil((step.tokens * 4 * shape.hidden) / workgroup)),
  );
}

export function patchPoolSpec(): KernelSpec {
  return {
    kernel: 'patch-pool',
    form: {},
    label: 'patch-pool',
    code: patchPoolShader,
    entryPoint: 'patch_pool',
  };
}

/**
 * The mean of `factor` x `factor` neighbouring patches of tiles without class tokens. The step's tokens count rows of `out`.
 * x: [tiles * side^2, stride] f32, side a multiple of factor; out: [tiles * (side / factor)^2, stride >= hidden] f32.
 */
export async function createPatchPool(
  device: EngineDevice,
  x: Rows,
  out: Rows,
  state: DeviceBuffer,
  shape: { side: number; factor: number; hidden: number },
): Promise<Dispatch> {
  const words = new Uint32Array([shape.side, shape.factor, shape.hidden, x.stride, out.stride]);
  const params = await device.memory.uniform('patch-pool', words);
  return device.createDispatch(patchPoolSpec(), { 0: params, 1: x.buffer, 2: out.buffer, 7: state }, step =>
    foldGrid(Math.ceil((step.tokens * shape.hidden) / workgroup)),
  );
}
