import type { CommandList, Dispatch, Step } from '../device/dispatch.ts';
import type { DeviceBuffer } from '../device/memory.ts';

/** A recorded kernel launch; its bind group never changes. */
export interface GpuDispatch extends Dispatch {
  readonly pipeline: GPUComputePipeline;
  readonly bindGroup: GPUBindGroup;
}

/** Commands in one GPUCommandEncoder. */
export class GpuCommands implements CommandList {
  readonly #queue: GPUQueue;
  readonly #encoder: GPUCommandEncoder;

  constructor(gpu: GPUDevice) {
    this.#queue = gpu.queue;
    this.#encoder = gpu.createCommandEncoder();
  }

  launch(dispatches: readonly Dispatch[], step: Step): void {
    encodePass(this.#encoder, dispatches, step);
  }

  copy(
    source: DeviceBuffer,
    sourceOffset: number,
    target: DeviceBuffer,
    targetOffset: number,
    bytes: number,
  ): void {
    this.#encoder.copyBufferToBuffer(
      source as GPUBuffer,
      sourceOffset,
      target as GPUBuffer,
      targetOffset,
      bytes,
    );
  }

  submit(): void {
    this.#queue.submit([this.#encoder.finish()]);
  }
}

/** Encodes the launches, in order, into one compute pass. Dispatches of one pass see each other's writes. */
export function encodePass(
  encoder: GPUCommandEncoder,
  dispatches: readonly Dispatch[],
  step: Step,
  timestampWrites?: GPUComputePassTimestampWrites,
): void {
  const pass = encoder.beginComputePass(timestampWrites && { timestampWrites });
  for (const { pipeline, bindGroup, grid } of dispatches as readonly GpuDispatch[]) {
    const [x, y = 1, z = 1] = typeof grid === 'function' ? grid(step) : grid;
    if (x === 0 || y === 0 || z === 0) continue;
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindGroup);
    pass.dispatchWorkgroups(x, y, z);
  }
  pass.end();
}
