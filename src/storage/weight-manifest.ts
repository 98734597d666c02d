import { BedsideError } from '../engine/errors.ts';
import { type Sentence, sentence } from '../engine/sentence.ts';
import { isRawObject } from './raw-object.ts';
import { text, time } from './record-fields.ts';

export const mebibyte = 1024 * 1024;
export const defaultChunkBytes = 16 * mebibyte;
/** More than any disk of a device that runs a model. */
const mostBytes = 2 ** 44;

/** What is stored of one file of a model, under `ID/manifest`. It may be used only once `complete` is true. */
export interface WeightManifest {
  v: 1;
  id: string;
  url: string;
  bytes: number;
  chunkBytes: number;
  /** SHA-256 (hex) of each chunk held under `ID/chunk/N`; '' or missing where the chunk is not there. */
  sha256: string[];
  /** What a chunk read back is compared with, once its SHA-256 was right; '' or missing where only that is known. */
  checksums?: string[];
  complete: boolean;
  /** Milliseconds since 1970 of the last change. */
  savedAt: number;
  /** The file's name, to be shown and to be exported under. */
  name?: string;
  /** What the server called this version of the file (ETag or date): with another one, a download cannot go on. */
  version?: string;
}

export const manifestKey = (id: string): string => `${id}/manifest`;
export const chunkKey = (id: string, index: number): string => `${id}/chunk/${index}`;
export const partPrefix = (id: string, index: number): string => `${id}/part/${index}/`;
/** Bytes of a chunk that is still arriving, from `offset` within it up to `end`. */
export const partKey = (id: string, index: number, offset: number, end: number): string =>
  `${partPrefix(id, index)}${String(offset).padStart(10, '0')}-${end}`;
/** What the key of a part says; undefined of any other key. */
export function readPartKey(
  key: string,
): { id: string; index: number; offset: number; end: number } | undefined {
  const [, id = '', index, offset, end] = /^([^/]+)\/part\/(\d+)\/(\d+)-(\d+)$/.exec(key) ?? [];
  return end === undefined
    ? undefined
    : { id, index: Number(index), offset: Number(offset), end: Number(end) };
}
/** Every record of a file starts so: an id holds no slash. */
export const filePrefix = (id: string): string => `${id}/`;

export const chunkCount = (layout: { bytes: number; chunkBytes: number }): number =>
  Math.ceil(layout.bytes / layout.chunkBytes);

export const chunkLength = (layout: { bytes: number; chunkBytes: number }, index: number): number =>
  Math.min(layout.chunkBytes, layout.bytes - index * layout.chunkBytes);

/** Reads a stored record of any version; undefined for what this version of Bedside cannot read. */
export function migrateManifest(record: unknown): WeightManifest | undefined {
  if (!isRawObject(record) || record.v !== 1) return undefined;
  const { id, url, bytes, chunkBytes, sha256, checksums, complete, savedAt, name, version } = record;
  // Without these nothing of it can be found.
  if (typeof id !== 'string' || layoutProblem({ id, bytes: Number(bytes), chunkBytes: Number(chunkBytes) })) {
    return undefined;
  }
  const layout = { bytes: bytes as number, chunkBytes: chunkBytes as number };
  const chunks = chunkCount(layout);
  // A chunk whose hash cannot be read does not count, and is fetched or copied again.
  const textsOf = (list: unknown) =>
    Array.isArray(list) ? list.slice(0, chunks).map(each => text(each) ?? '') : [];
  return {
    v: 1,
    id,
    url: text(url) ?? '',
    ...layout,
    sha256: textsOf(sha256),
    ...(Array.isArray(checksums) ? { checksums: textsOf(checksums) } : {}),
    complete: complete === true,
    savedAt: time(savedAt) ?? 0,
    ...(typeof name === 'string' ? { name } : {}),
    ...(typeof version === 'string' ? { version } : {}),
  };
}

/** A list without holes in which `entry` stands at `index`. */
export function withEntry(list: readonly string[] = [], index: number, entry: string): string[] {
  return Array.from({ length: Math.max(list.length, index + 1) }, (_, i) =>
    i === index ? entry : (list[i] ?? ''),
  );
}

/** Whether the hashes that are there are the pinned ones. */
export function hashesAgree(stored: readonly string[], pinned: readonly string[] | undefined): boolean {
  return !pinned || stored.every((hash, index) => hash === '' || hash === pinned[index]?.toLowerCase());
}

export interface WeightLayout {
  id: string;
  bytes: number;
  chunkBytes: number;
  expectedSha256?: string[];
}

/** Refuses what the store could not hold or find again. */
export function checkLayout(layout: WeightLayout): void {
  const problem = layoutProblem(layout);
  if (!problem) return;
  throw new BedsideError(
    'invalid-request',
    sentence`model-cannot-be-stored: The model cannot be stored: ${{ problem }}.`,
    'The list of models is wrong. Reload the page; if it happens again, tell whoever runs this site.',
  );
}

function layoutProblem({ id, bytes, chunkBytes, expectedSha256 }: WeightLayout): Sentence | undefined {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(id))
    return sentence`unusable-model-id: "${{ id }}" is not a usable model id`;
  if (!Number.isSafeInteger(bytes) || bytes <= 0 || bytes > mostBytes)
    return sentence`impossible-size: its size is given as ${{ bytes }} bytes`;
  if (!Number.isSafeInteger(chunkBytes) || chunkBytes < 8 * mebibyte || chunkBytes > 64 * mebibyte) {
    return sentence`chunks-out-of-range: chunks of ${{ chunkBytes }} bytes are outside 8 to 64 MiB`;
  }
  if (expectedSha256 && expectedSha256.length !== chunkCount({ bytes, chunkBytes })) {
    return sentence`hashes-do-not-fit: ${{ hashes: expectedSha256.length }} chunk hashes do not fit ${{ bytes }} bytes in chunks of ${{ chunkBytes }}`;
  }
  return undefined;
}
