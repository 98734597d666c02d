import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { BedsideError } from '../../engine/errors.ts';
import { type ByteSource, checkRange } from '../../engine/formats/byte-source.ts';
import { sentence } from '../../engine/sentence.ts';

/** A model on disk; only the requested slice is ever in memory. */
export async function fileSource(path: string): Promise<ByteSource & { close(): Promise<void> }> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    throw new BedsideError(
      'no-model',
      sentence`file-cannot-be-opened: The file ${{ path }} cannot be opened.`,
      'Check the path.',
      error,
    );
  }
  const stat = await handle.stat();
  if (!stat.isFile()) {
    await handle.close();
    throw new BedsideError('no-model', sentence`not-a-file: ${{ path }} is not a file.`, 'Name a GGUF file.');
  }
  const bytes = stat.size;
  return {
    bytes,
    name: basename(path),
    async read(offset, length) {
      checkRange({ bytes }, offset, length);
      const buffer = new Uint8Array(length);
      let done = 0;
      while (done < length) {
        const { bytesRead } = await handle.read(buffer, done, length - done, offset + done);
        if (bytesRead === 0) checkRange({ bytes: offset + done }, offset, length);
        done += bytesRead;
      }
      return buffer;
    },
    close: () => handle.close(),
  };
}
