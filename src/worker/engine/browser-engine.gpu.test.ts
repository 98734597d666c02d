import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bundledModel } from '../../../test/support/data.ts';
import { computeAdapters, openGpu } from '../../../test/support/gpu.ts';
import { bytesSource } from '../../engine/formats/byte-source.ts';
import type { DeviceWish } from '../../engine/types/device-choice.ts';
import { greedySampling } from '../../engine/types/sampling.ts';
import { BrowserDevices } from './browser-devices.ts';
import { BrowserEngine } from './browser-engine.ts';
import type { DeviceTestProgress } from './engine-messages.ts';

const source = bytesSource(readFileSync(bundledModel));
const options = { precision: 'f32', contextTokens: 64 } as const;
// Software, which is not taken unless it is wished for.
const wish: DeviceWish = { device: 'gpu', activationBits: 32 };
const noDecoder = () => Promise.reject(new Error('no image was asked about'));

const [adapter] = computeAdapters;

describe.skipIf(!adapter)(`on ${adapter ?? 'no adapter: install lavapipe'}`, () => {
  it('plans, loads, measures and answers on one device, and reports what it tests', async () => {
    const engine = new BrowserEngine(new BrowserDevices(await openGpu(adapter!)), noDecoder);
    const report = await engine.describeDevice(wish);
    const plan = await engine.planModel(report, source, options);
    const device = await engine.acquireDevice(wish);
    expect(device.report).toEqual(report);
    const model = await engine.loadModel(device, source, options);
    expect(model.info.contextTokens).toBe(plan.contextTokens);

    const question = { template: 'pmc-llama', text: 'What is a fracture?' } as const;
    expect(engine.measureQuestion(model, question)).toMatchObject({ isExact: true, contextTokens: 64 });
    const asked = { ...question, messages: [{ role: 'user' as const, text: question.text }] };
    const shown = engine.showPrompt(model, {
      ...asked,
      includeHistory: true,
      sampling: greedySampling,
      maxTokens: 4,
    });
    expect(shown.text).toMatch(/^<s>Below is .*### Instruction:\nWhat is a fracture\?\n\n### Response:$/s);
    const texts: string[] = [];
    const answer = await engine.answer(
      model,
      {
        template: 'pmc-llama',
        includeHistory: false,
        messages: [{ role: 'user', text: 'What is a fracture?' }],
        sampling: greedySampling,
        maxTokens: 4,
      },
      { onText: text => texts.push(text) },
    );
    expect(answer.text).not.toBe('');
    expect(texts.join('')).toBe(answer.text);

    const stop = new AbortController();
    const reported: DeviceTestProgress[] = [];
    const onProgress = (progress: DeviceTestProgress) => {
      reported.push(progress);
      if (progress.rows.length > 0) stop.abort();
    };
    const test = { scope: 'model', memoryBytes: 0 } as const;
    const testing = engine.testDevice(device, model, test, { signal: stop.signal, onProgress });
    await expect(testing).rejects.toMatchObject({ code: 'aborted' });
    const [row] = reported.flatMap(({ rows }) => rows);
    expect(row).toMatchObject({ kernel: expect.any(String) });
    const { done, total } = reported.at(-1)!;
    expect(done).toBeLessThan(total);
    model.destroy();
    device.destroy();
  });

  it('plans a memory of 16 bits, half as large as one of 32, for a device without shader-f16', async () => {
    const engine = new BrowserEngine(new BrowserDevices(await openGpu(adapter!)), noDecoder);
    const report = { ...(await engine.describeDevice(wish)), shaderF16: false };
    const cacheOf = async (precision: 'f32' | 'f16') =>
      (await engine.planModel(report, source, { ...options, precision })).memory.cache;
    // The table of pages beside it has words of 32 bits whatever is in the pages: one page here, held as 16 bytes.
    expect((await cacheOf('f16')) - 16).toBe(((await cacheOf('f32')) - 16) / 2);
  });
});
