import type { EngineDevice } from '../device/device.ts';
import { abortedError, BedsideError } from '../errors.ts';
import { type KernelProblem, targetOf } from '../kernels/registry/kernel-entry.ts';
import type { BadCandidate, ModelTuning, TunedClass, TuningRecord, TuningUse } from '../types/tuning.ts';
import { BatchClock, BudgetSpent, batchesMs } from './batch-clock.ts';
import { checkCandidate, type Soundness } from './check-candidate.ts';
import { hashText } from './hash-text.ts';
import { measureReads } from './read-rate.ts';
import { timeClass } from './time-class.ts';
import type { ClassLaunches, TunableModel } from './tunable-model.ts';
import { realClock, type TunerClock } from './tuner-clock.ts';
import {
  choicesOf,
  classOf,
  isBad,
  recordFor,
  tunedDevice,
  withBad,
  withClass,
  withoutOldCode,
} from './tuning-record.ts';

export interface TuningOptions {
  use: TuningUse;
  /** What was found before, on this device or another one. */
  record?: TuningRecord | undefined;
  /** With its version. */
  browser: string;
  /** Told of what was found as soon as it was, so that nothing of it is lost with the device. */
  onRecord?: (record: TuningRecord) => void;
  /** Ends the timing, not the load: what was not timed keeps its default. */
  skip?: AbortSignal | undefined;
  /** Milliseconds for a load; by default by how fast the device reads. */
  budgetMs?: number | undefined;
  clock?: TunerClock;
}

/** What a load may wait for on a device with memory of its own, and on one that shares it. */
const budgetsMs = { fast: 1500, shared: 4000 };
/** GB/s beyond which no memory is shared with a processor but such as is as fast as a GPU's own. */
const sharedGBps = 150;
const warmUpMs = 150;

/** A kind of class of this model, and what tries a candidate of it. */
interface Kind {
  names: readonly [string, ...string[]];
  problem: KernelProblem;
  code: string;
}

/**
 * Chooses among candidates for one model on one device, while it is loaded: `begin` once the self-test has passed, `checkAhead`
 * while its weights are still coming, `settle` when they are there.
 */
export class Tuner {
  record!: TuningRecord;
  readonly #device: EngineDevice;
  readonly #problems: readonly KernelProblem[];
  readonly #model: string;
  readonly #options: TuningOptions;
  readonly #clock: TunerClock;
  #kinds = new Map<string, Kind>();
  readonly #soundness = new Map<string, Soundness>();
  #modelKey = '';

  /**
   * @param problems of all that the model launches
   * @param model what its launches depend on, in words that another model does not have
   */
  constructor(
    device: EngineDevice,
    problems: readonly KernelProblem[],
    model: string,
    options: TuningOptions,
  ) {
    this.#device = device;
    this.#problems = problems;
    this.#model = model;
    this.#options = options;
    this.#clock = options.clock ?? realClock;
  }

