import { waitUnlessAborted } from '../device/abandon.ts';
import type { EngineDevice, Stopwatch } from '../device/device.ts';
import type { Dispatch, Step } from '../device/dispatch.ts';
import { abortedError } from '../errors.ts';
import { median } from './statistics.ts';

/**
 * `timestamp-query`: the GPU's own clock around each run. `submit-to-done`: the host's clock around a batch of runs, from
 * its submit until the GPU reports it done, divided by the runs; launch and waiting are in it.
 */
export type ClockMethod = 'timestamp-query' | 'submit-to-done';

/** Launches that take turns: run n is `sets[n % sets.length]`. */
export interface Launches {
  sets: readonly (readonly Dispatch[])[];
  step: Step;
}

export interface Sampling {
  /** Runs that are counted. One batch more warms up. */
  repeat: number;
  /** Counted runs end after this much, if there are three of them by then. */
  budgetMs: number;
}

const fewestRuns = 3;
/** Runs of one submit may take this much together: long enough to hide the host, far from a driver's watchdog. */
const batchMs = 50;
const mostRunsOfBatch = 64;
/** One run of this length warms up enough. */
const longMs = 1000;

/** Times launches to their completion on the device. */
export class DeviceClock {
  readonly #device: EngineDevice;
  method: ClockMethod;
  readonly #stopwatch: Stopwatch | undefined;
  readonly #signal: AbortSignal | undefined;
  #share: number | undefined;

  private constructor(
    device: EngineDevice,
    stopwatch: Stopwatch | undefined,
    signal: AbortSignal | undefined,
  ) {
    this.#device = device;
    this.#signal = signal;
    this.#stopwatch = stopwatch;
    this.method = stopwatch ? 'timestamp-query' : 'submit-to-done';
  }

  /** Once `signal` fires everything that is timed throws `aborted`. */
  static async create(device: EngineDevice, signal?: AbortSignal): Promise<DeviceClock> {
    return new DeviceClock(device, await device.createStopwatch(mostRunsOfBatch), signal);
  }

  /**
   * Compares the GPU's clock with the host's on launches that take long, and uses the host's from then on where the two
   * disagree: some drivers offer timestamps that say nothing. Once: all figures of a report are of one clock.
   * @returns the GPU's time as a share of the host's, or undefined without timestamps
   */
  async check(launches: Launches): Promise<number | undefined> {
    if (!this.#stopwatch || this.#share !== undefined) return this.#share;
    const shares: number[] = [];
    for (let i = 0; i < fewestRuns; i++) {
      const at = performance.now();
      const [gpuMs] = await this.#batch(launches, 0, 1, 'timestamp-query');
      shares.push(gpuMs! / (performance.now() - at));
    }
    this.#share = median(shares);
    if (!(this.#share > 0.3 && this.#share < 1.1)) this.method = 'submit-to-done';
    return this.#share;
  }

  /** Milliseconds of one run by the host's clock, its launch included. */
  async once(launches: Launches): Promise<number> {
    return (await this.#batch(launches, 0, 1, 'submit-to-done'))[0]!;
  }

  /** Milliseconds of each run; of each batch of runs, divided by them, where the host's clock is used. */
  async time(launches: Launches, { repeat, budgetMs }: Sampling): Promise<number[]> {
    const started = performance.now();
    const firstMs = await this.once(launches);
    // The first run of a kernel may include its compilation, which a long run can do without.
    const guessMs = firstMs > longMs ? firstMs : await this.once(launches);
    const runsOfBatch = Math.max(1, Math.min(mostRunsOfBatch, Math.floor(batchMs / guessMs)));
    // A batch as large as the counted ones, for the clocks of the GPU to rise.
    if (runsOfBatch > 1) await this.#batch(launches, 0, runsOfBatch, 'submit-to-done');
    const times: number[] = [];
    for (let first = 0; times.length < repeat; first += runsOfBatch) {
      times.push(...(await this.#batch(launches, first, runsOfBatch, this.method)));
      if (times.length >= fewestRuns && performance.now() - started > budgetMs) break;
    }
    return times;
  }

  async #batch(
    { sets, step }: Launches,
    first: number,
    runs: number,
    method: ClockMethod,
  ): Promise<number[]> {
    const signal = this.#signal;
    const waited = async <T>(wait: () => Promise<T>) => {
      const result = await waitUnlessAborted(this.#device, signal, wait);
      if (signal?.aborted) throw abortedError();
      return result;
    };
    const batch = Array.from({ length: runs }, (_, run) => sets[(first + run) % sets.length]!);
    if (method === 'timestamp-query') return waited(() => this.#stopwatch!.time(batch, step));
    const at = performance.now();
    const commands = this.#device.begin();
    for (const dispatches of batch) commands.launch(dispatches, step);
    commands.submit();
    await waited(() => this.#device.settled());
    return [(performance.now() - at) / runs];
  }
}
