import type { MemoryLimits } from '../../device/memory.ts';
import type { GgufTensor } from '../../formats/gguf.ts';
import { joinedRows } from '../../kernels/joined-matrix.ts';
import { layOutMatrix, partLabel, rowsPerPart } from '../../kernels/matrix.ts';
import { paddedColumns, placements } from '../../quant/gpu-formats.ts';
import { groupOfTensor } from './layer-group.ts';

/** What is allocated at a time: a vector, a matrix, or several matrices in one buffer. */
export interface WeightUnit {
  tensors: readonly GgufTensor[];
  /** Whether these, or this one and others, are multiplied with the same vector. */
  isTogether: boolean;
}

/**
 * The tensors of a file as they are allocated, in order, for the plan and for allocation.
 * @param together names of matrices of one width that are multiplied with the same vector: neighbours of one format are joined
 * where the device can bind them as one
 */
export function layOutWeights(
  device: MemoryLimits,
  tensors: Iterable<GgufTensor>,
  together: Iterable<readonly string[]>,
): WeightUnit[] {
  const left = new Map([...tensors].map(tensor => [tensor.name, tensor]));
  const units: WeightUnit[] = [];
  for (const names of together) {
    for (const run of runsOfOneFormat(names.map(name => left.get(name)!))) {
      const groups = canJoin(device, run) ? [run] : run.map(tensor => [tensor]);
      units.push(...groups.map(group => ({ tensors: group, isTogether: true })));
    }
    for (const name of names) left.delete(name);
  }
  for (const tensor of left.values()) units.push({ tensors: [tensor], isTogether: false });
  return units;
}

/** Neighbours whose matrices have one format on the GPU. */
function runsOfOneFormat(tensors: readonly GgufTensor[]): GgufTensor[][] {
  const runs: GgufTensor[][] = [];
  for (const tensor of tensors) {
    const run = runs.at(-1);
    const formatOf = ({ typeName }: GgufTensor) => placements[typeName]!.format;
    if (run && formatOf(run[0]!) === formatOf(tensor)) run.push(tensor);
    else runs.push([tensor]);
  }
  return runs;
}

function canJoin(device: MemoryLimits, run: readonly GgufTensor[]): boolean {
  const { shape, typeName } = run[0]!;
  const most = rowsPerPart(device, shape[0]!, placements[typeName]!.format);
  return run.length > 1 && rowsOf(run) <= most;
}

function rowsOf(tensors: readonly GgufTensor[]): number {
  return joinedRows(tensors.map(({ shape }) => shape[1]!));
}

/** Bytes of a vector on the device: as long as the activations that it may be multiplied with. */
export function vectorBytes({ elements }: GgufTensor): number {
  return 4 * paddedColumns(elements);
}

/** The buffers of a unit, each as it is allocated, with what of it has to be bound at once. */
export function unitBuffers(
  device: MemoryLimits,
  { tensors }: WeightUnit,
): { name: string; label: string; group: string; bytes: number; boundBytes: number }[] {
  const name = tensors.map(tensor => tensor.name).join(' + ');
  const [first] = tensors;
  const { shape, typeName } = first!;
  const group = groupOfTensor(first!.name);
  if (shape[1] === undefined) {
    const bytes = vectorBytes(first!);
    return [{ name, label: name, group, bytes, boundBytes: bytes }];
  }
  return layOutMatrix(device, rowsOf(tensors), shape[0]!, placements[typeName]!.format).map(part => ({
    name,
    label: partLabel(name, part),
    group,
    bytes: part.bytes,
    boundBytes: Math.max(...part.planes.map(({ size }) => size)),
  }));
}