  /** Reads what the record still holds for the device as the self-test left it. */
  async begin(): Promise<void> {
    const device = this.#device;
    this.#kinds = device.report.isSoftware ? new Map() : await kindsOf(device, this.#problems);
    const found = recordFor(tunedDevice(device, this.#options.browser), this.#options.record);
    this.record = withoutOldCode(found, new Map([...this.#kinds].map(([kind, { code }]) => [kind, code])));
    this.#modelKey = await hashText(this.#model);
  }

  /** What may be tried before the weights are there: what is in use, which must be sound, and then whatever else, until `isOver`. */
  async checkAhead(signal: AbortSignal, isOver: () => boolean): Promise<void> {
    if (this.#options.use === 'defaults') return;
    for (const { kind, chosen } of this.#ownClasses()) await this.#check(kind, chosen, signal);
    if (this.#isFinished) return;
    for (const [kind, { names }] of this.#kinds) {
      for (const name of names.slice(1)) {
        if (isOver() || this.#options.skip?.aborted) return;
        await this.#check(kind, name, signal);
      }
    }
  }

  /**
   * Puts into `device.variant.choices` what launches are to be built by, and times first what was not timed yet.
   * @throws `device-lost`, `aborted` where `signal` fires; `skip` only ends it
   */
  async settle(
    model: TunableModel,
    signal: AbortSignal | undefined,
    onProgress: (done: number, total: number) => void = () => undefined,
  ): Promise<ModelTuning> {
    const device = this.#device;
    if (this.#kinds.size === 0) return this.#state('nothing-to-choose');
    if (this.#options.use === 'defaults') return this.#state('defaults');
    const never = new AbortController().signal;
    for (const { kind, chosen } of this.#ownClasses()) await this.#check(kind, chosen, signal ?? never);
    let result = this.#state('finished');
    if (!this.#isFinished) result = await this.#tune(model, signal, onProgress);
    device.variant = { ...device.variant, choices: choicesOf(this.#ownClasses()) };
    return { ...result, classes: this.#ownClasses() };
  }

  get #isFinished(): boolean {
    return this.record.finished.includes(this.#modelKey);
  }

  /** Those of the record that this model may launch. */
  #ownClasses(): TunedClass[] {
    return this.record.classes.filter(({ kind, chosen }) => this.#kinds.get(kind)?.names.includes(chosen));
  }

  #state(state: ModelTuning['state'], left = 0): ModelTuning {
    const { bad, readGBps } = this.record;
    const own = bad.filter(({ kind }) => this.#kinds.has(kind));
    return { state, classes: state === 'defaults' ? [] : this.#ownClasses(), left, bad: own, readGBps };
  }

  #note(record: TuningRecord): void {
    this.record = record;
    this.#options.onRecord?.(record);
  }

  #noteBad(kind: string, name: string, why: BadCandidate['why']): void {
    this.#note(withBad(this.record, { kind, name, why, code: this.#kinds.get(kind)!.code }));
  }

  /** Whether a candidate may be used; the default was tested with all other kernels. */
  async #check(kind: string, name: string, signal: AbortSignal): Promise<boolean> {
    const { names, problem } = this.#kinds.get(kind)!;
    if (name === names[0]) return true;
    if (isBad(this.record, kind, name)) return false;
    const key = `${kind}\n${name}`;
    let found = this.#soundness.get(key);
    if (!found) {
      try {
        found = await checkCandidate(this.#device, problem, { kind, name }, this.#clock, signal);
      } catch (error) {
        if (isLoss(error)) this.#noteBad(kind, name, 'lost-device');
        throw error;
      }
      this.#soundness.set(key, found);
    }
    if (found === 'sound') return true;
    if (found !== 'no-room') this.#noteBad(kind, name, found);
    return false;
  }

  async #tune(
    model: TunableModel,
    signal: AbortSignal | undefined,
    onProgress: (done: number, total: number) => void,
  ): Promise<ModelTuning> {
    const device = this.#device;
    const before = device.memory.snapshot();
    const stop = AbortSignal.any([signal, this.#options.skip].filter(each => each !== undefined));
    const clock = new BatchClock(device, model.state, this.#clock, stop);
    const started = this.#clock.now();
    let left = 0;
    try {
      const usual = await model.launchesByClass({});
      const open = [...usual].filter(([, { of }]) => this.#kinds.has(of.kind) && !classOf(this.record, of));
      left = open.length;
      onProgress(0, open.length);
      clock.deadline = started + (this.#options.budgetMs ?? budgetsMs.shared);
      if (open.length > 0 && (await clock.isCoarse())) return this.#state('coarse-clock', left);
      let isWarm = false;
      clock.batchMs = batchesMs.short;
      if (open.length > 0 && this.record.readGBps === null) {
        isWarm = true;
        const readGBps = await measureReads(device, model.weights, clock);
        this.#note({ ...this.record, readGBps });
      }
      const isFast = (this.record.readGBps ?? 0) >= sharedGBps;
      clock.batchMs = isFast ? batchesMs.short : batchesMs.long;
      clock.deadline = started + (this.#options.budgetMs ?? budgetsMs[isFast ? 'fast' : 'shared']);
      await this.#checkKinds(open, clock.deadline, stop);
      const alternatives = await this.#alternatives(model, open);
      for (const [i, [key, launches]] of open.entries()) {
        if (i === 0 && !isWarm) await clock.warmUp(launches.dispatches, launches.steps[0]!, warmUpMs);
        await this.#timeOne(key, launches, alternatives, clock);
        left--;
        onProgress(open.length - left, open.length);
      }
      this.#note({ ...this.record, finished: [...this.record.finished, this.#modelKey] });
      return this.#state('finished');
    } catch (error) {
      if (error instanceof BudgetSpent) return this.#state('unfinished', left);
      if (signal?.aborted) throw abortedError();
      if (stop.aborted && error instanceof BedsideError && error.code === 'aborted') {
        return this.#state('stopped', left);
      }
      throw error;
    } finally {
      if (!device.failed) {
        await device.settled();
        device.memory.releaseExcept(before);
        model.clear();
      }
    }
  }

  /** @throws BudgetSpent, lest a class be decided without those that were not tried */
  async #checkKinds(
    open: readonly (readonly [string, ClassLaunches])[],
    deadline: number,
    signal: AbortSignal,
  ): Promise<void> {
    for (const kind of new Set(open.map(([, { of }]) => of.kind))) {
      for (const name of this.#kinds.get(kind)!.names) {
        if (signal.aborted) throw abortedError();
        if (this.#clock.now() > deadline) throw new BudgetSpent();
        await this.#check(kind, name, signal);
      }
    }
  }

  /** The sound candidates of a kind, without the default. */
  #soundNames(kind: string): string[] {
    const { names } = this.#kinds.get(kind)!;
    return names.slice(1).filter(name => this.#soundness.get(`${kind}\n${name}`) === 'sound');
  }

  /** All classes' launches with the first of their candidates, then all with the second: built together, they cost a build each. */
  async #alternatives(
    model: TunableModel,
    open: readonly (readonly [string, ClassLaunches])[],
  ): Promise<Map<string, ClassLaunches>[]> {
    const builds: Map<string, ClassLaunches>[] = [];
    const most = Math.max(0, ...open.map(([, { of }]) => this.#soundNames(of.kind).length));
    for (let i = 0; i < most; i++) {
      const choices = open.flatMap(([key, { of }]) => {
        const name = this.#soundNames(of.kind)[i];
        return name === undefined ? [] : [[key, name] as const];
      });
      builds.push(await model.launchesByClass(Object.fromEntries(choices)));
    }
    return builds;
  }

  async #timeOne(
    key: string,
    { of, dispatches, steps, readBytes }: ClassLaunches,
    alternatives: readonly Map<string, ClassLaunches>[],
    clock: BatchClock,
  ): Promise<void> {
    const { names, code } = this.#kinds.get(of.kind)!;
    const launches = new Map([[names[0], dispatches]]);
    for (const [i, name] of this.#soundNames(of.kind).entries()) {
      const built = alternatives[i]!.get(key);
      if (built) launches.set(name, built.dispatches);
    }
    const usual = names[0];
    const found = (times: Pick<TunedClass, 'chosen' | 'why' | 'chosenUs' | 'defaultUs'>): TunedClass => ({
      ...of,
      ...times,
      default: usual,
      code,
      at: Date.now(),
    });
    let trying = usual;
    try {
      const tunable = { of, launches, default: usual, steps, readBytes };
      const times = await timeClass(tunable, clock, this.record.readGBps, name => {
        trying = name;
      });
      this.#note(withClass(this.record, found(times)));
    } catch (error) {
      if (isLoss(error) && trying !== usual) this.#noteBad(of.kind, trying, 'lost-device');
      else if (isLoss(error)) {
        const times = { chosen: usual, why: 'lost-device', chosenUs: 0, defaultUs: 0 } as const;
        this.#note(withClass(this.record, found(times)));
      }
      throw error;
    }
  }
}

function isLoss(error: unknown): boolean {
  return error instanceof BedsideError && error.code === 'device-lost';
}

/** The first problem of each kind, which tries what all of the kind have in common. */
async function kindsOf(device: EngineDevice, problems: readonly KernelProblem[]): Promise<Map<string, Kind>> {
  const target = targetOf(device);
  const kinds = new Map<string, Kind>();
  for (const problem of problems) {
    for (const { kind, names } of problem.candidates(target)) {
      if (kinds.has(kind) || names.length < 2) continue;
      const composed = names.flatMap(name => {
        const variant = { ...target.variant, choices: { [kind]: name } };
        return problem.specs({ ...target, variant });
      });
      const code = JSON.stringify([
        names,
        composed.map(each => [each.entryPoint, each.constants, each.code]),
      ]);
      kinds.set(kind, { names, problem, code: await hashText(code) });
    }
  }
  return kinds;
}
