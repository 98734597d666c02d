import { expect, test } from 'vitest';
import type { DeviceState } from '../state/model/model-store.ts';
import {
  demonstration,
  errorOf,
  gpuReport,
  modelInfo,
  modelPlan,
  ownModel,
  processorReport,
} from '../testing/fixtures.ts';
import { type Evidence, judgeModel } from './verdict.ts';

const gpu: DeviceState = { status: 'ready', report: gpuReport };
const software: DeviceState = { status: 'ready', report: { ...gpuReport, isSoftware: true } };

const judge = (evidence: Partial<Evidence>) =>
  judgeModel({ entry: demonstration, device: gpu, loaded: null, plan: null, foundBytes: null, ...evidence });

/** As large as `bytes` in all, a half of it the conversation's memory. */
const planOfSize = (bytes: number): Evidence['plan'] => ({
  ...modelPlan,
  memory: { ...modelPlan.memory, cache: bytes / 2, total: bytes - 1e6, upload: 1e6 },
  leastBytes: bytes,
  contextTokens: 4096,
  wantedContextTokens: 4096,
  tokenBytes: bytes / 2 / 4096,
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

test('where steps of a prompt would be shorter, what they take decides', () => {
  const plan = { ...planOfSize(8e9)!, leastBytes: 7.5e9 };
  expect(judge({ plan, foundBytes: 8e9 }).reason).toBe(
    'It takes 8.0 GB; the test found room for at least 8.0 GB.',
  );
  expect(judge({ plan, foundBytes: 7.6e9 })).toEqual({
    verdict: 'runs',
    reason:
      'It takes 8.0 GB, or 7.5 GB with shorter steps of a prompt; the test found room for at least 7.6 GB.',
  });
  expect(judge({ plan, foundBytes: 7.4e9 })).toMatchObject({
    verdict: 'shorter',
    reason: expect.stringMatching(/^It takes 7\.5 GB; the test found room for 7\.4 GB/),
  });
});

test('where it found too little, a smaller file is named that would fit', () => {
  const shape = { layers: 40, embedding: 5120, feedForward: 13824, heads: 40, kvHeads: 40 };
  const states = {
    ...{ architecture: 'llama', parameterCount: 13015874560, shape, contextTokens: 2048 },
    vocabulary: { model: 'llama', pieces: 32001 },
  };
  const entry = { ...ownModel, states, expects: { ...ownModel.expects!, bytesApprox: 7.9e9 } };
  const wanted = { precision: 'f16', contextTokens: 0 } as const;
  expect(judge({ entry, wanted, foundBytes: 7e9 })).toEqual({
    verdict: 'does-not-fit',
    reason:
      'Its files alone have 7.9 GB; the test found room for 7.0 GB. As Q2_K it would take about 6.6 GB.',
  });
  const memory = { ...modelPlan.memory, weights: 7.9e9, cache: 1.7e9, total: 9.6e9, upload: 1e8 };
  const plan = { ...modelPlan, memory, leastBytes: 9.7e9 };
  expect(judge({ entry, plan, wanted, foundBytes: 8.2e9 }).reason).toMatch(
    /^It takes 9\.7 GB; the test found room for 8\.2 GB.*\. As Q3_K_M it would take about 8\.1 GB\.$/,
  );
  expect(judge({ entry, plan, wanted, foundBytes: 10e9 }).reason).not.toContain(' As ');
  expect(judge({ entry, wanted, foundBytes: 4e9 }).reason).not.toContain(' As ');
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

test('on a processor that was measured, how fast a model answers decides', () => {
  const rates = { weightsPerSecond: 1e9, multiplyAddsPerSecond: 4e9 };
  const processor = { ...processorReport.processor!, rates };
  const device: DeviceState = { status: 'ready', report: { ...processorReport, processor } };
  const planWith = (layerWeights: number): Evidence['plan'] => ({
    ...planOfSize(40e6)!,
    work: { layerWeights, headWeights: 0, bytesPerWeight: 0.5625, attention: 0, cached: 0 },
  });
  expect(judge({ device, plan: planWith(50e6) })).toEqual({
    verdict: 'runs',
    reason: 'It takes 40.0 MB, in the memory of this computer. It writes about 15 words a second.',
  });
  expect(judge({ device, plan: planWith(400e6) })).toEqual({
    verdict: 'slow',
    reason:
      'It takes 40.0 MB, in the memory of this computer. It writes about 2 words a second, and takes about 1 minute to read a question of a page before it begins.',
  });
  expect(judge({ device, plan: planWith(7e9) })).toEqual({
    verdict: 'too-slow',
    reason: 'It would write about one word every 9 seconds here: too slow to be loaded.',
  });
  // Of a model that is not here the sizes that are stated, or its bytes, tell about as much.
  expect(judge({ device, entry: ownModel })).toEqual({
    verdict: 'too-slow',
    reason: 'By its size, it would write about one word every 5 seconds here: too slow to be loaded.',
  });
  expect(judge({ device, loaded: modelInfo }).reason).toContain(
    'It writes more words a second than anyone reads.',
  );
  const large = { ...planWith(400e6)!, largest: { ...modelPlan.largest, bytes: 3e9 } };
  expect(judge({ device, plan: large }).verdict).toBe('does-not-fit');
});
