import type { EngineDevice } from '../device/device.ts';
import type { Dispatch, Step } from '../device/dispatch.ts';
import type { DeviceBuffer } from '../device/memory.ts';
import { abortedError } from '../errors.ts';
import { median } from '../timing/statistics.ts';
import type { TunerClock } from './tuner-clock.ts';

/** Launches in a short batch and in a long one. */
export interface BatchLengths {
  few: number;
  many: number;
  /** What a launch took when this was found out. */
  ms: number;
}

/** The time that was to be spent is spent. */
export class BudgetSpent extends Error {}

/**
 * A long batch takes about so much: steps of 0.1 ms of a browser's clock are lost in it, and no driver loses patience. Where all of
 * it is to be over soon, the shorter.
 */
export const batchesMs = { short: 24, long: 40 };
/** The host must have encoded a batch well before the device is through with it. */
const mostLaunches = 2048;
/** What is shorter than that even so, is not measured but guessed. */
const leastBatchMs = 5;
/** A step of a prompt is not made shorter than that: no device reads less at once. */
const fewestPromptTokens = 128;
/** A wait that takes so long although nothing was to be done is a poll: Firefox looks every 100 ms. */
const pollMs = 30;

/**
 * Times launches by the difference of two batches, each in one pass of one submit: what a submit, its wait and the clock's steps
 * cost is in both.
 */
export class BatchClock {
  readonly #device: EngineDevice;
  readonly #state: DeviceBuffer;
  readonly #clock: TunerClock;
  readonly #signal: AbortSignal;
  /** Of the tuner's clock. */
  deadline = Number.POSITIVE_INFINITY;
  batchMs = batchesMs.long;

  /** `state`: what kernels read their step from. */
  constructor(device: EngineDevice, state: DeviceBuffer, clock: TunerClock, signal: AbortSignal) {
    this.#device = device;
    this.#state = state;
    this.#clock = clock;
    this.#signal = signal;
  }

  /** Whether a wait for nothing takes so long that launches cannot be told apart. */
  async isCoarse(): Promise<boolean> {
    const waits: number[] = [];
    while (waits.length < 3) waits.push(await this.#run([], { position: 0, tokens: 1 }));
    return median(waits) > pollMs;
  }

  /** Runs the launches for a while: a device that has rested is slow at first. */
  async warmUp(launches: readonly Dispatch[], step: Step, ms: number): Promise<void> {
    const end = this.#clock.now() + ms;
    for (let count = 1; this.#clock.now() < end; count = Math.min(2 * count, launches.length)) {
      await this.batch(launches, count, step);
    }
  }

  /** The step, with fewer tokens where two launches would not fit a batch: a class must not take all the time that there is. */
  async fittingStep(launches: readonly Dispatch[], step: Step): Promise<Step> {
    let { tokens } = step;
    while (
      tokens >= 2 * fewestPromptTokens &&
      (await this.batch(launches, 1, { ...step, tokens })) > this.batchMs / 2
    ) {
      tokens = Math.floor(tokens / 2);
    }
    return { ...step, tokens };
  }

  /** How many launches make a batch long enough; undefined where no number does. */
  async lengthsFor(launches: readonly Dispatch[], step: Step): Promise<BatchLengths | undefined> {
    const { batchMs } = this;
    let count = 1;
    let took = await this.batch(launches, count, step);
    while (took < batchMs / 2 && count < mostLaunches) {
      count = Math.min(mostLaunches, count * (took < batchMs / 16 ? 8 : 2));
      took = await this.batch(launches, count, step);
    }
    const many = Math.min(mostLaunches, Math.max(2, Math.round((count * batchMs) / took)));
    // Where a round of the layers takes long, less than that.
    const few = Math.max(1, Math.min(Math.round(many / 8), launches.length));
    const ms = await this.perLaunch(launches, { few, many }, step);
    return ms * (many - few) >= leastBatchMs ? { few, many, ms } : undefined;
  }

  /** Milliseconds of one launch. */
  async perLaunch(
    launches: readonly Dispatch[],
    { few, many }: Pick<BatchLengths, 'few' | 'many'>,
    step: Step,
  ): Promise<number> {
    const short = await this.batch(launches, few, step);
    const long = await this.batch(launches, many, step);
    return (long - short) / (many - few);
  }

  /**
   * Milliseconds from the submit of so many launches, taking turns, until they are done.
   * @throws `aborted`; BudgetSpent, where there is no time left
   */
  async batch(launches: readonly Dispatch[], count: number, step: Step): Promise<number> {
    return this.#run(
      Array.from({ length: count }, (_, i) => launches[i % launches.length]!),
      step,
    );
  }

  async #run(launches: readonly Dispatch[], step: Step): Promise<number> {
    if (this.#signal.aborted) throw abortedError();
    if (this.#clock.now() + this.batchMs > this.deadline) throw new BudgetSpent();
    this.#device.write(this.#state, 0, new Uint32Array([step.position, step.tokens]));
    const at = this.#clock.now();
    const commands = this.#device.begin();
    commands.launch(launches, step);
    commands.submit();
    await this.#device.settled();
    return this.#clock.now() - at;
  }
}
