import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openProcessor } from '../../test/support/processor.ts';
import { randomBytes } from '../../test/support/random.ts';
import { SlowDevice, type TimedSubmit } from '../../test/support/slow-device.ts';
import type { EngineDevice } from '../engine/device/device.ts';
import type { Step } from '../engine/device/dispatch.ts';
import { bytesSource } from '../engine/formats/byte-source.ts';
import { generateTokens } from '../engine/generation/generate.ts';
import { prefill } from '../engine/generation/prefill.ts';
import { textPrompt } from '../engine/generation/prompt.ts';
import { type LanguageModel, loadModel } from '../engine/loading/load-model.ts';
import { greedySampling } from '../engine/types/sampling.ts';

const folder = new URL('../../public/models/nano-vqa/', import.meta.url);
const text = readFileSync(new URL('nano-vqa-q8_0.gguf', folder));
const mmproj = readFileSync(new URL('nano-vqa-mmproj-f16.gguf', folder));

/** Three chunks and a rest. */
const ids = Array.from({ length: 3 * 128 + 40 }, (_, i) => 3 + ((i * 7919) % 4000));
const prompt = textPrompt(ids);
const onlyText = { ...prompt, runs: () => [] };
const scored = { firstQuery: 300, blockStart: 20, blockCount: 280 };

const devices: EngineDevice[] = [];
const destroyAll = () => {
  for (const device of devices.splice(0)) device.destroy();
};
afterEach(() => {
  vi.restoreAllMocks();
});

async function load(device: EngineDevice): Promise<LanguageModel> {
  devices.push(device);
  const options = { precision: 'f32', contextTokens: 512, vision: bytesSource(mmproj) } as const;
  return loadModel(device, bytesSource(text), options);
}

/** How long a launch takes. */
type Costs = (label: string, step: Step) => number;

interface Slow {
  device: SlowDevice;
  model: LanguageModel;
}

/** Loading takes it no time. */
async function openSlow(costs: Costs, wayMs?: number): Promise<Slow> {
  const device = new SlowDevice(await openProcessor(0), () => 0, wayMs);
  const model = await load(device);
  await device.settled();
  device.submits.length = 0;
  device.msOf = costs;
  followClock(device);
  return { device, model };
}

function followClock(device: SlowDevice): void {
  vi.spyOn(performance, 'now').mockImplementation(() => device.now);
}

/**
 * Products of a layer that take so long with 128 tokens, whose workgroups compute so many tokens each; to attend to 1024 keys takes as
 * long again.
 */
function layerTakes(ms: number, tile: number): Costs {
  return (label, { position, tokens }) => {
    const share = (Math.ceil(tokens / tile) * tile) / 128;
    // Seven products a layer.
    if (label.startsWith('matmul')) return (ms * share) / 7;
    if (label.startsWith('attention-prefill')) return (ms * share * (position + tokens)) / 1024;
    if (label.startsWith('attention-encoder')) return ms * share;
    return 0.1;
  };
}

const lengths = (submits: readonly TimedSubmit[]) => submits.map(({ begunAt, doneAt }) => doneAt - begunAt);

const works = {
  prefill: ({ model }: Slow, signal?: AbortSignal) => prefill(model, prompt, signal ? { signal } : {}),
  scoring: async ({ model }: Slow, signal?: AbortSignal) => {
    model.keyScorer!.begin(scored);
    return (await model.scoreKeys(onlyText, 0, { signal })) ? undefined : 'aborted';
  },
  'the image encoder': async ({ model: { vision } }: Slow, signal?: AbortSignal) => {
    const { tileSize } = vision!.config;
    const tiles = Array.from({ length: 5 }, (_, i) => randomBytes(tileSize * tileSize * 3, i));
    try {
      vision!.release(await vision!.encode(tiles, signal ? { signal } : {}));
      return undefined;
    } catch (error) {
      return (error as { code?: string }).code;
    }
  },
};

/** Milliseconds of a layer of 128 tokens. Of the encoder one tile is the least that a layer can be given. */
const speeds: [work: keyof typeof works, ms: number, tile: number][] = [
  ['prefill', 2, 64],
  ['prefill', 100, 64],
  ['prefill', 900, 16],
  ['scoring', 100, 64],
  ['scoring', 900, 16],
  ['the image encoder', 20, 64],
  ['the image encoder', 300, 16],
];

