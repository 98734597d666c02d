import type { Stopwatch } from '../device/device.ts';
import type { Dispatch, Step } from '../device/dispatch.ts';
import { encodePass } from './commands.ts';
import type { DeviceLife } from './device-life.ts';
import type { GpuMemory } from './memory.ts';

/** The GPU's own clock (`timestamp-query`), at the beginning and end of each run's pass. */
export class GpuStopwatch implements Stopwatch {
  readonly #gpu: GPUDevice;
  readonly #life: DeviceLife;
  readonly #memory: GpuMemory;
  readonly #queries: GPUQuerySet;
  readonly #resolved: GPUBuffer;

  private constructor(
    gpu: GPUDevice,
    life: DeviceLife,
    memory: GpuMemory,
    queries: GPUQuerySet,
    resolved: GPUBuffer,
  ) {
    this.#gpu = gpu;
    this.#life = life;
    this.#memory = memory;
    this.#queries = queries;
    this.#resolved = resolved;
  }

  /** @returns undefined where the device was opened without the GPU's clock */
  static async create(
    gpu: GPUDevice,
    life: DeviceLife,
    memory: GpuMemory,
    mostRuns: number,
  ): Promise<GpuStopwatch | undefined> {
    if (!gpu.features.has('timestamp-query')) return undefined;
    const count = 2 * mostRuns;
    const queries = gpu.createQuerySet({ type: 'timestamp', count });
    const usage = GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC;
    const resolved = await memory.allocate('timestamps', count * 8, usage);
    return new GpuStopwatch(gpu, life, memory, queries, resolved);
  }

  async time(runs: readonly (readonly Dispatch[])[], step: Step): Promise<number[]> {
    const bytes = 16 * runs.length;
    const stamps = await this.#memory.readback('timestamps', bytes);
    try {
      const encoder = this.#gpu.createCommandEncoder();
      for (const [run, dispatches] of runs.entries()) {
        encodePass(encoder, dispatches, step, {
          querySet: this.#queries,
          beginningOfPassWriteIndex: 2 * run,
          endOfPassWriteIndex: 2 * run + 1,
        });
      }
      encoder.resolveQuerySet(this.#queries, 0, 2 * runs.length, this.#resolved, 0);
      encoder.copyBufferToBuffer(this.#resolved, 0, stamps, 0, bytes);
      this.#gpu.queue.submit([encoder.finish()]);
      await this.#life.guard(stamps.mapAsync(GPUMapMode.READ));
      return runTimes(new BigUint64Array(stamps.getMappedRange().slice(0, bytes)));
    } finally {
      this.#memory.release(stamps);
    }
  }
}

/**
 * Milliseconds of each run from nanoseconds (begin, end) of passes that wait for one another. A driver may take the time
 * of a beginning before the pass before has ended: then the run lasted from end to end.
 */
export function runTimes(stamps: BigUint64Array): number[] {
  return Array.from({ length: stamps.length / 2 }, (_, run) => {
    const own = stamps[2 * run]!;
    const previousEnd = run === 0 ? own : stamps[2 * run - 1]!;
    const begin = own > previousEnd ? own : previousEnd;
    return Number(stamps[2 * run + 1]! - begin) / 1e6;
  });
}
