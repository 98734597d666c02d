import type { EngineDevice } from '../device/device.ts';
import { plainerVariants } from '../device/plainer-variants.ts';
import { abortedError, BedsideError } from '../errors.ts';
import type { KernelProblem, Prepared, TimedCase, TimingScale } from '../kernels/registry/kernel-entry.ts';
import { type KernelCheck, TestBench } from '../kernels/registry/test-bench.ts';
import { DeviceClock, type Sampling } from '../timing/clock.ts';
import { median } from '../timing/statistics.ts';
import type { KernelRow } from '../types/device-test.ts';
import { isCompilerError } from './self-test.ts';

export interface ReportEvents {
  signal?: AbortSignal | undefined;
  /** Rows that have come since, and what is tested next. */
  onRows?: ((rows: KernelRow[], done: number, total: number, next: string) => void) | undefined;
}

const sampling: Sampling = { repeat: 9, budgetMs: 200 };
/** Matrices and caches take turns until they are so much together, lest a GPU's cache holds them. */
const coldBytes = 64 * 1024 * 1024;

/**
 * Runs each problem in the variant that the device is on, and where a kernel is wrong or does not compile, in plainer ones too
 * until one is right, as loading a model would. Times what it has compared. Whatever it allocated is released, and with it
 * all that anyone else allocated meanwhile; the device's variant stays.
 * @throws `device-lost`, `gpu-error`, `aborted`
 */
export async function reportKernels(
  device: EngineDevice,
  problems: readonly KernelProblem[],
  { signal, onRows }: ReportEvents = {},
): Promise<{ rows: KernelRow[]; clock: DeviceClock['method'] }> {
  const before = device.memory.snapshot();
  const { variant } = device;
  const rows: KernelRow[] = [];
  try {
    const clock = await DeviceClock.create(device, signal);
    for (const [i, problem] of problems.entries()) {
      onRows?.([], i, problems.length, describe(problem));
      const found = await testProblem(device, problem, clock, signal);
      let last = found;
      for (const plainer of plainerVariants(device)) {
        if (last.every(({ outcome }) => outcome === 'passed' || outcome === 'no-room')) break;
        device.variant = plainer;
        last = await testProblem(device, problem, clock, signal);
        device.variant = variant;
        found.push(...last);
      }
      rows.push(...found);
      onRows?.(found, i + 1, problems.length, '');
    }
    return { rows, clock: clock.method };
  } finally {
    device.variant = variant;
    device.memory.releaseExcept(before);
  }
}

function describe({ kernel, form }: KernelProblem): string {
  return form ? `${kernel}, ${form}` : kernel;
}

/** A processor takes seconds for what a GPU does in no time. */
function scaleOf({ report }: EngineDevice): TimingScale {
  return report.isSoftware
    ? { shapes: [{ rows: 512, columns: 2048 }], tokens: [1, 128], contexts: [256], positions: 65 }
    : { shapes: [{ rows: 4096, columns: 4096 }], tokens: [1, 128], contexts: [2048] };
}

async function testProblem(
  device: EngineDevice,
  problem: KernelProblem,
  clock: DeviceClock,
  signal: AbortSignal | undefined,
): Promise<KernelRow[]> {
  const before = device.memory.snapshot();
  const bench = new TestBench(device, signal);
  const rows: KernelRow[] = [];
  const row = (changes: Partial<KernelRow>): KernelRow => ({
    group: problem.group,
    kernel: problem.kernel,
    form: problem.form,
    build: buildOf(device),
    outcome: 'passed',
    largestError: null,
    bound: null,
    ms: null,
    GBps: null,
    gflops: null,
    weightsPerSecond: null,
    timedOn: '',
    cause: '',
    ...changes,
  });
  try {
    await problem.run(bench);
    device.check();
    for (const check of bench.checks) {
      if (signal?.aborted) throw abortedError();
      const speed = check.kernel === problem.kernel ? problem.timed(scaleOf(device)) : undefined;
      const timed = check.passed ? await time(device, clock, check, speed) : {};
      rows.push(row({ ...resultOf(check), ...timed }));
    }
  } catch (error) {
    if (isCompilerError(error, device)) rows.push(row({ outcome: 'not-compiled', cause: causeOf(error) }));
    else if (isOutOfMemory(error)) rows.push(row({ outcome: 'no-room', cause: causeOf(error) }));
    else throw error;
  } finally {
    device.memory.releaseExcept(before);
  }
  return rows;
}

function resultOf({ kernel, largestError, bound, passed }: KernelCheck): Partial<KernelRow> {
  return {
    kernel,
    outcome: passed ? 'passed' : 'wrong',
    // Infinity does not survive JSON.
    largestError: Number.isFinite(largestError) ? largestError : null,
    bound,
  };
}

async function time(
  device: EngineDevice,
  clock: DeviceClock,
  { launch }: KernelCheck,
  speed: TimedCase | undefined,
): Promise<Partial<KernelRow>> {
  const prepared = speed && (await prepare(device, speed));
  if (speed && prepared?.work) {
    const ms = median(await clock.time(prepared.launches, sampling));
    const { bytes, flops } = prepared.work;
    // A product with one vector and attention to one token read memory; the others compute.
    const reads = flops / bytes < 8;
    const weights = weightsOf(speed);
    return {
      ms,
      GBps: reads ? bytes / ms / 1e6 : null,
      gflops: reads ? null : flops / ms / 1e6,
      weightsPerSecond: weights && (1000 * weights) / ms,
      timedOn: Object.entries(speed.shape)
        .map(([name, value]) => `${name} ${value}`)
        .join(', '),
    };
  }
  if (!launch) return {};
  return { ms: median(await clock.time({ sets: [launch.dispatches], step: launch.step }, sampling)) };
}

/** Of a product with one token; null of everything else. */
function weightsOf({ shape: { rows, columns, tokens } }: TimedCase): number | null {
  return typeof rows === 'number' && typeof columns === 'number' && tokens === 1 ? rows * columns : null;
}

/** Beside a large model there may be no room for it. */
async function prepare(device: EngineDevice, speed: TimedCase): Promise<Prepared | undefined> {
  try {
    return await speed.prepare(device, device.report.isSoftware ? 0 : coldBytes);
  } catch (error) {
    if (isOutOfMemory(error)) return undefined;
    throw error;
  }
}

function buildOf({ report, variant }: EngineDevice): string {
  if (report.kind === 'processor') return 'in WebAssembly';
  const small = variant.small ? ', small' : '';
  if (variant.lanes) return `for a processor${small}`;
  return `${variant.subgroups ? 'with' : 'without'} subgroups${small}`;
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof BedsideError && error.code === 'out-of-memory';
}

function causeOf(error: unknown): string {
  const { message, cause } = error as BedsideError;
  return cause instanceof Error ? cause.message : String(cause ?? message);
}
