import type { Dispatch, Step } from '../device/dispatch.ts';
import type { LaunchClass } from '../device/kernel-choices.ts';
import type { TunedClass } from '../types/tuning.ts';
import type { BatchClock, BatchLengths } from './batch-clock.ts';
import { enoughRounds, isFaster, isPromising, isSteady, lowerQuartile, type Round } from './judge.ts';

/** A class of a loaded model, with the launches that compute it. */
export interface TunableClass {
  of: LaunchClass;
  /** Of each candidate in the order of the layers, which have other weights each: no cache holds all of them. */
  launches: ReadonlyMap<string, readonly Dispatch[]>;
  /** The first of `launches`. */
  default: string;
  /** What the time of a launch is added up from; attention takes longer with more to attend to. Long ones are cut where they take long. */
  steps: readonly Step[];
  /** Of weights, by all launches of a candidate together. */
  readBytes: number;
}

export interface ClassTimes {
  chosen: string;
  why: TunedClass['why'];
  chosenUs: number;
  defaultUs: number;
}

/** Reading so much of what can be read, there is nothing to gain. */
const limitShare = 0.85;
/** Where something else disturbs, rounds beyond `enoughRounds`. */
const mostRounds = enoughRounds + 3;
/** A batch of a candidate that takes so many times the default's is not made longer. */
const muchSlower = 4;

/**
 * The candidates beside the default: default, first, default, second, default, round after round.
 * @param onTry told whose launches are submitted, before they are
 */
export async function timeClass(
  { launches, default: first, steps: wanted, readBytes }: TunableClass,
  clock: BatchClock,
  readGBps: number | null,
  onTry: (name: string) => void,
): Promise<ClassTimes> {
  const launchesOf = (name: string) => launches.get(name)!;
  const usual = launchesOf(first);
  onTry(first);
  const lengths: BatchLengths[] = [];
  const steps: Step[] = [];
  for (const each of wanted) {
    const step = await clock.fittingStep(usual, each);
    const found = await clock.lengthsFor(usual, step);
    if (!found) return { chosen: first, why: 'too-small', chosenUs: 0, defaultUs: 0 };
    steps.push(step);
    lengths.push(found);
  }
  const measure = async (name: string): Promise<number> => {
    onTry(name);
    let ms = 0;
    for (const [i, step] of steps.entries()) ms += await clock.perLaunch(launchesOf(name), lengths[i]!, step);
    return ms;
  };
  const isMuchSlower = async (name: string): Promise<boolean> => {
    const [step, { few }] = [steps[0]!, lengths[0]!];
    onTry(first);
    const usualMs = await clock.batch(usual, few, step);
    onTry(name);
    return (await clock.batch(launchesOf(name), few, step)) > muchSlower * usualMs;
  };
  const isAtLimit = (ms: number) =>
    readGBps !== null && readBytes > 0 && readBytes / usual.length / ms / 1e6 >= limitShare * readGBps;

  const rounds = new Map<string, Round[]>();
  const defaults = [lengths.reduce((sum, { ms }) => sum + ms, 0)];
  if (isAtLimit(defaults[0]!)) {
    const us = defaults[0]! * 1e3;
    return { chosen: first, why: 'at-limit', chosenUs: us, defaultUs: us };
  }
  for (const name of launches.keys()) {
    if (name !== first && !(await isMuchSlower(name))) rounds.set(name, []);
  }
  const isOpen = (of: readonly Round[]) => of.length < enoughRounds && isPromising(of);
  for (let round = 0; round < mostRounds && [...rounds.values()].some(isOpen); round++) {
    let before = round === 0 ? defaults[0]! : await measure(first);
    for (const [name, own] of rounds) {
      if (!isOpen(own)) continue;
      const ms = await measure(name);
      const after = await measure(first);
      if (isSteady({ before, after })) own.push({ ms, before, after });
      defaults.push(after);
      before = after;
      if (isAtLimit(ms))
        for (const [other, its] of rounds) if (other !== name && !isFaster(its)) rounds.delete(other);
    }
  }
  const faster = [...rounds]
    .filter(([, own]) => isFaster(own))
    .map(([name, own]) => ({ name, us: 1e3 * lowerQuartile(own.map(({ ms }) => ms)) }))
    .sort((a, b) => a.us - b.us);
  const defaultUs = 1e3 * lowerQuartile(defaults);
  const [best] = faster;
  return { chosen: best?.name ?? first, why: 'timed', chosenUs: best?.us ?? defaultUs, defaultUs };
}
