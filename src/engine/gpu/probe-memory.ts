import { heldBytes, type ProbeResult } from '../device/memory.ts';
import type { DeviceLife } from './device-life.ts';

const usage = () => GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;

/** How exactly the most is found. */
const finestBytes = 64 * 1024;

/**
 * Whether the device has room for buffers of these sizes, all at once: they are made, biggest first, and given back. No
 * browser tells how much memory a graphics device has free. Nothing is written to them, so that a driver that gives out
 * pages on first use gives out none. After a size that finds no room only smaller ones are tried, and what is then still
 * free is found by halves.
 * @param sizes bytes of each buffer
 * @throws `device-lost`, `aborted`
 */
export async function probeMemory(
  gpu: GPUDevice,
  life: DeviceLife,
  sizes: readonly number[],
  signal?: AbortSignal,
): Promise<ProbeResult> {
  const made: GPUBuffer[] = [];
  const result: ProbeResult = { wantedBytes: sizes.reduce((sum, size) => sum + size, 0), allocatedBytes: 0 };
  // More than this would be a validation error, which ends the device's life with the engine.
  let limit = gpu.limits.maxBufferSize;
  // What was destroyed lately is free only once the GPU has caught up.
  await settle(gpu, life);
  const attempt = async (bytes: number) => {
    signal?.throwIfAborted();
    const size = heldBytes(bytes);
    if (size > limit) return;
    gpu.pushErrorScope('out-of-memory');
    made.push(gpu.createBuffer({ label: 'probe', size, usage: usage() }));
    const error = await life.guard(gpu.popErrorScope());
    if (error) limit = size - 1;
    else result.allocatedBytes += bytes;
  };
  try {
    for (const bytes of [...sizes].sort((a, b) => b - a)) await attempt(bytes);
    const missing = result.wantedBytes - result.allocatedBytes;
    for (let bytes = Math.min(missing, limit) / 2; bytes >= finestBytes; bytes /= 2) await attempt(bytes);
  } finally {
    for (const buffer of made) buffer.destroy();
    if (!life.failed) await settle(gpu, life);
  }
  return result;
}

async function settle({ queue }: GPUDevice, life: DeviceLife): Promise<void> {
  queue.submit([]);
  await life.guard(queue.onSubmittedWorkDone());
}
