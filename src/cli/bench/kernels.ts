import { BedsideError } from '../../engine/errors.ts';
import type { EngineDevice } from '../../engine/gpu/device.ts';
import type { Shape } from '../../engine/kernels/registry/kernel-cases.ts';
import {
  decodeAttentionCase,
  encoderAttentionCase,
  type KernelCase,
  productCase,
} from '../../engine/kernels/registry/kernel-cases.ts';
import type { GgmlTypeName } from '../../engine/quant/block-formats.ts';
import { type ClockMethod, GpuClock, type Sampling } from '../../engine/timing/clock.ts';
import { type Spread, spreadOf } from '../../engine/timing/statistics.ts';
import { type Achieved, achieved, type DeviceRates } from '../../engine/timing/work.ts';
import type { Precision } from '../../engine/types.ts';
import { measureCopy } from '../measure.ts';
import { measureCopyKernel, measureMultiplyAdd } from './device-rates.ts';

export interface KernelPlan {
  shapes: readonly Shape[];
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
}

export interface KernelResult extends Achieved {
  kernel: KernelCase['kernel'];
  shape: KernelCase['shape'];
  bytes: number;
  flops: number;
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
  skipped: Pick<KernelCase, 'kernel' | 'shape'>[];
}

/** Heads of PMC-LLaMA-13B and of InternLM2-1.8B. */
const decodeHeads = [
  { heads: 40, kvHeads: 40, headDim: 128 },
  { heads: 16, kvHeads: 8, headDim: 128 },
];

/** InternViT-300M: 32 x 32 patches and the class token. */
const encoderShape = { heads: 16, headDim: 64, positions: 1025 };

export function listCases({ shapes, types, tokens, contexts, cache }: KernelPlan): KernelCase[] {
  return [
    ...tokens.flatMap(count => shapes.flatMap(shape => types.map(type => productCase(shape, type, count)))),
    ...decodeHeads.flatMap(heads => contexts.map(context => decodeAttentionCase(heads, context, cache))),
    encoderAttentionCase(encoderShape),
  ];
}

/** The device's own rates first, then every case against them, in one run. */
export async function measureKernels(
  device: EngineDevice,
  plan: KernelPlan,
  onCase: (done: number, total: number) => void,
): Promise<KernelReport> {
  const { sampling, copyBytes, coldBytes } = plan;
  const clock = await GpuClock.create(device);
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
    const { kernel, shape } = each;
    const before = device.memory.snapshot();
    try {
      const { launches, work } = await each.prepare(device, coldBytes);
      const ms = spreadOf(await clock.time(launches, sampling));
      const copies = launches.sets.length;
      kernels.push({ kernel, shape, ...work, ms, ...achieved(work, ms.median, rates), copies });
    } catch (error) {
      if (!(error instanceof BedsideError && error.code === 'out-of-memory')) throw error;
      skipped.push({ kernel, shape });
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
