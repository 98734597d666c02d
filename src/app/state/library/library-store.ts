import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  type CatalogueEntry,
  type CheckpointRecord,
  type DownloadNotice,
  type ErrorData,
  filesOfEntry,
  type KeptFeatureSummary,
  type LibraryPhase,
  type ModelIdentity,
  type ModelRecord,
  type RemoteFile,
  type StorageEstimate,
  type StoredFile,
} from '../../../client/index.ts';

/** What is being done with a model of the library. */
export interface LibraryJob {
  phase: LibraryPhase;
  done: number;
  total: number;
  /** Over the last seconds; null until there is something to measure. */
  bytesPerSecond: number | null;
  notice: DownloadNotice | null;
}

/** The ways in which a model is added. */
export type AdditionWay = 'disk' | 'checkpoint' | 'address';

export interface FailedAddition {
  way: AdditionWay;
  error: ErrorData;
}

export interface LibraryState {
  records: ModelRecord[];
  files: StoredFile[];
  /** By the model's id. */
  jobs: Record<string, LibraryJob>;
  errors: Record<string, ErrorData>;
  /** What was added last and of which nothing could be had: said where it was added. */
  failedAddition: FailedAddition | null;
  /** Added last by the reader, until the list has shown it. */
  addedId: string | null;
  /** Whether the browser has promised not to clear this site's storage by itself; null until known. */
  isPersistent: boolean | null;
  estimate: StorageEstimate | null;
  /** What was computed of images and is kept; null until known. */
  imageFeatures: KeptFeatureSummary | null;
}

export type LibraryStore = StoreApi<LibraryState>;

export function createLibraryStore(): LibraryStore {
  return createStore<LibraryState>(() => ({
    records: [],
    files: [],
    jobs: {},
    errors: {},
    failedAddition: null,
    addedId: null,
    isPersistent: null,
    estimate: null,
    imageFeatures: null,
  }));
}

export interface LibraryFile extends RemoteFile {
  role: 'text' | 'vision';
}

/** A model of which something is, or should be, on this device. */
export interface LibraryModel {
  id: string;
  name: string;
  /** The catalogue's entry that was chosen for it; absent of a file that is nothing but what it says itself. */
  entryId?: string;
  /** What it says itself, where that is known. */
  identity?: ModelIdentity;
  /** Text first, then images; each whole or in parts. */
  files: LibraryFile[];
  /** What the files are made from, where they are not fetched as they are. */
  checkpoint?: CheckpointRecord;
  /** Where what is missing can be had without the reader: not of files that came from a drive. */
  isFetchable: boolean;
  /** Of all files; undefined until a server has told. */
  bytes: number | undefined;
  /** What need not be fetched again. */
  storedBytes: number;
  isComplete: boolean;
  /** Its entry cannot be read: it can only be deleted. */
  condition?: ModelRecord['condition'];
  /** It comes with the site, and is fetched again when it is used. */
  isDemonstration: boolean;
}

/** Demonstrations as far as they are stored, then what the reader added, in that order. */
export function listLibraryModels(
  catalogue: readonly CatalogueEntry[],
  { records, files }: Pick<LibraryState, 'records' | 'files'>,
): LibraryModel[] {
  const demonstrations = catalogue
    .filter(entry => entry.kind === 'demonstration')
    .map(({ id, name, file, vision }) => ({
      ...describe(filesOfEntry({ file }), filesOfEntry({ file: vision?.file }), files),
      id,
      name,
      entryId: id,
      isDemonstration: true,
    }))
    .filter(({ storedBytes }) => storedBytes > 0);
  const added = records.map(({ id, name, entryId, identity, text, vision = [], checkpoint, condition }) => {
    const described = describe(text, vision, files);
    return {
      ...described,
      id,
      name,
      ...(entryId === undefined ? {} : { entryId }),
      ...(identity ? { identity } : {}),
      ...(checkpoint ? { checkpoint, isFetchable: true } : {}),
      ...(condition ? { condition, isFetchable: false, isComplete: false } : {}),
      isDemonstration: false,
    };
  });
  return [...demonstrations, ...added];
}

function describe(text: readonly RemoteFile[], vision: readonly RemoteFile[], files: readonly StoredFile[]) {
  const parts: LibraryFile[] = [
    ...text.map(file => ({ ...file, role: 'text' as const })),
    ...vision.map(file => ({ ...file, role: 'vision' as const })),
  ];
  const stored = parts.map(part => files.find(file => file.id === part.id));
  const sizes = parts.map((part, i) => stored[i]?.bytes ?? part.bytes);
  return {
    files: parts,
    isFetchable: parts.every(({ url }) => url !== ''),
    bytes: sizes.every(size => size !== undefined) ? sizes.reduce((sum, size) => sum + size, 0) : undefined,
    storedBytes: stored.reduce((sum, file) => sum + (file ? file.storedBytes + file.keptBytes : 0), 0),
    isComplete: stored.every(file => file?.complete === true),
  };
}
