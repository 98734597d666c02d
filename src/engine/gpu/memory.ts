import { outOfMemoryError } from './gpu-errors.ts';

/**
 * Every buffer of the engine is made here: counted, and under an out-of-memory scope, because a failed allocation
 * otherwise shows as an invalid buffer whose contents read as zeros.
 */
export class DeviceMemory {
  /** Bytes held now. */
  bytes = 0;
  /** The most ever held. */
  peakBytes = 0;
  readonly #gpu: GPUDevice;
  readonly #sizes = new Map<GPUBuffer, number>();

  constructor(gpu: GPUDevice) {
    this.#gpu = gpu;
  }

  /** A zeroed buffer; size rounded up to 16 bytes. Rejects with `out-of-memory`. */
  async allocate(label: string, bytes: number, usage: GPUBufferUsageFlags): Promise<GPUBuffer> {
    const size = heldBytes(bytes);
    if (size > this.#gpu.limits.maxBufferSize) {
      throw outOfMemoryError(
        `${label}: ${size} bytes; one buffer may have ${this.#gpu.limits.maxBufferSize}`,
      );
    }
    this.#gpu.pushErrorScope('out-of-memory');
    const buffer = this.#gpu.createBuffer({ label, size, usage });
    const error = await this.#gpu.popErrorScope();
    if (error) throw outOfMemoryError(`${label}: ${size} bytes; ${error.message}`);
    this.#sizes.set(buffer, size);
    this.bytes += size;
    this.peakBytes = Math.max(this.peakBytes, this.bytes);
    return buffer;
  }

  /** A storage buffer that kernels read and write and the host can fill and read back. */
  storage(label: string, bytes: number): Promise<GPUBuffer> {
    return this.allocate(
      label,
      bytes,
      GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
    );
  }

  /** A small uniform buffer holding `words`: numbers in Uint32Array or Float32Array, as the shader's struct says. */
  async uniform(label: string, words: Uint32Array<ArrayBuffer>): Promise<GPUBuffer> {
    const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
    const buffer = await this.allocate(label, words.byteLength, usage);
    this.#gpu.queue.writeBuffer(buffer, 0, words);
    return buffer;
  }

  release(buffer: GPUBuffer): void {
    const size = this.#sizes.get(buffer);
    if (size === undefined) return;
    this.#sizes.delete(buffer);
    this.bytes -= size;
    buffer.destroy();
  }

  /** The buffers held now, for `releaseExcept`. */
  snapshot(): ReadonlySet<GPUBuffer> {
    return new Set(this.#sizes.keys());
  }

  /** Releases everything made since the snapshot, parameters of kernels included. */
  releaseExcept(snapshot: ReadonlySet<GPUBuffer>): void {
    for (const buffer of [...this.#sizes.keys()]) if (!snapshot.has(buffer)) this.release(buffer);
  }

  releaseAll(): void {
    for (const buffer of [...this.#sizes.keys()]) this.release(buffer);
  }
}

/** What a buffer takes that has to hold so many bytes. */
export function heldBytes(bytes: number): number {
  return Math.max(16, Math.ceil(bytes / 16) * 16);
}

/** The bits of `value` as f32, for uniform structs that mix u32 and f32. */
export function floatBits(value: number): number {
  return new Uint32Array(new Float32Array([value]).buffer)[0]!;
}
