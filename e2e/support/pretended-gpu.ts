import type { Page, Worker } from 'playwright-core';
import { prepareWorkers } from './prepared-workers.ts';

/** What a worker counts of the device that it takes for a GPU. */
interface Counts {
  /** Passes that launched one kernel alone, over and over, as nobody but the tuner does. */
  batches: number;
  /** So many more of them are over when they are done; the rest waits. */
  allowed: number;
}

/** To be found faster than the standard form: the first other form of this kernel that is compiled. */
const fasterKernel = 'matvec q8_0 store normed gated';

/**
 * Workers whose software adapter does not say that it is one, so that kernels have the forms of a GPU (small ones, which such a driver
 * compiles sooner) and something is to be chosen. All is compiled and computed by the browser's own WebGPU; but what it takes is counted
 * by launches, so that what is found does not depend on the machine, and most forms are refused, as by a driver that cannot compile them.
 */
export class PretendedGpu {
  #allowed: number;
  #prepared: () => Worker[] = () => [];

  private constructor(allowed: number) {
    this.#allowed = allowed;
  }

  /** To be made before the page goes anywhere. `allowed`: batches of each worker that are over when they are done. */
  static async of(page: Page, { allowed }: { allowed: number }): Promise<PretendedGpu> {
    const gpu = new PretendedGpu(allowed);
    gpu.#prepared = await prepareWorkers(page, worker =>
      worker.evaluate(pretend, { allowed: gpu.#allowed, faster: fasterKernel }),
    );
    return gpu;
  }

  /** Batches that the engine's worker has had computed. */
  async batches(): Promise<number> {
    const engine = this.#engine;
    return engine?.evaluate(() => (globalThis as unknown as { counts: Counts }).counts.batches) ?? 0;
  }

  /** From now on so many batches more are over when they are done, of workers to come as well. */
  async allow(batches: number): Promise<void> {
    this.#allowed = batches;
    await this.#engine?.evaluate(allowed => {
      (globalThis as unknown as { counts: Counts }).counts.allowed = allowed;
    }, batches);
  }

  get #engine(): Worker | undefined {
    return this.#prepared().find(worker => worker.url().includes('/engine.worker-'));
  }
}

/** Runs in a worker before its first message. */
function pretend({ allowed, faster }: { allowed: number; faster: string }): void {
  const counts: Counts = { batches: 0, allowed };
  Object.assign(globalThis, { counts });

  const say = (of: object, facts: Record<string, unknown>) => {
    for (const [name, value] of Object.entries(facts)) Object.defineProperty(of, name, { get: () => value });
  };
  say(GPUAdapterInfo.prototype, {
    ...{ vendor: 'pretended', architecture: '', device: '', description: '' },
    isFallbackAdapter: false,
  });
  say(GPUSupportedLimits.prototype, { maxComputeInvocationsPerWorkgroup: 128 });

  // Loops that wait for a time to pass end all the same.
  let now = 0;
  performance.now = () => {
    now += 0.001;
    return now;
  };
  // No compiler is late by such a clock.
  const { setTimeout: later } = globalThis;
  const inTime = (run: () => void, ms = 0, ...given: []) => (ms >= 1000 ? 0 : later(run, ms, ...given));
  globalThis.setTimeout = inTime as typeof setTimeout;

  const forms = new Map<string, number>();
  const costs = new WeakMap<GPUComputePipeline, number>();
  const costOf = (label: string, form: number) => {
    if (label === 'bench read') return 1;
    if (form === 1 || !label.startsWith('matvec')) return 10;
    return label === faster ? 5 : 100;
  };
  let isTuning = false;
  const { createComputePipelineAsync } = GPUDevice.prototype;
  GPUDevice.prototype.createComputePipelineAsync = async function (descriptor) {
    const { label = '' } = descriptor;
    const form = (forms.get(label) ?? 0) + 1;
    forms.set(label, form);
    isTuning ||= label === 'bench read';
    const isRefused = label.startsWith('matvec') ? form > 2 : isTuning && label.startsWith('attention');
    if (isRefused) throw new GPUPipelineError('refused by the test', { reason: 'internal' });
    const pipeline = await createComputePipelineAsync.call(this, descriptor);
    costs.set(pipeline, costOf(label, form));
    return pipeline;
  };

  let launched: GPUComputePipeline[] = [];
  const { setPipeline } = GPUComputePassEncoder.prototype;
  GPUComputePassEncoder.prototype.setPipeline = function (pipeline) {
    launched.push(pipeline);
    return setPipeline.call(this, pipeline);
  };
  let underWayMs = 0;
  let isBatch = false;
  const { submit, onSubmittedWorkDone } = GPUQueue.prototype;
  GPUQueue.prototype.submit = function (commands) {
    isBatch = isTuning && launched.length > 1 && new Set(launched).size === 1;
    for (const pipeline of launched) underWayMs += costs.get(pipeline) ?? 0;
    launched = [];
    return submit.call(this, commands);
  };
  GPUQueue.prototype.onSubmittedWorkDone = async function () {
    const isCounted = isBatch;
    const ms = underWayMs;
    isBatch = false;
    underWayMs = 0;
    await onSubmittedWorkDone.call(this);
    now += ms + 2;
    if (isCounted) {
      counts.batches++;
      while (counts.allowed <= 0) await new Promise(resolve => later(resolve, 10));
      counts.allowed--;
    }
    return undefined;
  };
}
