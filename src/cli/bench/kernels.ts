import type { EngineDevice } from '../../engine/device/device.ts';
import { BedsideError } from '../../engine/errors.ts';
import type { KernelCase, MatrixShape } from '../../engine/kernels/registry/kernel-entry.ts';
import { needsOfKnownModels } from '../../engine/kernels/registry/known-models.ts';
import { kernelCases } from '../../engine/kernels/registry/registry.ts';
import type { GgmlTypeName } from '../../engine/quant/block-formats.ts';
import { type ClockMethod, DeviceClock, type Sampling } from '../../engine/timing/clock.ts';
import { type Spread, spreadOf } from '../../engine/timing/statistics.ts';
import { type Achieved, achieved, type DeviceRates, type Work } from '../../engine/timing/work.ts';
import type { Precision } from '../../engine/types/precision.ts';
import { measureCopyKernel, measureMultiplyAdd } from './device-rates.ts';
import { measureCopy } from './measure.ts';

export interface KernelPlan {
  shapes: readonly MatrixShape[];
  types: readonly GgmlTypeName[];
  /** Of the products: 1 is a matrix-vector product. */
  tokens: readonly number[];
  /** Keys that one new token attends to. */
  contexts: readonly number[];
  cache: Precision;
  sampling: Sampling;
  /** Matrices and caches take turns until they are so much together (see copiesFor). */
  coldBytes: number;
  copyBytes: number;
  /** Cases in whose kernel or description this stands; '': all of them. */
  only: string;
}

/** Without work and rates where a small problem was timed, which says nothing of them. */
export interface KernelResult extends Partial<Achieved & Work> {
  kernel: KernelCase['kernel'];
  shape: KernelCase['shape'];
  describe: KernelCase['describe'];
  ms: Spread;
  /** Copies of the weights or cache that took turns. */
  copies: number;
}

export interface KernelReport {
  clock: ClockMethod;
  /** A long run's time by the GPU's clock as a share of the host's; undefined without timestamps. */
  gpuClockShare: number | undefined;
  /** Of a copying kernel, and of the device's own copy of a buffer by the host's clock: shares are of the faster. */
  copyKernelGBps: Spread;
  copyBufferGBps: number;
  multiplyAddGflops: Spread;
  /**
   * The last multiply-adds beside the first: under one, the device was busy with something else, or hot, and so were
   * the kernels measured last.
   */
  steadiness: number;
  kernels: KernelResult[];
  /** Cases that found no room on the device. */
  skipped: Pick<KernelCase, 'kernel' | 'shape' | 'describe'>[];
}

export function listCases({ types, cache, only, ...scale }: KernelPlan): KernelCase[] {
  const cases = kernelCases(needsOfKnownModels([cache], types), scale);
  return cases.filter(({ kernel, describe }) => `${kernel} ${describe}`.includes(only));
}

/** The device's own rates first, then every case against them, in one run. */
export async function measureKernels(
  device: EngineDevice,
  plan: KernelPlan,
  onCase: (done: number, total: number) => void,
): Promise<KernelReport> {
  const { sampling, copyBytes, coldBytes } = plan;
  const clock = await DeviceClock.create(device);
  const { gflops: multiplyAddGflops, gpuClockShare } = await measureMultiplyAdd(device, clock, sampling);
  const copyKernelGBps = await measureCopyKernel(device, clock, copyBytes, sampling);
  const copyBufferGBps = await measureCopy(device, sampling.repeat);
  const rates: DeviceRates = {
    copyGBps: Math.max(copyKernelGBps.median, copyBufferGBps),
    multiplyAddGflops: multiplyAddGflops.median,
  };
  const cases = listCases(plan);
  const kernels: KernelResult[] = [];
  const skipped: KernelReport['skipped'] = [];
  for (const [i, each] of cases.entries()) {
    onCase(i, cases.length);
    const { kernel, shape, describe } = each;
    const before = device.memory.snapshot();
    try {
      const { launches, work } = await each.prepare(device, coldBytes);
      const ms = spreadOf(await clock.time(launches, sampling));
      const copies = launches.sets.length;
      const rated = work && { ...work, ...achieved(work, ms.median, rates) };
      kernels.push({ kernel, shape, describe, ms, ...rated, copies });
    } catch (error) {
      if (!(error instanceof BedsideError && error.code === 'out-of-memory')) throw error;
      skipped.push({ kernel, shape, describe });
    } finally {
      device.memory.releaseExcept(before);
    }
  }
  onCase(cases.length, cases.length);
  const again = await measureMultiplyAdd(device, clock, sampling);
  const steadiness = again.gflops.median / multiplyAddGflops.median;
  const deviceRates = { copyKernelGBps, copyBufferGBps, multiplyAddGflops };
  return { clock: clock.method, gpuClockShare, ...deviceRates, steadiness, kernels, skipped };
}
