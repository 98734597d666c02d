import type { ModelFileRecord, ModelRecord } from '../../storage/model-records.ts';
import type { StoredFile } from '../../worker/library/library-messages.ts';
import type { CatalogueEntry, StoredSource } from './catalogue.ts';

/** The models that the reader added and that are complete, each as the catalogue would list it. */
export function listInstalledEntries(
  catalogue: readonly CatalogueEntry[],
  records: readonly ModelRecord[],
  files: readonly StoredFile[],
): CatalogueEntry[] {
  const storedBytes = (id: string) => files.find(file => file.id === id && file.complete)?.bytes;
  const source = (parts: readonly ModelFileRecord[]): StoredSource => {
    const sources = parts.map(part => ({
      ...part,
      kind: 'url' as const,
      bytes: part.bytes ?? storedBytes(part.id) ?? 0,
    }));
    return sources.length === 1 ? sources[0]! : { kind: 'split', parts: sources };
  };
  return records.flatMap(({ id, name, entryId, text, vision, condition }) => {
    if (condition) return [];
    const kind = catalogue.find(entry => entry.id === entryId);
    const isHere = [...text, ...(vision ?? [])].every(file => storedBytes(file.id) !== undefined);
    if (!kind || !isHere) return [];
    const { expects: _, publisher: __, vision: ___, ...rest } = kind;
    return [
      {
        ...rest,
        id,
        name,
        kind: 'installed' as const,
        file: source(text),
        ...(vision ? { vision: { file: source(vision) } } : {}),
      },
    ];
  });
}
