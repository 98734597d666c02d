import type { EngineDevice } from '../device/device.ts';
import type { BufferPart } from '../device/memory.ts';
import { createReads } from '../kernels/bench-read.ts';
import { isCompilerError } from '../self-test/self-test.ts';
import type { BatchClock } from './batch-clock.ts';

/**
 * GB/s of reading these parts in turn; null where they are too small to tell, or the driver refuses the kernel. Releases what it
 * allocates.
 */
export async function measureReads(
  device: EngineDevice,
  parts: readonly BufferPart[],
  clock: BatchClock,
): Promise<number | null> {
  const before = device.memory.snapshot();
  try {
    const reads = await createReads(device, parts);
    const step = { position: 0, tokens: 1 };
    const lengths = await clock.lengthsFor(reads, step);
    if (!lengths) return null;
    const times = [lengths.ms, await clock.perLaunch(reads, lengths, step)];
    const bytes = parts.reduce((sum, { size }) => sum + size, 0) / parts.length;
    return bytes / Math.min(...times) / 1e6;
  } catch (error) {
    // A load does not fail for want of a yardstick.
    if (isCompilerError(error, device)) return null;
    throw error;
  } finally {
    device.memory.releaseExcept(before);
  }
}
