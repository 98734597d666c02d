import { FormatError } from '../../errors.ts';
import type { GgufTensor } from '../../formats/gguf.ts';
import type { GgmlTypeName } from '../../quant/block-formats.ts';
import { placements } from '../../quant/gpu-formats.ts';
import { sentence } from '../../sentence.ts';

/** Throws FormatError unless the tensor has exactly this shape (ggml order). */
export function checkShape(tensor: GgufTensor, shape: readonly number[]): void {
  if (shape.length === tensor.shape.length && shape.every((size, i) => size === tensor.shape[i])) return;
  throw new FormatError(
    tensor.offset,
    sentence`tensor-of-wrong-shape: The tensor "${{ tensor: tensor.name }}" has the shape ${{ shape: tensor.shape.join(' x ') }}, expected ${{ expected: shape.join(' x ') }}`,
  );
}

/** Throws `unsupported-type` where the GPU has no place for the tensor's type. */
export function checkType(tensor: GgufTensor, advice: string): void {
  if (placements[tensor.typeName]) return;
  throw new FormatError(
    tensor.offset,
    sentence`tensor-type-is-not-supported: The tensor "${{ tensor: tensor.name }}" is stored as ${{ type: tensor.typeName }}, which is not supported`,
    'unsupported-type',
    advice,
  );
}

/** Types of the tensors, the one with most bytes first. */
export function typesBySize(tensors: Iterable<GgufTensor>): GgmlTypeName[] {
  const bytesByType = new Map<GgmlTypeName, number>();
  for (const { typeName, bytes } of tensors) {
    bytesByType.set(typeName, (bytesByType.get(typeName) ?? 0) + bytes);
  }
  return [...bytesByType.keys()].sort((a, b) => bytesByType.get(b)! - bytesByType.get(a)!);
}
