import type { EngineDevice } from './device.ts';
import type { CommandList } from './dispatch.ts';
import type { DeviceBuffer } from './memory.ts';

/** Copies `bytes` of a storage buffer to the host. For tests, logits and loading; decoding uses ReadbackRing. */
export async function readBuffer(
  device: EngineDevice,
  source: DeviceBuffer,
  bytes: number,
  offset = 0,
): Promise<ArrayBuffer> {
  const staging = await device.memory.readback('readback', bytes);
  try {
    const commands = device.begin();
    commands.copy(source, offset, staging, 0, Math.ceil(bytes / 4) * 4);
    commands.submit();
    return await device.read(staging, bytes);
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
    readonly slots: DeviceBuffer[],
  ) {}

  static async create(device: EngineDevice, bytes: number, count: number): Promise<ReadbackRing> {
    const slots: DeviceBuffer[] = [];
    for (let i = 0; i < count; i++) slots.push(await device.memory.readback(`readback ${i}`, bytes));
    return new ReadbackRing(device, bytes, slots);
  }

  /**
   * Records the copy into the next slot; call the returned function after the submit to wait for the bytes.
   * At most `slots.length` reads may be outstanding, and each must be awaited once.
   */
  record(commands: CommandList, source: DeviceBuffer, offset = 0): () => Promise<ArrayBuffer> {
    const slot = this.slots[this.#next % this.slots.length]!;
    this.#next++;
    commands.copy(source, offset, slot, 0, this.bytes);
    return () => this.device.read(slot, this.bytes);
  }

  destroy(): void {
    for (const slot of this.slots) this.device.memory.release(slot);
  }
}
