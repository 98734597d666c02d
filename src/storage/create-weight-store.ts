/**
 * Model weights in IndexedDB: a manifest and one Blob a chunk. Blobs, because Chromium refuses array buffers from 128 MiB
 * and is several times slower with them; where a browser refuses Blobs, the database keeps their bytes. What the store holds
 * had the right SHA-256 before it was written; read back, it is compared with a checksum, which finds what a disk damaged.
 */
import { abortedError } from '../engine/errors.ts';
import { checksum } from './checksum.ts';
import { type ChunkReader, cutIntoChunks } from './chunk-stream.ts';
import { type ChunkWriter, createChunkWriter, storedBytesOf } from './chunk-writer.ts';
import { type Database, openDatabase } from './database.ts';
import { FileHash } from './file-hash.ts';
import { readChunk } from './read-chunk.ts';
import { checkRoom, withMissingBytes } from './room.ts';
import { sha256Hex } from './sha256.ts';
import { storedFileSource } from './stored-file-source.ts';
import { damagedCopy, endedEarly, otherFile, receive, wrongHash } from './weight-errors.ts';
import {
  checkLayout,
  chunkCount,
  chunkKey,
  chunkLength,
  defaultChunkBytes,
  filePrefix,
  hashesAgree,
  manifestKey,
  migrateManifest,
  readPartKey,
  type WeightManifest,
  withEntry,
} from './weight-manifest.ts';
import type { FileLayout, SaveFileOptions, WeightStore } from './weight-store.ts';

