import { BedsideError } from '../errors.ts';
import type { ProcessorFacts } from '../types/device.ts';
import { type DeviceOptions, type MakeWalker, ProcessorDevice } from './device.ts';
import { type KernelModule, knowsRelaxedSimd, loadKernelModule } from './kernel-module.ts';
import { type Helper, Pool, type StartHelper } from './pool.ts';
import { type ProbeResult, probeThreads, threadCounts } from './probe.ts';
import { openProbeBench, probeBytes } from './probe-bench.ts';

export interface ProcessorOptions extends Omit<DeviceOptions, 'shared'> {
  /** Multiply-add that rounds once; by default where the engine knows it. */
  relaxed?: boolean | undefined;
  /** Starts a thread that computes while the caller waits, and ends with the device. Without it the caller's own computes. */
  startHelper?: StartHelper | undefined;
  /** Why there is no `startHelper`, for the report. */
  oneThreadBecause?: ProcessorFacts['oneThreadBecause'];
  /** The most threads that are tried; one by default. Those that bring nothing are ended again. */
  mostThreads?: number | undefined;
  /** So many threads, each a helper; no other number is tried. */
  threads?: number | undefined;
  /** What was measured on this machine before: nothing is measured again, and so many threads compute. */
  known?: ProbeResult | undefined;
  /** After how many milliseconds a helper that is waited for is taken for dead. */
  patienceMs?: number | undefined;
  /** Milliseconds. */
  now?: (() => number) | undefined;
}

const pauseMs = 200;
const pause = () => new Promise<void>(resolve => setTimeout(resolve, pauseMs));

/** More are of no use: memory is the limit long before. */
const mostTried = 16;

/**
 * The processor as a device, with as many threads as are of use: a short probe tells, unless it is known. Where helpers cannot
 * be started one thread computes, and `report.processor` says why.
 * @throws `out-of-memory`
 */
export async function acquireProcessor(options: ProcessorOptions = {}): Promise<ProcessorDevice> {
  const hasRelaxedSimd = options.relaxed ?? knowsRelaxedSimd();
  const facts = { hasRelaxedSimd, activationBits: options.activationBits ?? 32 };
  const { startHelper, threads, known, mostThreads = 1 } = options;
  const wanted = threads ?? known?.threads ?? Math.min(mostThreads, mostTried);
  let { oneThreadBecause } = options;
  let measured = known;
  if (startHelper && (wanted > 1 || threads !== undefined)) {
    const opened = await openWithHelpers(options, startHelper, wanted, facts);
    if (opened instanceof ProcessorDevice) return opened;
    if (opened) measured = opened;
    else {
      oneThreadBecause = 'helpers-not-started';
      // What was known was of more threads.
      measured = undefined;
    }
  }
  const module = await loadKernelModule(hasRelaxedSimd ? 'relaxed' : 'plain');
  const { rates } = measured ?? (await probe(module, options, [1]));
  const because = oneThreadBecause ? { oneThreadBecause } : {};
  return new ProcessorDevice(module, options, 1, undefined, { ...facts, threads: 1, ...because, rates });
}

/** @returns what was measured where one thread does as well; nothing where the helpers do not begin */
async function openWithHelpers(
  options: ProcessorOptions,
  startHelper: StartHelper,
  wanted: number,
  facts: Pick<ProcessorFacts, 'hasRelaxedSimd' | 'activationBits'>,
): Promise<ProcessorDevice | ProbeResult | undefined> {
  const { known, threads } = options;
  const module = await loadKernelModule(facts.hasRelaxedSimd ? 'relaxed-shared' : 'plain-shared');
  const helpers = await startHelpers(startHelper, wanted);
  let device: ProcessorDevice | undefined;
  try {
    if (helpers.length < wanted) return undefined;
    const counts = threads === undefined ? threadCounts(wanted) : [threads];
    const measured = known
      ? { threads: wanted, rates: known.rates }
      : await probe(module, options, counts, helpers, startHelper);
    if (measured.threads === 1 && threads === undefined) return measured;
    for (const helper of helpers.splice(measured.threads)) helper.end();
    device = await openPool(module, options, helpers, startHelper, { ...facts, ...measured });
    return device;
  } catch (error) {
    if (error instanceof BedsideError && error.code === 'device-lost') return undefined;
    throw error;
  } finally {
    if (!device) for (const helper of helpers) helper.end();
  }
}

/** Fewer than wanted where one cannot be started: what a browser throws then differs, and says nothing that helps. */
async function startHelpers(startHelper: StartHelper, wanted: number): Promise<Helper[]> {
  const helpers: Helper[] = [];
  try {
    while (helpers.length < wanted) helpers.push(await startHelper());
  } catch (error) {
    console.warn('A thread could not be started.', error);
  }
  return helpers;
}

/** @throws `device-lost` where a helper does not begin */
async function openPool(
  module: KernelModule,
  options: DeviceOptions & Pick<ProcessorOptions, 'patienceMs'>,
  helpers: readonly Helper[],
  startHelper: StartHelper,
  facts?: ProcessorFacts,
): Promise<ProcessorDevice> {
  let pool: Pool | undefined;
  const makePool: MakeWalker = over => {
    pool = new Pool(module, over.banks, helpers, startHelper, over.lost, options.patienceMs);
    return pool;
  };
  const device = new ProcessorDevice(module, { ...options, shared: true }, helpers.length, makePool, facts);
  await pool!.ready;
  return device;
}

/** In a small memory of its own, after which the helpers can be started over another. */
async function probe(
  module: KernelModule,
  { now = () => performance.now(), activationBits, patienceMs }: ProcessorOptions,
  counts: readonly number[],
  helpers: readonly Helper[] = [],
  startHelper?: StartHelper,
): Promise<ProbeResult> {
  const memory = { sideBytes: probeBytes, activationBits, patienceMs };
  const device =
    startHelper && helpers.length > 0
      ? await openPool(module, memory, helpers, startHelper)
      : new ProcessorDevice(module, memory);
  try {
    return await probeThreads(counts, await openProbeBench(device), now, pause);
  } finally {
    device.release();
  }
}
