// to = from: src/cli/bench/copy.wgsl. Chunks: 64 KiB.
import { binding, bindingBytes } from '../record';

const CHUNK_BYTES: u32 = 65536;

export function copyChunks(record: usize): i32 {
  return (bindingBytes(record, 1) + CHUNK_BYTES - 1) / CHUNK_BYTES;
}

export function copyRun(record: usize, first: i32, count: i32): void {
  const from = CHUNK_BYTES * <u32>first;
  const end = min(bindingBytes(record, 1), CHUNK_BYTES * <u32>(first + count));
  memory.copy(binding(record, 1) + from, binding(record, 0) + from, end - from);
}
