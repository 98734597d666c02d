/** Which entry of the catalogue a file is of: proven by its hash, or only likely by what it is made of. */
import type { ModelIdentity } from '../../engine/types/model-identity.ts';
import type { CatalogueEntry, StoredSource } from './catalogue.ts';
import type { EntryStates, KnownFile } from './entry-states.ts';

/** `looks like`: made as each of these is. Other fine-tunes of the same base are too. */
export type FileClaim =
  | { by: 'hash'; entry: CatalogueEntry }
  | { by: 'looks like'; entries: CatalogueEntry[] }
  | { by: 'none' };

/** What the files of a model say. */
export interface FileIdentities {
  identity: ModelIdentity;
  /** Of the image half, where there is one. */
  vision?: ModelIdentity | undefined;
}

/** A hash proves a model where every file that is there is one of its own. */
export function claimFile(
  { identity, vision }: FileIdentities,
  catalogue: readonly CatalogueEntry[],
): FileClaim {
  const listed = catalogue.filter(({ kind }) => kind === 'demonstration' || kind === 'bring-your-own');
  const proven = listed.find(
    entry => isKnown(entry, 'text', identity) && (!vision || isKnown(entry, 'vision', vision)),
  );
  if (proven) return { by: 'hash', entry: proven };
  const entries = listed.filter(({ states }) => states && agrees(identity, states));
  return entries.length > 0 ? { by: 'looks like', entries } : { by: 'none' };
}

/** The files that an entry is recognised by. */
export function knownFilesOf({ file, vision, publisher, states }: CatalogueEntry): KnownFile[] {
  const published = publisher?.file;
  return [
    ...bundledFiles(file, 'text'),
    ...bundledFiles(vision?.file, 'vision'),
    ...(published ? [{ half: 'text' as const, bytes: published.bytes, sha256: published.sha256 }] : []),
    ...(states?.files ?? []),
  ];
}

/** Sizes in bytes of all files that are known by hash: no other is worth hashing. */
export function knownSizes(catalogue: readonly CatalogueEntry[]): number[] {
  return [...new Set(catalogue.flatMap(knownFilesOf).map(({ bytes }) => bytes))];
}

function isKnown(
  entry: CatalogueEntry,
  half: KnownFile['half'],
  { sha256, fileBytes }: ModelIdentity,
): boolean {
  // A model in parts is known by none of its parts.
  if (sha256?.length !== 1) return false;
  return knownFilesOf(entry).some(
    known => known.half === half && known.bytes === fileBytes && known.sha256 === sha256[0],
  );
}

function bundledFiles(source: StoredSource | undefined, half: KnownFile['half']): KnownFile[] {
  if (source?.kind !== 'url' || source.bytes === undefined || source.sha256 === undefined) return [];
  return [{ half, bytes: source.bytes, sha256: source.sha256 }];
}

/** Whether architecture, shape and vocabulary are all as stated; what the file does not say is not as stated. */
function agrees(identity: ModelIdentity, states: EntryStates): boolean {
  const { architecture, shape, vocabulary, contextTokens } = identity;
  if (architecture !== states.architecture || !vocabulary) return false;
  const ofShape = {
    ...shape,
    // As GGUF has it: as many as queries, where a file does not say.
    kvHeads: shape.kvHeads ?? shape.heads,
  };
  const { model, pieces, lastPiece, sha256 } = states.vocabulary;
  return (
    (Object.keys(states.shape) as (keyof EntryStates['shape'])[]).every(
      name => ofShape[name] === states.shape[name],
    ) &&
    (states.contextTokens === undefined || contextTokens === states.contextTokens) &&
    vocabulary.model === model &&
    vocabulary.pieces === pieces &&
    (lastPiece === undefined || vocabulary.lastPiece === lastPiece) &&
    (sha256 === undefined || vocabulary.sha256 === sha256)
  );
}
