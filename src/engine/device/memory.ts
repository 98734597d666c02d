/** A stretch of a device's memory, whose bytes only the device sees. Has no `buffer`: by that a part is told from it. */
export interface DeviceBuffer {
  readonly label: string;
  /** Bytes, rounded up as `heldBytes` does. */
  readonly size: number;
}

/** Some bytes of a buffer. `offset` is a multiple of 256. */
export interface BufferPart {
  readonly buffer: DeviceBuffer;
  readonly offset: number;
  readonly size: number;
}

/** What decides how memory is divided: of a device, or of the report on one that was not opened yet. */
export interface MemoryLimits {
  readonly maxBufferBytes: number;
  /** The most of a buffer that a kernel sees at once. */
  readonly maxBindingBytes: number;
}

/**
 * Every buffer of the engine is made here and counted. A buffer is zero when it is made, in memory that was used before too.
 * All that allocates rejects with `out-of-memory` where there is no room, or where one buffer would be larger than the device
 * allows.
 */
export interface DeviceMemory {
  /** Bytes held now. */
  readonly bytes: number;
  /** The most ever held. */
  readonly peakBytes: number;
  /** Memory that kernels read and write, and that commands copy from and to. */
  storage(label: string, bytes: number): Promise<DeviceBuffer>;
  /** A few `words` that kernels only read: u32, or the bits of f32 (`floatBits`), as the shader's struct says. */
  uniform(label: string, words: Uint32Array<ArrayBuffer>): Promise<DeviceBuffer>;
  /** What commands copy to and the host reads (`EngineDevice.read`). */
  readback(label: string, bytes: number): Promise<DeviceBuffer>;
  /** Does nothing to a buffer that was released before. */
  release(buffer: DeviceBuffer): void;
  /** The buffers held now, for `releaseExcept`. */
  snapshot(): ReadonlySet<DeviceBuffer>;
  /** Releases everything made since the snapshot, parameters of kernels included. */
  releaseExcept(snapshot: ReadonlySet<DeviceBuffer>): void;
  releaseAll(): void;
  /**
   * Whether there is room for buffers of these sizes, all at once, beside what is held. They are given back.
   * @param sizes bytes of each buffer
   * @throws `device-lost`, `aborted`
   */
  probe(sizes: readonly number[], signal?: AbortSignal): Promise<ProbeResult>;
}

export interface ProbeResult {
  wantedBytes: number;
  /** What the device gave, all at once: as much as was wanted, or the most of it that found room. */
  allocatedBytes: number;
}

/** What a buffer takes that has to hold so many bytes. */
export function heldBytes(bytes: number): number {
  return Math.max(16, Math.ceil(bytes / 16) * 16);
}

/** The bits of `value` as f32, for uniform structs that mix u32 and f32. */
export function floatBits(value: number): number {
  return new Uint32Array(new Float32Array([value]).buffer)[0]!;
}
