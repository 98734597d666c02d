/**
 * Model weights in IndexedDB: a manifest and one Blob a chunk. Blobs, because Chromium refuses array buffers
 * from 128 MiB and is several times slower with them. What the store holds had the right SHA-256 before it was written;
 * read back, it is compared with a checksum, which finds what a disk damaged.
 */
import { abortedError, BedsideError } from '../engine/errors.ts';
import type { ByteSource } from '../engine/formats/byte-source.ts';
import { describeBytes } from './byte-size.ts';
import { checksum } from './checksum.ts';
import { type ByteStream, type ChunkReader, cutIntoChunks } from './chunk-stream.ts';
import { type Database, estimateStorage, openDatabase, storageFullError } from './database.ts';
import { sha256Hex } from './sha256.ts';
import { storedModelSource } from './stored-model-source.ts';
import {
  checkLayout,
  chunkCount,
  chunkKey,
  chunkLength,
  chunkPrefix,
  defaultChunkBytes,
  manifestKey,
  migrateManifest,
  type WeightManifest,
} from './weight-manifest.ts';

export interface SaveModelOptions {
  url: string;
  bytes: number;
  /** 8 to 64 MiB; 16 MiB unless said otherwise. */
  chunkBytes?: number;
  /** SHA-256 (hex) of each chunk; what does not match is not stored. */
  expectedSha256?: string[];
  signal?: AbortSignal;
  onProgress?: (doneBytes: number, totalBytes: number) => void;
}

export interface StoredModel {
  id: string;
  url: string;
  bytes: number;
  complete: boolean;
  savedAt: number;
}

export interface WeightStore {
  /**
   * Stores a model from a stream of pieces of any size. Chunks already stored with the right hash are not
   * written again. Rejects with 'wrong-hash', 'network' (the stream broke or ended early), 'storage-full',
   * 'storage-unavailable' or 'aborted'; the chunks written so far are kept in every case.
   */
  saveModel(id: string, stream: ByteStream, options: SaveModelOptions): Promise<void>;
  /**
   * The bytes of a complete model; undefined when it is not stored, or not as `expectedSha256` says. A read
   * rejects with 'wrong-hash' when the stored copy is damaged, which is then no longer complete.
   */
  openModel(id: string, expectedSha256?: string[]): Promise<ByteSource | undefined>;
  /** Indices of the chunks that are stored and were verified: where a download can go on. */
  presentChunks(id: string): Promise<number[]>;
  listModels(): Promise<StoredModel[]>;
  deleteModel(id: string): Promise<void>;
}

export function createWeightStore(database: Database = openDatabase('bedside-weights')): WeightStore {
  async function readManifest(id: string): Promise<WeightManifest | undefined> {
    return migrateManifest(await database.get(manifestKey(id)));
  }

  async function keysOf(id: string): Promise<string[]> {
    const prefix = chunkPrefix(id);
    return (await database.keys()).filter(key => key === manifestKey(id) || key.startsWith(prefix));
  }

  async function presentIn(manifest: WeightManifest): Promise<number[]> {
    const keys = new Set(await keysOf(manifest.id));
    return manifest.sha256.flatMap((hash, index) =>
      hash !== '' && keys.has(chunkKey(manifest.id, index)) ? [index] : [],
    );
  }

  /** The manifest to continue from; what belongs to another version of the model is deleted first. */
  async function startManifest(id: string, options: SaveModelOptions, chunkBytes: number) {
    const { url, bytes, expectedSha256 } = options;
    const manifest: WeightManifest = {
      v: 1,
      id,
      url,
      bytes,
      chunkBytes,
      sha256: [],
      checksums: [],
      complete: false,
      savedAt: Date.now(),
    };
    const old = await readManifest(id);
    if (old?.bytes === bytes && old.chunkBytes === chunkBytes && hashesAgree(old.sha256, expectedSha256)) {
      for (const index of await presentIn(old)) {
        manifest.sha256 = withEntry(manifest.sha256, index, old.sha256[index] ?? '');
        manifest.checksums = withEntry(manifest.checksums, index, old.checksums?.[index] ?? '');
      }
    } else {
      await database.deleteMany(await keysOf(id));
    }
    return manifest;
  }

  async function storeChunks(chunks: ChunkReader, manifest: WeightManifest, options: SaveModelOptions) {
    const { id, bytes } = manifest;
    for (let index = 0, done = 0; done < bytes; index++) {
      const wanted = chunkLength(manifest, index);
      const chunk = await receive(() => chunks.fill(wanted), done, bytes);
      if (chunk.length < wanted) throw endedEarly(done + chunk.length, bytes);
      const hash = await sha256Hex(chunk);
      checkPinnedHash(hash, options.expectedSha256?.[index]);
      if (options.signal?.aborted) throw abortedError();
      if (manifest.sha256[index] !== hash) {
        const sha256 = withEntry(manifest.sha256, index, hash);
        const checksums = withEntry(manifest.checksums, index, checksum(chunk));
        // The chunk and the manifest that vouches for it, in one transaction.
        await database.setMany([
          [chunkKey(id, index), new Blob([chunk])],
          [manifestKey(id), { ...manifest, sha256, checksums, savedAt: Date.now() }],
        ]);
        Object.assign(manifest, { sha256, checksums });
      }
      done += wanted;
      options.onProgress?.(done, bytes);
    }
    if ((await receive(() => chunks.fill(1), bytes, bytes)).length > 0) throw wrongHash();
  }

  async function loadChunk(manifest: WeightManifest, index: number, verify: boolean): Promise<Uint8Array> {
    const { id } = manifest;
    const blob = await database.get(chunkKey(id, index));
    let data: Uint8Array<ArrayBuffer> | undefined;
    try {
      if (blob instanceof Blob) data = new Uint8Array(await blob.arrayBuffer());
    } catch {
      data = undefined; // A Blob whose file is gone from the disk cannot be read: damaged like any other.
    }
    const intact =
      data?.length === chunkLength(manifest, index) && (!verify || (await isSound(data, manifest, index)));
    if (data && intact) return data;
    await database.update([manifestKey(id)], ([record]) => {
      const current = migrateManifest(record);
      if (!current) return [];
      const sha256 = current.sha256.map((hash, i) => (i === index ? '' : hash));
      return [[manifestKey(id), { ...current, complete: false, sha256 }]];
    });
    throw new BedsideError(
      'wrong-hash',
      'The copy of this model stored on this device is damaged.',
      'Load the model again: the damaged copy is not used, and it will be fetched again.',
      `chunk ${index} of ${id}`,
    );
  }

  return {
    async saveModel(id, stream, options) {
      const { bytes, chunkBytes = defaultChunkBytes, expectedSha256, signal } = options;
      checkLayout({ id, bytes, chunkBytes, expectedSha256 });
      const chunks = cutIntoChunks(stream, Math.min(chunkBytes, bytes), signal);
      let manifest: WeightManifest | undefined;
      try {
        manifest = await startManifest(id, options, chunkBytes);
        await checkRoom(bytes - storedBytes(manifest));
        await database.setMany([[manifestKey(id), manifest]]);
        await storeChunks(chunks, manifest, options);
        await database.setMany([[manifestKey(id), { ...manifest, complete: true, savedAt: Date.now() }]]);
      } catch (thrown) {
        if (thrown instanceof BedsideError && thrown.code === 'storage-full') {
          const missing = bytes - (manifest ? storedBytes(manifest) : 0);
          throw storageFullError(await estimateStorage(), missing, thrown.cause);
        }
        throw thrown;
      } finally {
        chunks.stop();
      }
    },

    async openModel(id, expectedSha256) {
      const manifest = await readManifest(id);
      if (!manifest?.complete) return undefined;
      if (expectedSha256 && expectedSha256.length !== chunkCount(manifest)) return undefined;
      if (!hashesAgree(manifest.sha256, expectedSha256)) return undefined;
      if ((await presentIn(manifest)).length !== chunkCount(manifest)) return undefined;
      return storedModelSource(manifest, (index, verify) => loadChunk(manifest, index, verify));
    },

    async presentChunks(id) {
      const manifest = await readManifest(id);
      return manifest ? presentIn(manifest) : [];
    },

    async listModels() {
      const manifestKeys = (await database.keys()).filter(key => key.endsWith('/manifest'));
      const records = (await database.getMany(manifestKeys)).map(migrateManifest);
      return records
        .filter(record => record !== undefined)
        .map(({ id, url, bytes, complete, savedAt }) => ({ id, url, bytes, complete, savedAt }));
    },

    async deleteModel(id) {
      await database.deleteMany(await keysOf(id));
    },
  };
}

