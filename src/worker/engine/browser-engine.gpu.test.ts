import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bundledModel } from '../../../test/support/data.ts';
import { computeAdapters, openGpu } from '../../../test/support/gpu.ts';
import { bytesSource } from '../../engine/formats/byte-source.ts';
import { greedySampling } from '../../engine/types/sampling.ts';
import { BrowserEngine } from './browser-engine.ts';
import type { DeviceTestProgress } from './engine-messages.ts';

const source = bytesSource(readFileSync(bundledModel));
const options = { precision: 'f32', contextTokens: 64 } as const;
const noDecoder = () => Promise.reject(new Error('no image was asked about'));

describe('without WebGPU', () => {
  it('says so, whatever is asked of the device', async () => {
    const engine = new BrowserEngine(undefined, noDecoder);
    await expect(engine.describeAdapter()).rejects.toMatchObject({ code: 'no-webgpu' });
    await expect(engine.acquireDevice()).rejects.toMatchObject({ code: 'no-webgpu' });
  });
});

const [adapter] = computeAdapters;

describe.skipIf(!adapter)(`on ${adapter ?? 'no adapter: install lavapipe'}`, () => {
  it('plans, loads, measures and answers on one device, and reports what it tests', async () => {
    const engine = new BrowserEngine(await openGpu(adapter!), noDecoder);
    const report = await engine.describeAdapter();
    const plan = await engine.planModel(report, source, options);
    const device = await engine.acquireDevice();
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

  it('refuses to plan for numbers that the device does not have', async () => {
    const engine = new BrowserEngine(await openGpu(adapter!), noDecoder);
    const report = { ...(await engine.describeAdapter()), shaderF16: false };
    const planning = engine.planModel(report, source, { ...options, precision: 'f16' });
    await expect(planning).rejects.toMatchObject({ code: 'adapter-too-small' });
  });
});
