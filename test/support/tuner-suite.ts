import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EngineDevice } from '../../src/engine/device/device.ts';
import type { Dispatch } from '../../src/engine/device/dispatch.ts';
import { Tuner, type TuningOptions } from '../../src/engine/tuner/tuner.ts';
import type { TuningRecord } from '../../src/engine/types/tuning.ts';
import { type PlantedKernel, plantedModel, plantedProblem } from './planted-kernel.ts';
import { virtualTime } from './virtual-time.ts';

const right = '2 * x[id.x]';
/** `usual` takes a millisecond. All of it can be read in half of that: there is something to gain. */
const costs: Readonly<Record<string, number>> = {
  better: 0.8,
  'a little better': 0.97,
  slow: 1.5,
  'very slow': 50,
  'bench read': 0.5,
};
const costOf = ({ label }: Dispatch) => costs[label.split(': ').at(-1)!] ?? 1;

const planted: PlantedKernel = {
  kind: 'double',
  forms: {
    usual: right,
    slow: 'x[id.x] * 2',
    'very slow': 'x[id.x] + x[id.x] + 0',
    wrong: 'x[id.x]',
    'does not compile': 'x[id.x] +* 2',
    'a little better': 'x[id.x] + x[id.x]',
    better: '4 * x[id.x] - 2 * x[id.x]',
  },
};

/** A device that takes itself for a GPU. */
export interface TriedDevice {
  device: EngineDevice;
  lose(): void;
  /** Compiles other text than it is given from now on. */
  miscompile(rewrite: (spec: { label: string; code: string }) => string): void;
}

/** The tuner with planted kernels, by virtual time, on devices that `open` makes. */
export function describeTuner(name: string, open: () => Promise<TriedDevice>): void {
  describe(`the tuner on ${name}`, () => tryTuner(open));
}