/** A list without holes in which `entry` stands at `index`. */
function withEntry(list: readonly string[] = [], index: number, entry: string): string[] {
  return Array.from({ length: Math.max(list.length, index + 1) }, (_, i) =>
    i === index ? entry : (list[i] ?? ''),
  );
}

/** A chunk as it was written. Hashing takes as long as reading, so it is done where there is no checksum. */
async function isSound(data: Uint8Array<ArrayBuffer>, manifest: WeightManifest, index: number) {
  const expected = manifest.checksums?.[index];
  return expected ? checksum(data) === expected : (await sha256Hex(data)) === manifest.sha256[index];
}

const storedBytes = (manifest: WeightManifest): number =>
  manifest.sha256.reduce((sum, hash, index) => sum + (hash === '' ? 0 : chunkLength(manifest, index)), 0);

/** Whether the hashes that are there are the pinned ones. */
function hashesAgree(stored: string[], pinned: string[] | undefined): boolean {
  return !pinned || stored.every((hash, index) => hash === '' || hash === pinned[index]?.toLowerCase());
}

/** Hours of download must not end in a full disk that could have been foreseen. */
async function checkRoom(neededBytes: number): Promise<void> {
  const estimate = await estimateStorage();
  if (estimate && estimate.quotaBytes - estimate.usedBytes < neededBytes) {
    throw storageFullError(estimate, neededBytes);
  }
}

function checkPinnedHash(hash: string, pinned: string | undefined): void {
  if (pinned !== undefined && hash !== pinned.toLowerCase()) throw wrongHash();
}

function wrongHash(): BedsideError {
  return new BedsideError(
    'wrong-hash',
    'The file that arrived is not the model that was expected.',
    'Try again. If it happens again, the file on the server was changed or is damaged: do not use it.',
  );
}

/** Waits for bytes. Whatever a stream throws, other than our own errors, is a connection that broke. */
async function receive<T>(fill: () => Promise<T>, done: number, total: number): Promise<T> {
  try {
    return await fill();
  } catch (thrown) {
    if (thrown instanceof BedsideError) throw thrown;
    if (thrown instanceof Error && thrown.name === 'AbortError') throw abortedError();
    throw new BedsideError(
      'network',
      `The connection broke after ${describeBytes(done)} of ${describeBytes(total)}.`,
      'Check the connection and try again: what has arrived is kept.',
      thrown,
    );
  }
}

function endedEarly(done: number, total: number): BedsideError {
  return new BedsideError(
    'network',
    `The download ended early, after ${describeBytes(done)} of ${describeBytes(total)}.`,
    'Check the connection and try again: what has arrived is kept.',
  );
}
