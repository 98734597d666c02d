import { createCipheriv, createHash } from 'node:crypto';
import { writeGguf } from './gguf-writer.ts';

/**
 * A file that begins as GGUF does, and goes on with noise: the same for the same seed, and quick to make by the hundred
 * megabytes (AES in counter mode).
 */
export function modelShapedBytes(bytes: number, seed: number): Uint8Array<ArrayBuffer> {
  const key = createHash('sha256').update(`seed ${seed}`).digest().subarray(0, 16);
  const file = new Uint8Array(bytes);
  const cipher = createCipheriv('aes-128-ctr', key, Buffer.alloc(16));
  const stepBytes = 16 * 1024 * 1024;
  const zeros = Buffer.alloc(Math.min(stepBytes, bytes));
  for (let at = 0; at < bytes; at += stepBytes) {
    file.set(cipher.update(zeros.subarray(0, Math.min(stepBytes, bytes - at))), at);
  }
  file.set(writeGguf({ metadata: [['general.name', 'string', `noise ${seed}`]] }));
  return file;
}
