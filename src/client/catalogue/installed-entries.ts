import type { ModelFileRecord, ModelRecord } from '../../storage/model-records.ts';
import type { StoredFile } from '../../worker/library/library-messages.ts';
import type { CatalogueEntry, StoredSource } from './catalogue.ts';
import { claimFile } from './claim-file.ts';
import { ownEntry } from './own-entry.ts';

/**
 * What a stored model is listed as but for its files: what it says itself where that is known, unless its hash proves it to be one of
 * the catalogue or it was made here from the checkpoint of one. Of what earlier versions stored only the reader's word is known.
 */
function kindOf(
  { id, entryId, identity, visionIdentity, checkpoint }: ModelRecord,
  catalogue: readonly CatalogueEntry[],
): CatalogueEntry | undefined {
  const chosen = catalogue.find(entry => entry.id === entryId);
  if (!identity || checkpoint) return chosen && { ...chosen, ...(identity ? { identity } : {}) };
  const files = { identity, vision: visionIdentity, template: null, imageTemplate: null };
  return ownEntry(files, claimFile(files, catalogue), id);
}

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
  return records.flatMap(record => {
    const { id, name, text, vision, template, includeHistory, system, condition } = record;
    if (condition) return [];
    const kind = kindOf(record, catalogue);
    const isHere = [...text, ...(vision ?? [])].every(file => storedBytes(file.id) !== undefined);
    if (!kind || !isHere) return [];
    const { expects: _, publisher: __, vision: ___, ...rest } = kind;
    return [
      {
        ...rest,
        id,
        name,
        ...(template === undefined ? {} : { template }),
        ...(includeHistory === undefined ? {} : { includeHistory }),
        ...(system === undefined ? {} : { system }),
        kind: 'installed' as const,
        file: source(text),
        ...(vision ? { vision: { file: source(vision) } } : {}),
      },
    ];
  });
}
