import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { bundledModel } from '../../../test/support/data.ts';
import { openProcessor } from '../../../test/support/processor.ts';
import { heldBytes } from '../device/memory.ts';
import { readBuffer } from '../device/readback.ts';
import type { BedsideError } from '../errors.ts';
import { bytesSource } from '../formats/byte-source.ts';
import { generateTokens } from '../generation/generate.ts';
import { textPrompt } from '../generation/prompt.ts';
import { type LanguageModel, type LoadOptions, loadModel, planModel } from '../loading/load-model.ts';
import { greedySampling } from '../types/sampling.ts';
import type { ProcessorOptions } from './acquire-processor.ts';
import type { Bank } from './bank.ts';
import type { ProcessorDevice } from './device.ts';

const source = bytesSource(readFileSync(bundledModel));
const small = { precision: 'q8', contextTokens: 512 } as const;
const large = { precision: 'f32', contextTokens: 2048 } as const;
const mebibyte = 2 ** 20;

const devices: ProcessorDevice[] = [];
afterEach(() => {
  for (const device of devices.splice(0)) device.destroy();
});

async function open(threads: number, options: ProcessorOptions = {}): Promise<ProcessorDevice> {
  const device = await openProcessor(threads, { guardBytes: 0, sideBytes: 16 * mebibyte, ...options });
  devices.push(device);
  return device;
}

const ofModel = ({ memory }: ProcessorDevice): Bank[] =>
  memory.banks.filter(bank => bank !== memory.firstBank);

async function continueText(model: LanguageModel): Promise<number[]> {
  const prompt = textPrompt(model.tokenizer.encode('The patient has a cough'));
  model.cache.truncate(0);
  const { ids } = await generateTokens(model, prompt, {
    sampling: greedySampling,
    maxTokens: 8,
    stopIds: new Set(),
  });
  return ids;
}

describe.each([0, 2])('the memory of a model, helpers: %i', threads => {
  it('is one that has what the plan says, and hardly more', async () => {
    const device = await open(threads);
    const model = await loadModel(device, source, large);
    await continueText(model);
    const [bank, ...others] = ofModel(device);
    expect(others).toEqual([]);
    expect(device.memory.bytes).toBeGreaterThan(30e6);
    // All of it: nothing of the plan lies beside it.
    expect(device.memory.firstBank.users).toBe(0);
    const { total, readback } = model.memoryPlan;
    const beside = bank!.bytes - (total - readback);
    expect(beside).toBeGreaterThan(0);
    expect(beside).toBeLessThan(3 * mebibyte + threads * 256 * 1024);
    expect(bank!.free).toBeLessThan(mebibyte);
  });

  it('goes with the model, and the next one has its own', async () => {
    const device = await open(threads);
    const first = await loadModel(device, source, large);
    const tokens = await continueText(first);
    const [before] = ofModel(device);
    const second = await loadModel(device, source, {
      ...small,
      onProgress: ({ phase }) => phase === 'allocate' && first.destroy(),
    });
    const [bank, ...others] = ofModel(device);
    expect(others).toEqual([]);
    expect(bank).not.toBe(before);
    expect(bank!.bytes).toBeLessThan(before!.bytes);
    expect(await continueText(second)).toHaveLength(8);
    second.destroy();
    expect(device.memory.banks).toEqual([device.memory.firstBank]);
    expect(device.memory.bytes).toBe(0);
    expect(await continueText(await loadModel(device, source, large))).toEqual(tokens);
  });

  it('is left alone by a launch over more than it has room for, which takes place beside it', async () => {
    const device = await open(threads, { sideBytes: mebibyte });
    const model = await loadModel(device, source, small);
    const tokens = await continueText(model);
    const banks = [...device.memory.banks];
    const ids = model.tokenizer.encode('The patient has a cough. '.repeat(24));
    expect(ids.length).toBeGreaterThan(128);
    const all = await model.logitsOfAll(ids);
    const { vocabulary } = model.config;
    for (const row of [0, 127, ids.length - 1]) {
      model.cache.truncate(0);
      for (let at = 0; at <= row; at += 128)
        model.submitTokens(ids.slice(at, Math.min(at + 128, row + 1)), true);
      const expected = await model.readLogits();
      const found = all.subarray(row * vocabulary, (row + 1) * vocabulary);
      // Another product, so not the same bits.
      for (const [i, logit] of expected.entries()) expect(Math.abs(found[i]! - logit)).toBeLessThan(1e-3);
    }
    expect(device.memory.banks).toEqual(banks);
    expect(device.memory.firstBank.guests).toBe(0);
    expect(await continueText(model)).toEqual(tokens);
  });

  it('is refused before anything is read where there is too little, with what fits; the model before it answers on', async () => {
    const { memory: plan } = await planModel((await open(0)).report, source, large);
    const own = 17 * mebibyte + threads * 256 * 1024;
    const device = await open(threads, { maxBytes: own + plan.total - mebibyte });
    const model = await loadModel(device, source, small);
    const tokens = await continueText(model);
    const [bank] = ofModel(device);
    const phases = new Set<string>();
    const error = await refusal(device, { ...large, onProgress: ({ phase }) => phases.add(phase) });
    expect([...phases]).toEqual(['header']);
    expect(error.code).toBe('out-of-memory');
    expect(error.message).toMatch(/takes 42\.\d MB of memory .* 2,048 tokens; this device has room for \d/);
    expect(error.advice).not.toContain('graphics');
    expect(ofModel(device)).toEqual([bank]);
    expect(await continueText(model)).toEqual(tokens);
    expect(error.choices).not.toEqual([]);
    let previous = model;
    for (const choice of error.choices!) {
      const next = await loadModel(device, source, {
        ...choice,
        onProgress: ({ phase }) => phase === 'allocate' && previous.destroy(),
      });
      expect(next.info.contextTokens).toBe(choice.contextTokens);
      previous = next;
    }
  });

  it('may take the place of the one before where there is no room for both', async () => {
    const { memory: plan } = await planModel((await open(0)).report, source, large);
    const own = 17 * mebibyte + threads * 256 * 1024;
    const device = await open(threads, { maxBytes: own + plan.total + 4 * mebibyte });
    const first = await loadModel(device, source, small);
    const model = await loadModel(device, source, {
      ...large,
      onProgress: ({ phase }) => phase === 'allocate' && first.destroy(),
    });
    expect(ofModel(device)).toHaveLength(1);
    expect(await continueText(model)).toHaveLength(8);
  });

  it('is given back where loading stops', async () => {
    const device = await open(threads);
    const stop = new AbortController();
    const loading = loadModel(device, source, {
      ...small,
      signal: stop.signal,
      onProgress: ({ phase }) => phase === 'upload' && stop.abort(),
    });
    await expect(loading).rejects.toMatchObject({ code: 'aborted' });
    expect(device.memory.banks).toEqual([device.memory.firstBank]);
    expect(device.memory.firstBank.users).toBe(0);
  });

  async function refusal(device: ProcessorDevice, options: LoadOptions): Promise<BedsideError> {
    return loadModel(device, source, options).then(
      () => expect.fail('it was loaded'),
      (error: BedsideError) => error,
    );
  }
});

