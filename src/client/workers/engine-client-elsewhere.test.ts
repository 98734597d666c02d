import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  api,
  type FakeLibrary,
  info,
  ok,
  post,
  startClient,
} from '../../../test/support/fake-engine-worker.ts';
import { BedsideError, toErrorData } from '../../engine/errors.ts';
import { sentence } from '../../engine/sentence.ts';
import type { DeviceReport } from '../../engine/types/device.ts';
import type { ModelPlan } from '../../engine/types/memory.ts';
import type { EngineApi } from '../../worker/engine/engine-verbs.ts';
import type { EngineClient } from './engine-client.ts';

let client: EngineClient;
let library: FakeLibrary;

function start(...changes: Partial<EngineApi>[]): void {
  ({ client, library } = startClient(...changes));
}

afterEach(() => {
  client.dispose();
});

describe('a model from elsewhere', () => {
  const remote = (id: string) => ({ kind: 'url', id, url: `https://models.test/${id}`, bytes: 10 }) as const;
  const call = { source: remote('text'), vision: remote('image'), precision: 'f32' } as const;

  test('is fetched by the library first, then loaded; the second time nothing is fetched', async () => {
    start();
    const onProgress = vi.fn();
    expect(await client.loadModel(call, { onProgress })).toEqual(info);
    expect(onProgress.mock.calls.map(([{ phase, done, total }]) => `${phase} ${done}/${total}`)).toEqual([
      'download 4/20',
      'verify 1/10',
      'download 14/20',
      'verify 1/10',
      'upload 1/2',
    ]);
    await client.loadModel(call);
    expect(library.fetched).toEqual(['text', 'image']);
  });

  test('in parts is fetched part by part, and planned by the beginnings of those that are not there', async () => {
    const planModel = vi.fn(api.planModel);
    start({ planModel });
    const source = { kind: 'split', parts: [remote('part-1'), remote('part-2')] } as const;
    await library.download(source.parts[0]);
    await client.planModel({ source, precision: 'f32' });
    expect(planModel.mock.lastCall?.[0].source).toEqual({
      kind: 'split',
      parts: [source.parts[0], { kind: 'head', name: 'part-2', bytes: 77, head: expect.anything() }],
    });
    expect(await client.loadModel({ source, precision: 'f32' })).toEqual(info);
    expect(library.fetched).toEqual(['part-1', 'part-2']);
  });

  test('whose stored copy proves damaged is repaired once, and loaded', async () => {
    const load = vi.fn(api.loadModel);
    const damaged = toErrorData(new BedsideError('wrong-hash', sentence`damaged: Damaged.`, 'Again.'));
    load.mockImplementationOnce(async (_, port) => {
      library.damage('image');
      post(port, { kind: 'end' });
      return { ok: false, error: damaged };
    });
    start({ loadModel: load });
    expect(await client.loadModel(call)).toEqual(info);
    expect(library.fetched).toEqual(['text', 'image', 'image']);
    load.mockImplementation(async (_, port) => {
      library.damage('image');
      post(port, { kind: 'end' });
      return { ok: false, error: damaged };
    });
    await expect(client.loadModel(call)).rejects.toMatchObject({ code: 'wrong-hash' });
    expect(load).toHaveBeenCalledTimes(4);
  });

  test('too large for a processor is refused before it is fetched', async () => {
    start({ probeDevice: async () => ok({ adapter: 'cpu', isSoftware: true } as DeviceReport) });
    const large = { ...call.source, bytes: 2 ** 30 };
    const loading = client.loadModel({ source: large, precision: 'f32' });
    await expect(loading).rejects.toMatchObject({ code: 'software-adapter' });
    expect(library.fetched).toEqual([]);
  });

  test('too slow for the processor, by its beginning, is refused before it is fetched', async () => {
    const planModel = vi.fn(async () =>
      ok({
        work: { layerWeights: 7e9, headWeights: 0, bytesPerWeight: 0.5625, attention: 0, cached: 0 },
      } as ModelPlan),
    );
    const rates = { weightsPerSecond: 2e9, multiplyAddsPerSecond: 8e9 };
    start({
      planModel,
      probeDevice: async () =>
        ok({ kind: 'processor', isSoftware: true, processor: { rates } } as DeviceReport),
    });
    const large = { ...call.source, bytes: 4e9 };
    const loading = () => client.loadModel({ source: large, precision: 'f32', accepts: 'slow' });
    await expect(loading()).rejects.toMatchObject({ code: 'too-slow' });
    rates.weightsPerSecond = 3e9;
    await expect(client.loadModel({ source: large, precision: 'f32' })).rejects.toMatchObject({
      code: 'slow-model',
    });
    expect(library.fetched).toEqual([]);
    expect(planModel).toHaveBeenCalledTimes(2);
    expect(await loading()).toEqual(info);
    expect(library.fetched).toEqual(['text']);
  });

  test('what a processor was too slow for when it was timed is tried again where it proves faster', async () => {
    const refused = new BedsideError('too-slow', sentence`too-slow: Too slow.`, 'Choose another.');
    let refusals = 1;
    const loadModel = vi.fn<EngineApi['loadModel']>(async (request, port, operation) => {
      if (refusals-- <= 0) return api.loadModel(request, port, operation);
      post(port, { kind: 'end' });
      return { ok: false, error: toErrorData(refused) };
    });
    const measureAgain = vi.fn(async () => ok(true));
    start({ loadModel, measureAgain });
    expect(await client.loadModel(call)).toEqual(info);
    expect(loadModel).toHaveBeenCalledTimes(2);
    refusals = 2;
    await expect(client.loadModel(call)).rejects.toMatchObject({ code: 'too-slow' });
    measureAgain.mockResolvedValue(ok(false));
    refusals = 1;
    await expect(client.loadModel(call)).rejects.toMatchObject({ code: 'too-slow' });
    expect(loadModel).toHaveBeenCalledTimes(5);
    expect(measureAgain).toHaveBeenCalledTimes(3);
  });

  test('is planned by its beginning until it is there', async () => {
    const planModel = vi.fn(api.planModel);
    start({ planModel });
    await library.download(call.source);
    await client.planModel({ ...call, contextTokens: 8 });
    expect(planModel).toHaveBeenCalledExactlyOnceWith({
      contextTokens: 8,
      precision: 'f32',
      source: call.source,
      vision: { kind: 'head', name: 'image', bytes: 77, head: expect.anything() },
    });
  });

  test('is not deleted while it is being loaded', async () => {
    const notYet = () => undefined as unknown;
    let finish = notYet;
    start({
      loadModel: (request, port, operation) =>
        new Promise(resolve => {
          finish = () => resolve(api.loadModel(request, port, operation));
        }),
    });
    await library.download(call.source);
    const loading = client.loadModel({ source: call.source, precision: 'f32' });
    await expect(client.deleteStoredModel('text')).rejects.toMatchObject({ code: 'busy' });
    await vi.waitFor(() => expect(finish).not.toBe(notYet));
    finish();
    expect(await loading).toEqual(info);
    await client.deleteStoredModel('text');
    expect(library.stored.size).toBe(0);
  });
});
