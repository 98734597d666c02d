import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { everyDevice, openAnyDevice } from '../../../test/support/gpu.ts';
import { randomNormal, seededRandom } from '../../../test/support/random.ts';
import { bufferOf, run } from '../../../test/support/run-kernels.ts';
import type { EngineDevice } from '../device/device.ts';
import { readBuffer } from '../device/readback.ts';
import { Random } from '../random.ts';
import { createSampler } from '../sampling/sampler.ts';
import { greedySampling, type SamplingSettings } from '../types/sampling.ts';
import { allocateShapes } from './buffer-shape.ts';
import { createDraw, drawSettings, drawShapes, mayDraw, undecidedId } from './draw.ts';
import { argmaxShapes, brokenId, candidateCount, createArgmax, createTopK, topKShapes } from './sample.ts';
import { topKTwin } from './twins.ts';

const counts = [1, 63, 1024, 4096, 32001, 92553];
const oneToken = { position: 0, tokens: 1 };

describe.each(everyDevice)('choosing among logits on %s', name => {
  let device: EngineDevice;
  beforeAll(async () => {
    device = await openAnyDevice(name);
  });
  afterAll(() => device.destroy());

  async function words(buffer: Parameters<typeof readBuffer>[1], count: number): Promise<number[]> {
    return [...new Uint32Array(await readBuffer(device, buffer, 4 * count))];
  }

  /** What `result` says and what the next step is fed, of each row. */
  async function argmaxOf(logits: Float32Array<ArrayBuffer>, count = logits.length, rows = 1) {
    const stride = logits.length / rows;
    const [ids, result] = [
      await device.memory.storage('ids', 4 * rows),
      await device.memory.storage('result', 8 * rows),
    ];
    const { parts } = await allocateShapes(device, argmaxShapes({ count, rows }));
    const buffer = await bufferOf(device, logits);
    await run(
      device,
      await createArgmax(device, { buffer, count, stride, rows }, { ids, result, parts }),
      oneToken,
    );
    const results = await words(result, 2 * rows);
    return { said: results.filter((_, i) => i % 2 === 0), fed: await words(ids, rows) };
  }

  it.each(counts)('argmax of %i logits', async count => {
    const logits = randomNormal(count, count);
    const expected = topKTwin(logits, 1);
    expect(await argmaxOf(logits)).toEqual({ said: expected, fed: expected });
  });

  it.each([
    [4096, 4096, 8],
    [1021, 1027, 4],
    [3001, 3001, 5],
  ])('argmax of %i logits, %i apart, in each of %i rows', async (count, stride, rows) => {
    const logits = randomNormal(stride * rows, count);
    // What lies between rows is none of them.
    for (let row = 0; row < rows; row++) logits.fill(Number.NaN, row * stride + count, (row + 1) * stride);
    const expected = Array.from({ length: rows }, (_, row) => {
      return topKTwin(logits.subarray(row * stride, row * stride + count), 1)[0]!;
    });
    expect(await argmaxOf(logits, count, rows)).toEqual({ said: expected, fed: expected });
  });

  it('argmax: ties go to the lowest id, numbers that are not finite are reported', async () => {
    const tied = new Float32Array(5000).fill(-1);
    tied[4999] = tied[257] = tied[300] = 2;
    expect((await argmaxOf(tied)).said).toEqual([257]);
    for (const at of [0, 1234, 4999]) {
      for (const broken of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
        const logits = randomNormal(10_000, 3);
        logits[5000 + at] = broken;
        const { said, fed } = await argmaxOf(logits, 5000, 2);
        expect(said).toEqual([topKTwin(logits.subarray(0, 5000), 1)[0], brokenId]);
        // The step that was submitted behind it looks a token up.
        if (!Number.isNaN(broken)) continue;
        expect(fed[1]).toBeLessThan(5000);
      }
    }
  });

  async function topKOf(logits: Float32Array<ArrayBuffer>, count = logits.length, rows = 1) {
    const { dispatches, candidates } = await createTopK(
      device,
      { buffer: await bufferOf(device, logits), count, stride: logits.length / rows, rows },
      await allocateShapes(device, topKShapes({ count, rows })),
    );
    await run(device, dispatches, oneToken);
    const pairs = await words(candidates, rows * candidateCount * 2);
    const values = new Float32Array(Uint32Array.from(pairs).buffer);
    const ofRow = Array.from({ length: candidateCount }, (_, i) => i);
    return Array.from({ length: rows }, (_, row) => ({
      ids: ofRow.map(i => pairs[2 * (row * candidateCount + i) + 1]!),
      values: ofRow.map(i => values[2 * (row * candidateCount + i)]!),
    }));
  }

  it.each([...counts.map(count => [count, count, 1] as const), [1500, 1503, 4] as const])(
    'top-k of %i logits, %i apart, in each of %i rows',
    async (count, stride, rows) => {
      const logits = randomNormal(stride * rows, count);
      if (count > 2000) logits[2000] = logits[10]!; // a tie
      for (const [row, { ids, values }] of (await topKOf(logits, count, rows)).entries()) {
        const ofRow = logits.subarray(row * stride, row * stride + count);
        const expected = topKTwin(ofRow, candidateCount);
        expect(ids.slice(0, expected.length)).toEqual(expected);
        expect(values.slice(0, expected.length)).toEqual(expected.map(id => ofRow[id]!));
      }
    },
  );

  it('top-k reports numbers that are not finite', async () => {
    const logits = randomNormal(5000, 3);
    logits[4321] = Number.NaN;
    expect((await topKOf(logits))[0]!.ids[0]).toBe(brokenId);
  });

  interface DrawnRow {
    logits: Float32Array<ArrayBuffer>;
    /** Prompt and answer. */
    history: readonly number[];
  }

  const capacity = 320;

  /**
   * Draws a token for each row, all with the same settings: its draws are those of the seed, a row after the other.
   * @param historyStride 0 where the rows are places of one text, the longest of them
   */
  async function drawOf(
    rows: readonly DrawnRow[],
    settings: SamplingSettings,
    historyStride = capacity,
  ): Promise<{ said: number[]; fed: number[]; history: number[]; lengths: number[] }> {
    const size = { count: rows[0]!.logits.length, capacity, rows: rows.length, historyStride };
    const random = new Random(settings.seed);
    const draws = new Float32Array(rows.length * capacity);
    const history = new Uint32Array(rows.length * capacity);
    const logits = new Float32Array(rows.length * size.count);
    for (const [row, each] of rows.entries()) {
      draws[row * historyStride + Math.min(each.history.length, capacity - 1)] = random.nextFloat();
      history.set(each.history, row * historyStride);
      logits.set(each.logits, row * size.count);
    }
    const before = device.memory.snapshot();
    try {
      const buffers = await allocateShapes(device, drawShapes(size));
      const chosen = {
        ids: await device.memory.storage('ids', 4 * rows.length),
        result: await device.memory.storage('result', 8 * rows.length),
      };
      device.write(buffers.settings, 0, drawSettings(settings, capacity));
      device.write(buffers.draws, 0, draws);
      device.write(buffers.history, 0, history);
      device.write(
        buffers.lengths,
        0,
        Uint32Array.from(rows, each => each.history.length),
      );
      const { dispatches, candidates } = await createTopK(
        device,
        { ...size, buffer: await bufferOf(device, logits) },
        await allocateShapes(device, topKShapes(size)),
      );
      const draw = await createDraw(device, size, candidates, buffers, chosen);
      await run(device, [...dispatches, draw], oneToken);
      return {
        said: (await words(chosen.result, 2 * rows.length)).filter((_, i) => i % 2 === 0),
        fed: await words(chosen.ids, rows.length),
        history: await words(buffers.history, rows.length * capacity),
        lengths: await words(buffers.lengths, rows.length),
      };
    } finally {
      device.memory.releaseExcept(before);
    }
  }

  // Barriers and sorts are slow there.
  const rowsAtOnce = name === 'swiftshader' ? 12 : 48;
  /** As peaked as a model's and flatter, with what was said before among the best and elsewhere. */
  function someRows(count: number, seed: number): DrawnRow[] {
    const next = seededRandom(seed);
    return Array.from({ length: rowsAtOnce }, (_, row) => {
      const logits = randomNormal(count, seed * rowsAtOnce + row, 1 + 3 * next());
      const best = topKTwin(logits, Math.min(count, 40));
      const length = Math.floor(next() * 300);
      const history = Array.from({ length }, () =>
        next() < 0.5 ? best[Math.floor(next() * best.length)]! : Math.floor(next() * count),
      );
      return { logits, history };
    });
  }

  const base = { ...greedySampling, temperature: 0.7 };
  const settingsToDraw: Partial<SamplingSettings>[] = [
    { topK: 40, topP: 0.95 },
    { topK: 40, topP: 0.95, repetitionPenalty: 1.1 },
    { topK: 1 },
    { topK: 128, temperature: 2 },
    { topK: 100, temperature: 1.3, minP: 0.01, repetitionPenalty: 1.3, repetitionWindow: 20 },
    { topK: 20, topP: 0.2, repetitionPenalty: 2, repetitionWindow: 1_000_000 },
    { minP: 0.05 },
    { minP: 0.05, repetitionPenalty: 1.05 },
    { minP: 0.3, temperature: 0.2, repetitionPenalty: 1.5, repetitionWindow: 200 },
    { minP: 1, temperature: 0.5 },
    { temperature: 0, repetitionPenalty: 1.1 },
    { temperature: 0, repetitionPenalty: 4, repetitionWindow: 300 },
    { temperature: 0, repetitionPenalty: 1.2, repetitionWindow: 1 },
    { topK: 50, repetitionPenalty: 0.8, repetitionWindow: 0 },
  ];

  it.each(settingsToDraw)('draws what the host does, or says that it may not: %j', async more => {
    let undecided = 0;
    let drawn = 0;
    for (const [round, count] of [700, 4096, 90, 700].entries()) {
      const settings = { ...base, ...more, seed: 100 + round };
      expect(mayDraw(settings)).toBe(true);
      const rows = someRows(count, 10 * round + settings.topK);
      const { said, fed, history, lengths } = await drawOf(rows, settings);
      const sampler = createSampler(settings);
      for (const [row, { logits, history: before }] of rows.entries()) {
        const recent = settings.repetitionWindow === 0 ? [] : before.slice(-settings.repetitionWindow);
        const expected = sampler.sample(logits, recent);
        drawn++;
        if (said[row] === undecidedId) undecided++;
        else expect(said[row]).toBe(expected);
        // A step behind it finds a token, whatever was said.
        expect(fed[row]).toBeLessThan(count);
        if (said[row] !== undecidedId) expect(fed[row]).toBe(expected);
        const kept = history.slice(row * capacity, row * capacity + before.length + 1);
        expect(kept).toEqual([...before, fed[row]]);
        expect(lengths[row]).toBe(before.length + 1);
      }
    }
    expect(drawn).toBe(4 * rowsAtOnce);
    // These logits lie closer together than a model's.
    expect(undecided).toBeLessThan(drawn / 4);
  });

  it.each([
    { topK: 40, topP: 0.95, repetitionPenalty: 1.1 },
    { minP: 0.05, repetitionPenalty: 1.5, repetitionWindow: 5 },
  ])('draws for each of a text’s places, and leaves the text as it is: %j', async more => {
    const settings = { ...base, ...more, seed: 7 };
    const [{ history: text }, ...rows] = someRows(4096, 3).slice(0, 9) as [DrawnRow, ...DrawnRow[]];
    const best = rows.map(({ logits }) => topKTwin(logits, 10));
    const whole = [...text, ...rows.map((_, row) => best[(row * 3) % 8]![row]!)];
    const places = rows.map(({ logits }, row) => ({
      logits,
      history: whole.slice(0, text.length + row + 1),
    }));
    const { said, history, lengths } = await drawOf(places, settings, 0);
    const sampler = createSampler(settings);
    const expected = places.map(each =>
      sampler.sample(each.logits, each.history.slice(-settings.repetitionWindow)),
    );
    expect(said.map((id, row) => (id === undecidedId ? expected[row] : id))).toEqual(expected);
    expect(said.filter(id => id === undecidedId).length).toBeLessThan(4);
    expect(history.slice(0, whole.length + 1)).toEqual([...whole, 0]);
    expect(lengths).toEqual(places.map(each => each.history.length));
  });

  it('is not decided where a token that is no candidate might be drawn', async () => {
    const flat = Array.from({ length: 4 }, (_, row) => ({
      logits: randomNormal(4096, row, 0.1),
      history: [1, 2, 3],
    }));
    expect((await drawOf(flat, { ...base, minP: 0.05 })).said).toEqual(flat.map(() => undecidedId));
    // All of the best were said, and a penalty takes each below what is no candidate.
    const worn = flat.map(({ logits }) => ({ logits, history: topKTwin(logits, 128) }));
    const settings = { ...base, topK: 1, repetitionPenalty: 10, repetitionWindow: 128 };
    expect((await drawOf(worn, settings)).said).toEqual(flat.map(() => undecidedId));
  });

  it('is not decided where two tokens that a penalty brought there are too close', async () => {
    const logits = new Float32Array(200).fill(-20);
    logits[10] = 11;
    logits[11] = Math.fround(11 / 1.1);
    const settings = { ...base, temperature: 0, repetitionPenalty: 1.1 };
    expect((await drawOf([{ logits, history: [10] }], settings)).said).toEqual([undecidedId]);
    expect((await drawOf([{ logits, history: [11] }], settings)).said).toEqual([10]);
  });

  it('draws behind a full history, and appends nothing to it', async () => {
    const logits = Float32Array.from({ length: 300 }, (_, id) => -id);
    const full = { logits, history: Array.from({ length: capacity }, () => 299) };
    const { said, lengths } = await drawOf([full], { ...base, topK: 3 });
    expect(said[0]).toBeLessThan(3);
    expect(lengths).toEqual([capacity]);
  });

  it('reports numbers that are not finite, and of one row only', async () => {
    const rows = someRows(700, 5).slice(0, 3);
    rows[1]!.logits[600] = Number.NaN;
    const { said, fed } = await drawOf(rows, { ...base, topK: 40 });
    expect(said[1]).toBe(brokenId);
    expect(said[0]).toBeLessThan(700);
    expect(said[2]).toBeLessThan(700);
    expect(fed[1]).toBeLessThan(700);
  });
});
