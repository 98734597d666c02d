import type { GgufTensor } from '../formats/gguf.ts';
import type { MemoryLimits } from '../gpu/device.ts';
import { joinedRows } from '../kernels/joined-matrix.ts';
import { rowsPerPart } from '../kernels/matrix.ts';
import { paddedColumns, placements } from '../quant/gpu-formats.ts';
import type { MemoryPlan } from '../types.ts';
import type { LlamaConfig } from './llama-config.ts';
import { joinedTensors } from './llama-tensors.ts';
import type { VisionFile } from './vision-file.ts';
import { positionTable } from './vision-tensors.ts';
import { runsOfOneFormat } from './weights.ts';

/** Buffers below this are probed together: there are thousands, and drivers cut them from larger pieces anyway. */
const smallBytes = 1024 * 1024;
const remainderBytes = 32 * 1024 * 1024;

/**
 * Sizes of the buffers that a model takes while it is loaded: its large ones as they are, all else in a few pieces. They add
 * up to `memory.total` and `memory.upload`.
 */
export function plannedBuffers(
  device: MemoryLimits,
  config: LlamaConfig,
  tensors: readonly GgufTensor[],
  memory: MemoryPlan,
  vision?: VisionFile,
): number[] {
  const sizes = [
    ...matrixBuffers(device, tensors, joinedTensors(config)),
    ...new Array<number>(2 * config.layers).fill(memory.cache / (2 * config.layers)),
  ];
  if (vision) {
    const matrices = [...vision.tensors.values()].filter(({ name }) => name !== positionTable);
    sizes.push(...matrixBuffers(device, matrices, []));
  }
  const large = sizes.filter(size => size >= smallBytes);
  let rest = memory.total + memory.upload - large.reduce((sum, size) => sum + size, 0);
  for (; rest > 0; rest -= remainderBytes) large.push(Math.min(rest, remainderBytes));
  return large;
}

/** Each part of a matrix is one buffer, and so are joined matrices that the device can bind as one. */
function matrixBuffers(
  device: MemoryLimits,
  tensors: readonly GgufTensor[],
  together: readonly (readonly string[])[],
): number[] {
  const byName = new Map(tensors.map(tensor => [tensor.name, tensor]));
  const sizes: number[] = [];
  for (const names of together) {
    for (const run of runsOfOneFormat(names.map(name => byName.get(name)!))) {
      const rows = joinedRows(run.map(({ shape }) => shape[1]!));
      if (run.length < 2 || rows > mostRows(device, run[0]!)) continue;
      sizes.push(rows * rowBytes(run[0]!));
      for (const { name } of run) byName.delete(name);
    }
  }
  for (const tensor of byName.values()) {
    const [, rows] = tensor.shape;
    if (rows === undefined) continue;
    const most = mostRows(device, tensor);
    for (let first = 0; first < rows; first += most) {
      sizes.push(Math.min(most, rows - first) * rowBytes(tensor));
    }
  }
  return sizes;
}

function rowBytes({ shape, typeName }: GgufTensor): number {
  const planes = placements[typeName]!.format.planeBytes(paddedColumns(shape[0]!));
  return planes.reduce((sum, plane) => sum + plane, 0);
}

function mostRows(device: MemoryLimits, { shape, typeName }: GgufTensor): number {
  return rowsPerPart(device, shape[0]!, placements[typeName]!.format);
}
