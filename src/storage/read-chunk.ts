import type { Database } from './database.ts';
import { chunkKey } from './weight-manifest.ts';

/** A stored chunk as it is; undefined where it is gone. A Blob whose file is gone from the disk cannot be read. */
export async function readChunk(
  database: Database,
  id: string,
  index: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const blob = await database.get(chunkKey(id, index));
  try {
    return blob instanceof Blob ? new Uint8Array(await blob.arrayBuffer()) : undefined;
  } catch {
    return undefined;
  }
}
