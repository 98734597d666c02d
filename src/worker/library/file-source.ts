import { BedsideError } from '../../engine/errors.ts';
import { type ByteSource, blobSource } from '../../engine/formats/byte-source.ts';
import { sentence } from '../../engine/sentence.ts';

/** A picked file. Unlike other blobs it can go away, or change, while it is being read. */
export function fileSource(file: Blob): ByteSource {
  const source = blobSource(file);
  return {
    bytes: source.bytes,
    name: file instanceof File ? file.name : undefined,
    async read(offset, length) {
      try {
        return await source.read(offset, length);
      } catch (thrown) {
        if (thrown instanceof BedsideError) throw thrown;
        throw new BedsideError(
          'truncated-model',
          sentence`file-no-longer-readable: The file can no longer be read.`,
          'It may have been moved or changed, or its drive removed. Choose the file again.',
          thrown,
        );
      }
    },
  };
}
