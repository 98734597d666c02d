import type { EngineDevice } from './device.ts';

/** Copies `bytes` of a storage buffer to the host. For tests, logits and loading; decoding uses ReadbackRing. */
export async function readBuffer(
  device: EngineDevice,
  source: GPUBuffer,
  bytes: number,
  offset = 0,
): Promise<ArrayBuffer> {
  const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
  const staging = await device.memory.allocate('readback', bytes, usage);
  try {
    const encoder = device.gpu.createCommandEncoder();
    encoder.copyBufferToBuffer(source, offset, staging, 0, Math.ceil(bytes / 4) * 4);
    device.gpu.queue.submit([encoder.finish()]);
    await device.guard(staging.mapAsync(GPUMapMode.READ));
    return staging.getMappedRange().slice(0, bytes);
  } finally {
    device.memory.release(staging);
  }
}

/** A few staging buffers made once, so that reading a token back allocates nothing and several can be in flight. */
export class ReadbackRing {
  #next = 0;
  private constructor(
    readonly device: EngineDevice,
    readonly bytes: number,
    readonly slots: GPUBuffer[],
  ) {}

  static async create(device: EngineDevice, bytes: number, count: number): Promise<ReadbackRing> {
    const slots: GPUBuffer[] = [];
    for (let i = 0; i < count; i++) {
      const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
      slots.push(await device.memory.allocate(`readback ${i}`, bytes, usage));
    }
    return new ReadbackRing(device, bytes, slots);
  }

  /**
   * Records the copy into the next slot; call the returned function after the submit to wait for the bytes.
   * At most `slots.length` reads may be outstanding, and each must be awaited once.
   */
  record(encoder: GPUCommandEncoder, source: GPUBuffer): () => Promise<ArrayBuffer> {
    const slot = this.slots[this.#next % this.slots.length]!;
    this.#next++;
    encoder.copyBufferToBuffer(source, 0, slot, 0, this.bytes);
    return async () => {
      await this.device.guard(slot.mapAsync(GPUMapMode.READ));
      const copy = slot.getMappedRange().slice(0);
      slot.unmap();
      return copy;
    };
  }

  destroy(): void {
    for (const slot of this.slots) this.device.memory.release(slot);
  }
}