describe('what no plan told of', () => {
  it('finds room beside the plan, as much as is asked for, and gives it back', async () => {
    const device = await open(0, { guardBytes: 64 });
    const { memory } = device;
    const { firstBank } = memory;
    const sizes = [3, 20, 3, 9, 40].map(megabytes => megabytes * 1e6);
    const buffers = [];
    for (const size of sizes) buffers.push(await memory.storage('beside', size));
    expect(memory.bytes).toBe(sizes.reduce((sum, size) => sum + heldBytes(size), 0));
    expect(memory.banks.length).toBeGreaterThan(1);
    for (const [i, buffer] of buffers.entries()) {
      device.write(buffer, buffer.size - 4, new Uint32Array([i + 1]));
    }
    for (const [i, buffer] of buffers.entries()) {
      const tail = await readBuffer(device, buffer, 8, buffer.size - 8);
      expect([...new Uint32Array(tail)]).toEqual([0, i + 1]);
    }
    expect(memory.brokenGuards()).toEqual([]);
    memory.releaseAll();
    expect(memory.banks).toEqual([firstBank]);
    expect(firstBank.users).toBe(0);
  });

  it('is refused with what is missing where the machine has no more', async () => {
    const device = await open(0, { maxBytes: 32 * mebibyte });
    await expect(device.memory.storage('too large', 20e6)).rejects.toMatchObject({ code: 'out-of-memory' });
    expect(await device.memory.probe([4e6, 4e6])).toEqual({ wantedBytes: 8e6, allocatedBytes: 8e6 });
    const { allocatedBytes } = await device.memory.probe([32e6]);
    expect(allocatedBytes).toBeGreaterThan(14e6);
    expect(allocatedBytes).toBeLessThan(17e6);
  });

  it('is zero in memory that was used before', async () => {
    const device = await open(0);
    const used = await device.memory.storage('used', 4096);
    device.write(used, 0, new Uint8Array(4096).fill(7));
    device.memory.release(used);
    const again = await device.memory.storage('again', 4096);
    expect(new Uint8Array(await readBuffer(device, again, 4096)).every(byte => byte === 0)).toBe(true);
  });
});
