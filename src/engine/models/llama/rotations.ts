import type { EngineDevice } from '../../device/device.ts';
import { familyOf } from '../../families/families.ts';
import { rotationTable } from '../../kernels/rotation-table.ts';
import type { HeldTensor } from '../tensors/held-tensor.ts';
import type { LlamaBuffers } from './llama.ts';
import type { LlamaConfig } from './llama-config.ts';

/** The tensor of the file that divides the frequencies: of two lists that for short sequences, which all are here. */
export function frequencyFactors(
  { architecture }: LlamaConfig,
  tensors: ReadonlyMap<string, HeldTensor>,
): HeldTensor | undefined {
  const [first] = familyOf(architecture).gguf.frequencyFactors;
  return tensors.get(`${first}.weight`);
}

/** The tables by which queries and keys rotate: of all layers, and of those with a window where their base is another. */
export function writeRotations(
  device: EngineDevice,
  config: LlamaConfig,
  buffers: LlamaBuffers,
  positions: number,
  factors: Float32Array | undefined,
): void {
  const { ropeDimensions: dimensions, ropeTheta: theta, ropeScale: scale, ropeMagnitude: magnitude } = config;
  const table = rotationTable(positions, dimensions, theta, factors, scale, magnitude);
  device.write(buffers.rotations, 0, table);
  if (buffers.windowRotations)
    device.write(buffers.windowRotations, 0, rotationTable(positions, dimensions, config.windowTheta!));
}