function tryTuner(open: () => Promise<TriedDevice>): void {
  let tried: TriedDevice;
  let device: EngineDevice;
  beforeEach(async () => {
    tried = await open();
    device = tried.device;
  });
  afterEach(() => device.destroy());

  async function tune(
    kernels: readonly PlantedKernel[],
    options: Partial<TuningOptions> = {},
    on: { costOf?: typeof costOf; onLaunch?: (dispatch: Dispatch) => void; signal?: AbortSignal } = {},
  ) {
    const time = virtualTime(device, on.costOf ?? costOf);
    time.onLaunch = on.onLaunch ?? (() => undefined);
    const records: TuningRecord[] = [];
    const tuner = new Tuner(time.device, kernels.map(plantedProblem), 'planted', {
      use: 'chosen',
      browser: 'Test 1',
      clock: time.clock,
      budgetMs: 10_000,
      onRecord: record => records.push(record),
      ...options,
    });
    const model = await plantedModel(time.device, kernels);
    const held = device.memory.bytes;
    await tuner.begin();
    const settled = tuner.settle(model, on.signal);
    const result = await settled.catch((error: unknown) => error as Error);
    return { time, tuner, model, held, records, result, settled };
  }

  it('finds the better candidate, and none that is wrong, slow, hardly better or does not compile', async () => {
    const { result, model, held, records, time } = await tune([planted]);
    await expect(Promise.resolve(result)).resolves.toMatchObject({ state: 'finished', left: 0 });
    const [record] = records.slice(-1);
    const [found] = record!.classes;
    expect(found).toMatchObject({
      kind: 'double',
      size: 'large',
      chosen: 'better',
      default: 'usual',
      why: 'timed',
    });
    expect(found!.defaultUs).toBeCloseTo(1000, 3);
    expect(found!.chosenUs).toBeCloseTo(800, 3);
    const bad = record!.bad.map(({ name, why }) => [name, why]);
    expect(bad).toEqual([
      ['wrong', 'wrong'],
      ['does not compile', 'not-compiled'],
    ]);
    expect(device.variant.choices).toEqual({ 'double large': 'better' });
    expect(device.memory.bytes).toBe(held);
    expect(model.cleared).toBe(1);
    expect(device.failed).toBe(false);
    // What is fifty times slower was not let run for long.
    expect(time.longestMs).toBeLessThan(600);
  });

  it('keeps the default where nothing is better by enough', async () => {
    const { result, records } = await tune([
      { ...planted, forms: { usual: right, 'a little better': 'x[id.x] * 2', slow: 'x[id.x] + x[id.x]' } },
    ]);
    expect(result).toMatchObject({ state: 'finished', bad: [] });
    expect(records.at(-1)!.classes).toMatchObject([{ chosen: 'usual', why: 'timed' }]);
  });

  it('believes nobody while something else runs on the device', async () => {
    let launches = 0;
    // Every other stretch of what is launched takes half as long again.
    const noisy = (dispatch: Dispatch) => (launches++ % 150 < 75 ? 1.5 : 1) * costOf(dispatch);
    const { records } = await tune(
      [{ kind: 'double', forms: { usual: right, same: 'x[id.x] * 2' } }],
      {},
      { costOf: noisy },
    );
    expect(records.at(-1)!.classes).toMatchObject([{ chosen: 'usual' }]);
  });

  it('uses at the next load what it found, without timing again', async () => {
    const { records } = await tune([planted]);
    const record = JSON.parse(JSON.stringify(records.at(-1))) as TuningRecord;
    device.variant = { ...device.variant, choices: undefined };
    const { time, result, records: later } = await tune([planted], { record });
    expect(result).toMatchObject({ state: 'finished', classes: [{ chosen: 'better' }] });
    expect(device.variant.choices).toEqual({ 'double large': 'better' });
    expect(later).toEqual([]);
    // The chosen form was compared with its twin, twice.
    expect(time.now).toBeLessThan(10);
  });

  it('drops what it found where the text of a shader, the browser or the device changes', async () => {
    const { records } = await tune([planted]);
    const record = records.at(-1)!;
    const changed = { ...planted, forms: { ...planted.forms, usual: '(2 * x[id.x])' } };
    for (const [kernels, options] of [
      [[changed], { record }],
      [[planted], { record, browser: 'Test 2' }],
      [[planted], { record: { ...record, device: { ...record.device, vendor: 'other' } } }],
    ] as const) {
      device.variant = { ...device.variant, choices: undefined };
      const { time, records: later } = await tune(kernels, options);
      expect(later.at(-1)).toMatchObject({ classes: [{ chosen: 'better' }] });
      expect(time.now).toBeGreaterThan(150);
    }
  });

  it('falls back to the default where what was chosen computes wrongly by now', async () => {
    const { records } = await tune([planted]);
    tried.miscompile(({ label, code }) => (label.endsWith(': better') ? code.replace('4 *', '3 *') : code));
    device.variant = { ...device.variant, choices: undefined };
    const { result, records: later } = await tune([planted], { record: records.at(-1)! });
    expect(result).toMatchObject({ state: 'finished', classes: [{ chosen: 'usual' }] });
    expect(later.at(-1)!.bad).toContainEqual(expect.objectContaining({ name: 'better', why: 'wrong' }));
    expect(device.variant.choices).toEqual({ 'double large': 'usual' });
  });

  it('ends in time, and goes on at the next load', async () => {
    const kernels = ['one', 'two', 'three'].map(kind => ({
      kind,
      forms: { usual: right, better: 'x[id.x] * 2', 'very slow': 'x[id.x] + x[id.x]' },
    }));
    const budgetMs = 1500;
    const { time, result, records } = await tune(kernels, { budgetMs });
    expect(time.now).toBeLessThanOrEqual(budgetMs);
    expect(result).toMatchObject({ state: 'unfinished' });
    const { left } = result as { left: number };
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(3);
    expect(records.at(-1)!.classes.map(({ chosen }) => chosen)).toEqual(Array(3 - left).fill('better'));
    const next = await tune(kernels, { record: records.at(-1)!, budgetMs: 10_000 });
    expect(next.result).toMatchObject({ state: 'finished', left: 0 });
    expect(next.records.at(-1)!.classes).toHaveLength(3);
  });

  it('stops when it is told to skip, with what it has, and throws when the load is stopped', async () => {
    for (const isSkipped of [true, false]) {
      device.variant = { ...device.variant, choices: undefined };
      const stop = new AbortController();
      const { result } = await tune([planted], isSkipped ? { skip: stop.signal } : {}, {
        ...(isSkipped ? {} : { signal: stop.signal }),
        onLaunch: ({ label }) => label.endsWith(': a little better') && stop.abort(),
      });
      expect(result).toMatchObject(isSkipped ? { state: 'stopped', left: 1 } : { code: 'aborted' });
    }
  });

  it('survives a lost device, and does not try again what lost it', async () => {
    let launches = 0;
    const onLaunch = ({ label }: Dispatch) => {
      // Not in its small problem, where it is launched once.
      if (label.endsWith(': better') && ++launches > 8) tried.lose();
    };
    const other = { kind: 'before', forms: { usual: right, better2: 'x[id.x] * 2' } };
    const { result, records } = await tune([other, planted], {}, { onLaunch });
    expect(result).toMatchObject({ code: 'device-lost' });
    const record = records.at(-1)!;
    expect(record.classes).toMatchObject([{ kind: 'before', chosen: 'usual' }]);
    expect(record.bad).toContainEqual(expect.objectContaining({ name: 'better', why: 'lost-device' }));
    tried = await open();
    device = tried.device;
    let isTried = false;
    const next = await tune(
      [other, planted],
      { record },
      { onLaunch: ({ label }) => (isTried ||= label.endsWith(': better')) },
    );
    expect(next.result).toMatchObject({ state: 'finished', left: 0 });
    expect(isTried).toBe(false);
  });

  it('has nothing to choose on a device that is software, and chooses nothing where defaults are wished', async () => {
    const report = { ...device.report, isSoftware: true };
    const software = new Proxy(device, {
      get(target, key) {
        if (key === 'report') return report;
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const tuner = new Tuner(software, [plantedProblem(planted)], 'planted', {
      use: 'chosen',
      browser: 'Test 1',
    });
    await tuner.begin();
    expect(await tuner.settle(await plantedModel(software, [planted]), undefined)).toMatchObject({
      state: 'nothing-to-choose',
    });
    const { result, records, time } = await tune([planted], { use: 'defaults' });
    expect(result).toMatchObject({ state: 'defaults', classes: [] });
    expect([records, time.now]).toEqual([[], 0]);
    expect(device.variant.choices).toBeUndefined();
  });

  it('says so where waits take so long that nothing can be timed', async () => {
    const time = virtualTime(device, costOf);
    let polls = 0;
    const clock = { ...time.clock, now: () => time.clock.now() + 100 * polls };
    const { settled } = time.device;
    const polled = new Proxy(time.device, {
      get(target, key) {
        if (key !== 'settled') return Reflect.get(target, key);
        return async () => {
          await settled();
          polls++;
        };
      },
    });
    const tuner = new Tuner(polled, [plantedProblem(planted)], 'planted', {
      use: 'chosen',
      browser: 'Test 1',
      clock,
    });
    await tuner.begin();
    expect(await tuner.settle(await plantedModel(polled, [planted]), undefined)).toMatchObject({
      state: 'coarse-clock',
      left: 1,
    });
  });
}
