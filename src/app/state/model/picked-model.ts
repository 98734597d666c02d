import { type ModelSource, readShardName } from '../../../client/index.ts';

/** A file of a model, or the parts that it was split into. */
export type PickedFile = File | readonly File[];

/** Files that came together, the parts of one split file (their names say so) as one. In the order in which they came. */
export function groupParts(files: readonly File[]): PickedFile[] {
  const groups = new Map<string | File, File[]>();
  for (const file of files) {
    const part = readShardName(file.name);
    const key = part ? `${part.count} ${part.stem}` : file;
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  return [...groups.values()].map(group => (group.length === 1 ? group[0]! : group));
}

export function sourceOf(picked: PickedFile): ModelSource {
  if (picked instanceof File) return { kind: 'file', file: picked };
  return { kind: 'split', parts: picked.map(file => ({ kind: 'file', file })) };
}

export function nameOf(picked: PickedFile): string {
  if (picked instanceof File) return picked.name;
  return `${readShardName(picked[0]!.name)!.stem}.gguf (${picked.length} parts)`;
}

export function sizeOf(picked: PickedFile): number {
  return picked instanceof File ? picked.size : picked.reduce((sum, { size }) => sum + size, 0);
}
