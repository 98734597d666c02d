import { outOfMemoryError } from '../device/device-errors.ts';
import {
  type DeviceBuffer,
  type DeviceMemory,
  heldBytes,
  type MemoryRequest,
  type ProbeResult,
  type Room,
} from '../device/memory.ts';
import type { DeviceLife } from './device-life.ts';
import { probeMemory } from './probe-memory.ts';
import { probeSizes, sizesBeyond } from './probe-sizes.ts';

/** A processor's memory is the system's, which it shares out page by page; SwiftShader clears all that it is asked for. */
const mostOfSoftware = 1024 ** 3;

/**
 * Every buffer of the engine on a GPU is made here: counted, and under an out-of-memory scope, because a failed allocation
 * otherwise shows as an invalid buffer whose contents read as zeros.
 */
export class GpuMemory implements DeviceMemory {
  bytes = 0;
  peakBytes = 0;
  readonly #gpu: GPUDevice;
  readonly #life: DeviceLife;
  readonly #isSoftware: boolean;
  readonly #sizes = new Map<DeviceBuffer, number>();

  constructor(gpu: GPUDevice, life: DeviceLife, isSoftware: boolean) {
    this.#gpu = gpu;
    this.#life = life;
    this.#isSoftware = isSoftware;
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

  storage(label: string, bytes: number): Promise<GPUBuffer> {
    return this.allocate(
      label,
      bytes,
      GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
    );
  }

  async uniform(label: string, words: Uint32Array<ArrayBuffer>): Promise<GPUBuffer> {
    const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
    const buffer = await this.allocate(label, words.byteLength, usage);
    this.#gpu.queue.writeBuffer(buffer, 0, words);
    return buffer;
  }

  readback(label: string, bytes: number): Promise<GPUBuffer> {
    return this.allocate(label, bytes, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
  }

  release(buffer: DeviceBuffer): void {
    const size = this.#sizes.get(buffer);
    if (size === undefined) return;
    this.#sizes.delete(buffer);
    this.bytes -= size;
    (buffer as GPUBuffer).destroy();
  }

  snapshot(): ReadonlySet<DeviceBuffer> {
    return new Set(this.#sizes.keys());
  }

  releaseExcept(snapshot: ReadonlySet<DeviceBuffer>): void {
    for (const buffer of [...this.#sizes.keys()]) if (!snapshot.has(buffer)) this.release(buffer);
  }

  releaseAll(): void {
    for (const buffer of [...this.#sizes.keys()]) this.release(buffer);
  }

  /** Only what is needed beyond what is held is tried. Nothing stays reserved: another program may take it. */
  async reserve(request: MemoryRequest, signal?: AbortSignal): Promise<Room> {
    const held = this.bytes;
    const sizes = probeSizes(request);
    const wantedBytes = sum(sizes);
    const beyond = sizesBeyond(sizes, held);
    if (this.#isSoftware && sum(beyond) > mostOfSoftware) return { wantedBytes, roomBytes: wantedBytes };
    const probed = await this.probe(beyond, signal);
    const isEnough = probed.allocatedBytes >= probed.wantedBytes;
    return { wantedBytes, roomBytes: isEnough ? Math.max(wantedBytes, held) : held + probed.allocatedBytes };
  }

  probe(sizes: readonly number[], signal?: AbortSignal): Promise<ProbeResult> {
    return probeMemory(this.#gpu, this.#life, sizes, signal);
  }
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + size, 0);
}
