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
  /** The rows of quantised matrices lie interleaved by four (quant/interleave.ts). */
  readonly interleavesRows?: boolean | undefined;
  /** Prompts may be read in long steps (loading/chunk-tokens.ts), whose activations take more room. */
  readonly longChunks?: boolean | undefined;
}

/** A buffer before it is made: `storage`, `uniform` or `readback` is called with this label and size. */
export interface PlannedBuffer {
  readonly kind: 'storage' | 'uniform' | 'readback';
  readonly label: string;
  readonly bytes: number;
  /** Of one group: what the same launches bind, as the weights and the cache of a layer. Of none: what is bound beside many groups. */
  readonly group?: string | undefined;
  /** Of activations that products read: bytes from one row to the next. */
  readonly rowBytes?: number | undefined;
}

/** All that a model will hold, and the most that is held beside it for a while: weights on their way, or what is asked. */
export interface MemoryRequest {
  readonly buffers: readonly PlannedBuffer[];
  readonly besideBytes: number;
}

/** `roomBytes` is no less than `wantedBytes` where the device has room. What it holds counts as free. */
export interface Room {
  readonly wantedBytes: number;
  readonly roomBytes: number;
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
   * Says what a model will hold, all at once and before any of it is made, and whether the device has room for it. What the device
   * holds, a model that is given up for this one, counts as free and is not touched. Once that is gone a second call with the same
   * request makes sure of the whole.
   * @throws `device-lost`, `aborted`
   */
  reserve(request: MemoryRequest, signal?: AbortSignal): Promise<Room>;
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