export function createWeightStore(database: Database = openDatabase('bedside-weights')): WeightStore {
  async function readManifest(id: string): Promise<WeightManifest | undefined> {
    return migrateManifest(await database.get(manifestKey(id)));
  }

  async function keysOf(id: string): Promise<string[]> {
    return (await database.keys()).filter(key => key.startsWith(filePrefix(id)));
  }

  async function presentIn(manifest: WeightManifest): Promise<number[]> {
    const keys = new Set(await keysOf(manifest.id));
    return manifest.sha256.flatMap((hash, index) =>
      hash !== '' && keys.has(chunkKey(manifest.id, index)) ? [index] : [],
    );
  }

  async function begin(id: string, layout: FileLayout): Promise<ChunkWriter> {
    const { url, bytes, chunkBytes = defaultChunkBytes, expectedSha256, name, version } = layout;
    checkLayout({ id, bytes, chunkBytes, expectedSha256 });
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
      ...(name === undefined ? {} : { name }),
      ...(version === undefined ? {} : { version }),
    };
    const old = await readManifest(id);
    const goesOn =
      old?.bytes === bytes &&
      old.chunkBytes === chunkBytes &&
      hashesAgree(old.sha256, expectedSha256) &&
      (expectedSha256 !== undefined || old.version === undefined || old.version === version);
    if (goesOn) {
      for (const index of await presentIn(old)) {
        manifest.sha256 = withEntry(manifest.sha256, index, old.sha256[index] ?? '');
        manifest.checksums = withEntry(manifest.checksums, index, old.checksums?.[index] ?? '');
      }
    } else {
      await database.deleteByPrefix(filePrefix(id));
    }
    await checkRoom(bytes - storedBytesOf(manifest));
    await database.setMany([[manifestKey(id), manifest]]);
    return createChunkWriter(database, manifest, expectedSha256, await keysOf(id));
  }

  async function saveChunks(chunks: ChunkReader, writer: ChunkWriter, options: SaveFileOptions) {
    const { bytes } = writer;
    for (let index = 0, done = 0; done < bytes; index++) {
      const wanted = chunkLength(writer, index);
      const chunk = await receive(() => chunks.fill(wanted), done, bytes);
      if (chunk.length < wanted) throw endedEarly(done + chunk.length, bytes);
      if (options.signal?.aborted) throw abortedError();
      const stored = writer.hashOf(index);
      if (stored === '' || stored !== (await sha256Hex(chunk))) await writer.write(index, chunk);
      done += wanted;
      options.onProgress?.(done, bytes);
    }
    if ((await receive(() => chunks.fill(1), bytes, bytes)).length > 0) throw wrongHash();
  }

  async function discount(id: string, damaged: readonly number[]): Promise<void> {
    await database.update([manifestKey(id)], ([record]) => {
      const current = migrateManifest(record);
      if (!current) return [];
      const sha256 = current.sha256.map((hash, index) => (damaged.includes(index) ? '' : hash));
      return [[manifestKey(id), { ...current, complete: false, sha256 }]];
    });
  }

  async function readSound(manifest: WeightManifest, index: number, verify: boolean) {
    const { id } = manifest;
    const data = await readChunk(database, id, index);
    const intact =
      data?.length === chunkLength(manifest, index) && (!verify || (await isSound(data, manifest, index)));
    if (data && intact) return data;
    await discount(id, [index]);
    return undefined;
  }

  async function loadChunk(manifest: WeightManifest, index: number, verify: boolean): Promise<Uint8Array> {
    const data = await readSound(manifest, index, verify);
    if (data) return data;
    throw damagedCopy(`chunk ${index} of ${manifest.id}`);
  }

  async function readAndHash(id: string, index: number) {
    const data = await readChunk(database, id, index);
    return { data, hash: data && (await sha256Hex(data)) };
  }

  async function completeManifest(id: string): Promise<WeightManifest | undefined> {
    const manifest = await readManifest(id);
    return manifest?.complete && (await presentIn(manifest)).length === chunkCount(manifest)
      ? manifest
      : undefined;
  }

  return {
    begin,

    async saveFile(id, stream, options) {
      const { bytes, chunkBytes = defaultChunkBytes, signal } = options;
      const chunks = cutIntoChunks(stream, Math.min(chunkBytes, Math.max(bytes, 1)), signal);
      let writer: ChunkWriter | undefined;
      try {
        writer = await begin(id, options);
        await saveChunks(chunks, writer, options);
        await writer.finish();
      } catch (thrown) {
        throw await withMissingBytes(thrown, bytes - (writer?.storedBytes ?? 0));
      } finally {
        chunks.stop();
      }
    },

    async openFile(id, expectedSha256) {
      const manifest = await completeManifest(id);
      if (!manifest) return undefined;
      if (expectedSha256 && expectedSha256.length !== chunkCount(manifest)) return undefined;
      if (!hashesAgree(manifest.sha256, expectedSha256)) return undefined;
      return storedFileSource(manifest, (index, verify) => loadChunk(manifest, index, verify));
    },

    async verifyFile(id, { sha256: wanted, signal, onProgress } = {}) {
      const manifest = await readManifest(id);
      if (!manifest) return [];
      const whole = wanted === undefined ? undefined : new FileHash();
      const damaged: number[] = [];
      let ahead = readAndHash(id, 0);
      for (let index = 0, done = 0; index < chunkCount(manifest); index++) {
        if (signal?.aborted) throw abortedError();
        const { data, hash } = await ahead;
        if (index + 1 < chunkCount(manifest)) {
          ahead = readAndHash(id, index + 1);
          // Whether it can be read matters once it is its turn.
          ahead.catch(() => undefined);
        }
        if (hash !== manifest.sha256[index]) damaged.push(index);
        else if (data) await whole?.update(data, signal);
        done += chunkLength(manifest, index);
        onProgress?.(done, manifest.bytes);
      }
      if (damaged.length > 0) await discount(id, damaged);
      else if (whole && wanted !== undefined) {
        const found = whole.digest();
        if (found !== wanted.toLowerCase()) {
          await database.deleteByPrefix(filePrefix(id));
          throw otherFile(found, wanted);
        }
      }
      return damaged;
    },

    async readStoredChunk(id, index) {
      const manifest = await readManifest(id);
      const chunk = manifest && (await readSound(manifest, index, true));
      if (!chunk && !(await readManifest(id))) throw abortedError();
      return chunk;
    },

    async fileBlob(id) {
      const manifest = await completeManifest(id);
      if (!manifest) return undefined;
      const chunks: Blob[] = [];
      for (let index = 0; index < chunkCount(manifest); index++) {
        const blob = await database.get(chunkKey(id, index));
        if (!(blob instanceof Blob)) return undefined;
        chunks.push(blob);
      }
      return new Blob(chunks, { type: 'application/octet-stream' });
    },

    chunkHashes: async id => (await completeManifest(id))?.sha256,

    async presentChunks(id) {
      const manifest = await readManifest(id);
      return manifest ? presentIn(manifest) : [];
    },

    async listFiles() {
      const keys = await database.keys();
      const manifestKeys = keys.filter(key => key.endsWith('/manifest'));
      const parts = keys.map(readPartKey).filter(part => part !== undefined);
      const keptBytes = (id: string) =>
        parts.reduce((sum, part) => sum + (part.id === id ? part.end - part.offset : 0), 0);
      const records = (await database.getMany(manifestKeys)).map(migrateManifest);
      return records
        .filter(record => record !== undefined)
        .map(record => {
          const { id, url, bytes, chunkBytes, complete, savedAt, name, version } = record;
          return {
            id,
            url,
            bytes,
            chunkBytes,
            storedBytes: storedBytesOf(record),
            keptBytes: keptBytes(id),
            complete,
            savedAt,
            ...(name === undefined ? {} : { name }),
            ...(version === undefined ? {} : { version }),
          };
        });
    },

    async deleteFile(id) {
      await database.deleteByPrefix(filePrefix(id));
    },
  };
}

/** A chunk as it was written. Hashing takes as long as reading, so it is done where there is no checksum. */
async function isSound(data: Uint8Array<ArrayBuffer>, manifest: WeightManifest, index: number) {
  const expected = manifest.checksums?.[index];
  return expected ? checksum(data) === expected : (await sha256Hex(data)) === manifest.sha256[index];
}