describe.each(speeds)(
  'submits of %s, where a layer takes %d ms and a workgroup %d tokens',
  (work, ms, tile) => {
    const run = works[work];
    let slow: Slow;
    beforeAll(async () => {
      slow = await openSlow(layerTakes(ms, tile));
    });
    beforeEach(() => {
      slow.model.cache.truncate(0);
      slow.device.submits.length = 0;
      followClock(slow.device);
    });
    afterAll(destroyAll);

    it('are at most 500 ms long but for the first', async () => {
      expect(await run(slow)).toBeUndefined();
      // One layer of a device of which nothing is known.
      const [, ...later] = lengths(slow.device.submits);
      expect(later.length).toBeGreaterThan(0);
      expect(Math.max(...later)).toBeLessThanOrEqual(500);
    });

    it.each([0.2, 0.8])('end with what is under way when a stop is heard, %d of the way', async share => {
      const { device, model } = slow;
      await run(slow);
      model.cache.truncate(0);
      const begun = device.now;
      await run(slow);
      const whole = device.now - begun;
      model.cache.truncate(0);
      device.submits.length = 0;
      const stop = new AbortController();
      const stopAt = device.now + share * whole;
      device.at(stopAt, () => stop.abort());
      expect(await run(slow, stop.signal)).toBe('aborted');
      expect(device.submits.filter(({ submittedAt }) => submittedAt > stopAt)).toEqual([]);
      expect(device.now - stopAt).toBeLessThanOrEqual(500);
    });
  },
);

describe('a prompt that is read in submits of some layers', () => {
  afterEach(destroyAll);

  it.each([
    ['whole chunks a submit', 0.5, 64],
    ['some layers a submit', 60, 64],
    ['fewer tokens a chunk', 1200, 16],
  ])('leaves what one submit a chunk leaves: %s', async (_, ms, tile) => {
    const options = { sampling: greedySampling, maxTokens: 8, stopIds: new Set<number>() };
    const whole = await load(await openProcessor(0));
    const expected = await generateTokens(whole, prompt, options);
    const slow = await openSlow(layerTakes(ms, tile));
    const { ids: written } = await generateTokens(slow.model, prompt, options);
    expect(written).toEqual(expected.ids);
  });

  it('keeps what was done when a stop is heard, and goes on from there', async () => {
    const slow = await openSlow(layerTakes(60, 64));
    const { device, model } = slow;
    await works.prefill(slow);
    const logits = await model.readLogits();
    const whole = device.submits.at(-1)!.doneAt;
    for (const share of [0.3, 0.7]) {
      model.cache.truncate(0);
      const stop = new AbortController();
      device.at(device.now + share * whole, () => stop.abort());
      expect(await works.prefill(slow, stop.signal)).toBe('aborted');
      const kept = model.cache.keys.length;
      expect(kept % 128).toBe(0);
      expect(model.cache.keys).toEqual(ids.slice(0, kept));
      expect(kept).toBeGreaterThan(0.5 * share * ids.length - 128);
      expect(await works.prefill(slow)).toBeUndefined();
      expect(await model.readLogits()).toEqual(logits);
    }
  });

  it('gives a device that was slowed down less at once, and loses no more than what is under way', async () => {
    const slow = await openSlow(layerTakes(40, 16));
    const { device, model } = slow;
    await works.prefill(slow);
    model.cache.truncate(0);
    const costs = device.msOf;
    const slowAt = device.now + 500;
    device.at(slowAt, () => {
      device.msOf = (label, step) => 4 * costs(label, step);
    });
    device.submits.length = 0;
    await works.prefill(slow);
    const late = device.submits.filter(({ submittedAt }) => submittedAt > slowAt);
    expect(lengths(late).filter(ms => ms > 500).length).toBeLessThanOrEqual(2);
    expect(Math.max(...lengths(late.slice(2)))).toBeLessThanOrEqual(500);
  });

  it('leaves a fast device no time to wait for the host', async () => {
    const slow = await openSlow(layerTakes(1, 64), 5);
    const { device, model } = slow;
    await works.prefill(slow);
    model.cache.truncate(0);
    device.submits.length = 0;
    await works.prefill(slow);
    // One submit a chunk.
    expect(device.submits.length).toBe(Math.ceil(ids.length / 128));
    for (const [i, { begunAt }] of device.submits.entries()) {
      if (i > 0) expect(begunAt).toBe(device.submits[i - 1]!.doneAt);
    }
  });
});

it('gives a device that hears stops itself a chunk a submit', async () => {
  const device = await openProcessor(0);
  const model = await load(device);
  let submits = 0;
  const begin = device.begin.bind(device);
  device.begin = () => {
    submits++;
    return begin();
  };
  await prefill(model, prompt, {});
  expect(submits).toBe(Math.ceil(ids.length / 128));
  destroyAll();
});
