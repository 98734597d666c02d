import { createHash } from 'node:crypto';
import { mebibyte } from '../../src/storage/weight-manifest.ts';
import type { SaveFileOptions } from '../../src/storage/weight-store.ts';

export const chunkBytes = 8 * mebibyte;
export const bytes = 2 * chunkBytes + 12_345; // two whole chunks and a short one
export const model = Uint8Array.from({ length: bytes }, (_, i) => (i * 31 + (i >> 11)) & 255);
export const url = 'https://bedside.test/models/m.gguf';

export const sha256Hex = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');
export const hashes = [0, 1, 2].map(i => sha256Hex(model.subarray(i * chunkBytes, (i + 1) * chunkBytes)));
export const options: SaveFileOptions = { url, bytes, chunkBytes, expectedSha256: hashes };

/** The model in pieces of `size` bytes; `onPiece` hears how much was handed out before each. */
export async function* pieces(size: number, data = model, onPiece?: (handedOut: number) => void) {
  for (let at = 0; at < data.length; at += size) {
    onPiece?.(at);
    yield data.slice(at, at + size);
  }
}

/** Changes a record of the weight store behind its back. */
export async function change(key: string, changed: (old: unknown) => unknown): Promise<void> {
  const { get, set, createStore } = await import('idb-keyval');
  const records = createStore('bedside-weights', 'records');
  await set(key, changed(await get(key, records)), records);
}
