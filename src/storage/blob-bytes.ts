/**
 * Bytes in place of Blobs, for browsers that store the one and refuse the other: in a private window of WebKit a Blob put
 * into IndexedDB aborts the transaction, and an array does not.
 */
import { isRawObject } from './raw-object.ts';

type Entry = [key: string, value: unknown];

/** What lies in the database in place of a Blob. */
interface BlobBytes {
  kind: 'blob-bytes';
  type: string;
  bytes: Uint8Array<ArrayBuffer>;
}

export type BytesOfBlobs = ReadonlyMap<Blob, BlobBytes>;

/** The Blobs among the values and among the fields of values; deeper ones are not looked for, and there are none. */
export function blobsIn(entries: readonly Entry[]): Blob[] {
  return entries
    .flatMap(([, value]) => (isPlain(value) ? Object.values(value) : [value]))
    .filter(value => value instanceof Blob);
}

export async function readBlobs(blobs: readonly Blob[]): Promise<BytesOfBlobs> {
  const read = async (blob: Blob): Promise<[Blob, BlobBytes]> => [
    blob,
    { kind: 'blob-bytes', type: blob.type, bytes: new Uint8Array(await blob.arrayBuffer()) },
  ];
  return new Map(await Promise.all(blobs.map(read)));
}

/** The same entries with bytes where there were Blobs. */
export function withBytes(entries: readonly Entry[], bytes: BytesOfBlobs): Entry[] {
  const replace = (value: unknown) => (value instanceof Blob ? (bytes.get(value) ?? value) : value);
  return entries.map(([key, value]) => [key, mapFields(value, replace)]);
}

/** What was stored, with Blobs again. */
export function withBlobs(value: unknown): unknown {
  return isBlobBytes(value)
    ? blobOf(value)
    : mapFields(value, each => (isBlobBytes(each) ? blobOf(each) : each));
}

function mapFields(value: unknown, replace: (value: unknown) => unknown): unknown {
  if (!isPlain(value)) return replace(value);
  const fields = Object.entries(value);
  // Most records have nothing to replace and stay the objects that they are.
  if (fields.every(([, field]) => replace(field) === field)) return value;
  return Object.fromEntries(fields.map(([name, field]) => [name, replace(field)]));
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  isRawObject(value) && !(value instanceof Blob) && !ArrayBuffer.isView(value) && !Array.isArray(value);

const isBlobBytes = (value: unknown): value is BlobBytes =>
  isRawObject(value) &&
  value.kind === 'blob-bytes' &&
  typeof value.type === 'string' &&
  value.bytes instanceof Uint8Array;

const blobOf = ({ type, bytes }: BlobBytes): Blob => new Blob([bytes], { type });
