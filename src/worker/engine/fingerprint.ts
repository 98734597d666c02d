import type { ByteSource } from '../../engine/formats/byte-source.ts';
import { checksum } from '../../storage/checksum.ts';
import { sha256Hex } from '../../storage/sha256.ts';

/** A source that notes all that is read of it. */
export interface FingerprintedSource extends ByteSource {
  /** SHA-256 (hex) of the checksums of all that was read, in the order of the file. */
  fingerprint(): Promise<string>;
}

/** Hashing the whole would take as long as reading it; what was made of the numbers is the same where the checksums are. */
export function fingerprinted(source: ByteSource): FingerprintedSource {
  const parts = new Map<string, string>();
  return {
    bytes: source.bytes,
    name: source.name,
    async read(offset, length, ...rest) {
      const bytes = await source.read(offset, length, ...rest);
      parts.set(`${String(offset).padStart(16, '0')}+${length}`, checksum(bytes));
      return bytes;
    },
    fingerprint() {
      const lines = [...parts].map(part => part.join(' ')).sort();
      return sha256Hex(new TextEncoder().encode([source.bytes, ...lines].join('\n')));
    },
  };
}
