/**
 * SHA-256 of a file that never is in memory whole. WebCrypto takes no pieces, and WebAssembly is what the page's policy
 * forbids, which leaves JavaScript.
 */
import { SHA256 } from '@stablelib/sha256';
import { abortedError } from '../engine/errors.ts';
import { giveWay } from '../engine/give-way.ts';
import { hexOf } from './sha256.ts';

/** About a hundredth of a second's work: what waits in this thread is not kept waiting for longer. */
const sliceBytes = 1024 * 1024;

export class FileHash {
  readonly #hash = new SHA256();

  /** The file's next bytes. Rejects with 'aborted'. */
  async update(data: Uint8Array, signal?: AbortSignal): Promise<void> {
    for (let at = 0; at < data.length; at += sliceBytes) {
      if (signal?.aborted) throw abortedError();
      this.#hash.update(data.subarray(at, at + sliceBytes));
      await giveWay();
    }
  }

  /** In lower-case hex. */
  digest(): string {
    return hexOf(this.#hash.digest());
  }
}
