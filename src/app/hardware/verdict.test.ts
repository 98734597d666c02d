import { expect, test } from 'vitest';
import type { DeviceState } from '../state/model/model-store.ts';
import { demonstration, errorOf, gpuReport, modelInfo, modelPlan, ownModel } from '../testing/fixtures.ts';
import { type Evidence, judgeModel } from './verdict.ts';

const gpu: DeviceState = { status: 'ready', report: gpuReport };
const software: DeviceState = { status: 'ready', report: { ...gpuReport, isSoftware: true } };

const judge = (evidence: Partial<Evidence>) =>
  judgeModel({ entry: demonstration, device: gpu, loaded: null, plan: null, foundBytes: null, ...evidence });

/** As large as `bytes` in all, a half of it the conversation's memory. */
const planOfSize = (bytes: number): Evidence['plan'] => ({
  ...modelPlan,
  memory: { ...modelPlan.memory, cache: bytes / 2, total: bytes - 1e6, upload: 1e6 },
  contextTokens: 4096,
  wantedContextTokens: 4096,
});

test('what is loaded runs', () => {
  expect(judge({ loaded: modelInfo })).toEqual({
    verdict: 'runs',
    reason: 'It is loaded now: 12.0 MB, with conversations of up to 2,048 tokens.',
  });
  const shorter = { ...modelInfo, plan: { ...modelPlan, contextTokens: 1024 } };
  expect(judge({ loaded: shorter }).verdict).toBe('shorter');
});

test('without a GPU a large model is too slow, and a small one runs slowly', () => {
  expect(judge({ entry: ownModel, device: software })).toMatchObject({
    verdict: 'too-slow',
    reason: expect.stringContaining('this one has 2.0 GB'),
  });
  expect(judge({ device: software, plan: planOfSize(40e6) })).toMatchObject({
    verdict: 'runs',
    reason: expect.stringContaining('slowly'),
  });
  const failed = {
    status: 'failed',
    error: { ...errorOf('no-webgpu'), message: 'No WebGPU.' },
  } as DeviceState;
  expect(judge({ device: failed })).toEqual({ verdict: 'too-slow', reason: 'No WebGPU.' });
  expect(judge({ device: { status: 'probing' } }).verdict).toBe('unknown');
});

test('a plan says what fits one piece, and what no piece of this device holds', () => {
  const plan = planOfSize(100e6)!;
  expect(judge({ plan }).verdict).toBe('runs');
  expect(judge({ plan: planOfSize(9e9) })).toMatchObject({
    verdict: 'unknown',
    reason: expect.stringContaining('a test of this device finds out'),
  });
  expect(judge({ plan: { ...plan, largest: { ...plan.largest, bytes: 3e9 } } })).toMatchObject({
    verdict: 'does-not-fit',
    reason: expect.stringContaining('more than this device accepts in one piece'),
  });
  expect(judge({ plan: { ...plan, wantedContextTokens: 8192 } })).toMatchObject({
    verdict: 'shorter',
    reason: expect.stringContaining('4,096 of 8,192 tokens'),
  });
});

test('what a test found decides', () => {
  const plan = planOfSize(8e9);
  expect(judge({ plan, foundBytes: 8e9 }).verdict).toBe('runs');
  expect(judge({ plan, foundBytes: 6e9 })).toEqual({
    verdict: 'shorter',
    reason:
      'It takes 8.0 GB; the test found room for 6.0 GB, enough for conversations of about 2,048 tokens.',
  });
  expect(judge({ plan, foundBytes: 4.1e9 }).verdict).toBe('does-not-fit');
});

test('of a model that the reader brings, only the size of its files is known', () => {
  expect(judge({ entry: ownModel })).toMatchObject({ verdict: 'unknown' });
  expect(judge({ entry: ownModel, foundBytes: 1e9 })).toEqual({
    verdict: 'does-not-fit',
    reason: 'Its files alone have 2.0 GB; the test found room for 1.0 GB.',
  });
  expect(judge({ entry: ownModel, foundBytes: 4e9 })).toMatchObject({
    verdict: 'unknown',
    reason: expect.stringContaining('There is room for its files'),
  });
});
