import type { ModelRecord } from '../storage/model-records.ts';
import type { RemoteFile, StoredFile } from '../worker/library/protocol.ts';
import type { UrlSource } from '../worker/protocol.ts';
import type { CatalogueEntry } from './catalogue.ts';

/** The models that the reader added and that are complete, each as the catalogue would list it. */
export function listInstalledEntries(
  catalogue: readonly CatalogueEntry[],
  records: readonly ModelRecord[],
  files: readonly StoredFile[],
): CatalogueEntry[] {
  const isComplete = (id: string) => files.some(file => file.id === id && file.complete);
  return records.flatMap(({ id, name, entryId, text, vision }) => {
    const kind = catalogue.find(entry => entry.id === entryId);
    if (!kind || !isComplete(text.id) || (vision && !isComplete(vision.id))) return [];
    const { expects: _, vision: __, ...rest } = kind;
    const source = (file: RemoteFile): UrlSource => ({ ...file, kind: 'url' });
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
