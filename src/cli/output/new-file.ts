import { createHash } from 'node:crypto';
import { type FileHandle, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BedsideError } from '../../engine/errors.ts';
import { sentence } from '../../engine/sentence.ts';

/** A file that is complete on disk under another name, beside where it shall be. */
export interface NewFile {
  path: string;
  bytes: number;
  sha256: string;
  /** Puts it in place, at once and whole. */
  commit(): Promise<void>;
  /** Leaves nothing of it. */
  discard(): Promise<void>;
}

/**
 * Writes a stream to a temporary file beside `path`. When anything fails, nothing is left and what stood at `path` still
 * stands.
 * @throws BedsideError `storage-full` or `storage-unavailable`, or what the stream throws
 */
export async function writeNewFile(path: string, stream: AsyncIterable<Uint8Array>): Promise<NewFile> {
  // On the same file system, so that the rename at the end is atomic.
  const folder = await mkdtemp(join(dirname(path), `.${basename(path)}-`)).catch(error => {
    throw writeError(path, error);
  });
  const discard = () => rm(folder, { recursive: true, force: true });
  const partial = join(folder, basename(path));
  try {
    const handle = await open(partial, 'wx').catch(error => {
      throw writeError(path, error);
    });
    const written = await writeAll(handle, path, stream).finally(() => handle.close());
    return {
      path,
      ...written,
      async commit() {
        try {
          await rename(partial, path);
        } catch (error) {
          throw writeError(path, error);
        } finally {
          await discard();
        }
      },
      discard,
    };
  } catch (error) {
    await discard();
    throw error;
  }
}

async function writeAll(handle: FileHandle, path: string, stream: AsyncIterable<Uint8Array>) {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of stream) {
    hash.update(piece);
    await writePiece(handle, piece).catch(error => {
      throw writeError(path, error);
    });
    bytes += piece.length;
  }
  await handle.sync().catch(error => {
    throw writeError(path, error);
  });
  return { bytes, sha256: hash.digest('hex') };
}

/** A write may take fewer bytes than it was given, as on a disk that fills up. */
async function writePiece(handle: FileHandle, piece: Uint8Array): Promise<void> {
  for (let done = 0; done < piece.length; ) {
    done += (await handle.write(piece, done)).bytesWritten;
  }
}

function writeError(path: string, error: unknown): BedsideError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new BedsideError(
      'storage-full',
      sentence`disk-is-full: The disk is full; ${{ path }} was not written.`,
      'Free some space, or write to another disk.',
      error,
    );
  }
  return new BedsideError(
    'storage-unavailable',
    sentence`file-cannot-be-written: The file ${{ path }} cannot be written.`,
    'Check that its folder exists and that you may write there.',
    error,
  );
}
