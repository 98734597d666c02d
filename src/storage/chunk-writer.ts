/**
 * Stores a file chunk by chunk, in any order. A chunk counts only after it was read back from the database and found to be
 * what was written: a crash at any moment leaves chunks that count and chunks that will be written again, nothing between.
 */
import { abortedError, BedsideError } from '../engine/errors.ts';
import { checksum } from './checksum.ts';
import type { Database } from './database.ts';
import { isRawObject } from './raw-object.ts';
import { readChunk } from './read-chunk.ts';
import { sha256Hex } from './sha256.ts';
import { notAsWritten, wrongHash } from './weight-errors.ts';
import {
  chunkCount,
  chunkKey,
  chunkLength,
  manifestKey,
  migrateManifest,
  partKey,
  partPrefix,
  readPartKey,
  type WeightManifest,
  withEntry,
} from './weight-manifest.ts';

export interface ChunkWriter {
  readonly bytes: number;
  readonly chunkBytes: number;
  readonly version: string | undefined;
  /** Of the chunks that count. */
  readonly storedBytes: number;
  /** SHA-256 (hex) of a chunk that counts; '' of one that does not. */
  hashOf(index: number): string;
  /** The chunks that do not count yet, first to last. */
  missing(): number[];
  /**
   * Writes one chunk, reads it back and marks it. Rejects with 'wrong-hash' where it is not the pinned one, 'storage-full',
   * 'storage-unavailable', or 'aborted' where the file was deleted meanwhile.
   */
  write(index: number, data: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Keeps bytes of a chunk that is still arriving: those from `offset` within it. */
  writePart(index: number, offset: number, data: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Copies the beginning of a chunk that was kept into `chunk`; resolves with its length. */
  readParts(index: number, chunk: Uint8Array): Promise<number>;
  /** Marks the file complete. Only once no chunk is missing. */
  finish(): Promise<void>;
}

export function createChunkWriter(
  database: Database,
  first: WeightManifest,
  pinned: readonly string[] | undefined,
  keptKeys: readonly string[],
): ChunkWriter {
  const { id } = first;
  let manifest = first;
  const partKeys = new Set(keptKeys.filter(key => key.startsWith(`${id}/part/`)));
  /** Parts that are being written. */
  const keeping = new Set<Promise<void>>();
  let isShort = false;

  /** What another tab wrote meanwhile stays. */
  async function change(changed: (current: WeightManifest) => Partial<WeightManifest>): Promise<void> {
    let next: WeightManifest | undefined;
    await database.update([manifestKey(id)], ([record]) => {
      const current = migrateManifest(record);
      next = current && { ...current, ...changed(current), savedAt: Date.now() };
      return next ? [[manifestKey(id), next]] : [];
    });
    if (!next) throw abortedError();
    manifest = next;
  }

  /** Where a chunk finds no room, the parts give way and none is kept any more: they only spare a crash some fetching. */
  async function store(entries: [key: string, value: unknown][]): Promise<void> {
    try {
      await database.setMany(entries);
    } catch (thrown) {
      if (!isCode(thrown, 'storage-full')) throw thrown;
      isShort = true;
      await Promise.all(keeping);
      await database.deleteMany([...partKeys]);
      partKeys.clear();
      // Also where nothing was left to delete: another chunk may have made this room a moment ago.
      await database.setMany(entries);
    }
  }

  async function keepPart(key: string, data: Uint8Array<ArrayBuffer>): Promise<void> {
    try {
      // A copy: the caller goes on filling the buffer that `data` is a view of.
      const part = { data: data.slice(), checksum: checksum(data) };
      // Of a file that was deleted meanwhile nothing may stay behind.
      await database.update([manifestKey(id)], ([record]) => (record ? [[key, part]] : []));
      partKeys.add(key);
    } catch (thrown) {
      // Only a crash would miss it: the room is better kept for whole chunks.
      if (!isCode(thrown, 'storage-full')) throw thrown;
    }
  }

  async function dropParts(index: number): Promise<void> {
    const unwanted = [...partKeys].filter(key => key.startsWith(partPrefix(id, index)));
    if (unwanted.length === 0) return;
    await database.deleteMany(unwanted);
    for (const key of unwanted) partKeys.delete(key);
  }

  const isMissing = (index: number) => (manifest.sha256[index] ?? '') === '';

  return {
    bytes: first.bytes,
    chunkBytes: first.chunkBytes,
    version: first.version,

    get storedBytes() {
      return storedBytesOf(manifest);
    },

    hashOf: index => manifest.sha256[index] ?? '',

    missing: () => Array.from({ length: chunkCount(first) }, (_, index) => index).filter(isMissing),

    async write(index, data) {
      // The browser takes the bytes over in the background: here, beside the hashing.
      const blob = new Blob([data]);
      const hashing = sha256Hex(data);
      const sum = checksum(data);
      const hash = await hashing;
      const expected = pinned?.[index]?.toLowerCase();
      if (expected !== undefined && hash !== expected) {
        await dropParts(index);
        throw wrongHash();
      }
      await store([[chunkKey(id, index), blob]]);
      const readBack = await readChunk(database, id, index);
      const isAsWritten = readBack?.length === data.length && checksum(readBack) === sum;
      try {
        await change(current => ({
          sha256: withEntry(current.sha256, index, isAsWritten ? hash : ''),
          checksums: withEntry(current.checksums, index, isAsWritten ? sum : ''),
        }));
      } catch (thrown) {
        // Of a file that was deleted meanwhile nothing may stay behind.
        if (isCode(thrown, 'aborted')) await database.deleteMany([chunkKey(id, index), ...partKeys]);
        throw thrown;
      }
      if (!isAsWritten) throw notAsWritten(`chunk ${index} of ${id}`);
      await dropParts(index);
    },

    async writePart(index, offset, data) {
      if (isShort) return;
      const kept = keepPart(partKey(id, index, offset, offset + data.length), data);
      // A failure is told to who keeps the part.
      const settled = kept.catch(() => undefined);
      keeping.add(settled);
      await kept.finally(() => keeping.delete(settled));
    },

    async readParts(index, chunk) {
      const keys = [...partKeys].filter(key => key.startsWith(partPrefix(id, index))).sort();
      let filled = 0;
      for (const key of keys) {
        const part: unknown = await database.get(key);
        if (!isRawObject(part) || !(part.data instanceof Uint8Array)) break;
        const { offset } = readPartKey(key) ?? {};
        const fits = offset === filled && offset + part.data.length <= chunk.length;
        if (!fits || checksum(part.data) !== part.checksum) break;
        chunk.set(part.data, offset);
        filled += part.data.length;
      }
      return filled;
    },

    async finish() {
      if (partKeys.size > 0) await database.deleteMany([...partKeys]);
      partKeys.clear();
      await change(() => ({ complete: true }));
    },
  };
}

export const storedBytesOf = (manifest: WeightManifest): number =>
  manifest.sha256.reduce((sum, hash, index) => sum + (hash === '' ? 0 : chunkLength(manifest, index)), 0);

const isCode = (thrown: unknown, code: BedsideError['code']): boolean =>
  thrown instanceof BedsideError && thrown.code === code;
