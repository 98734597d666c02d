import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type FakeEngine,
  failure,
  file,
  gguf,
  newestOperation,
  progressOf,
  report,
  setUp,
  source,
} from '../../test/support/fake-worker.ts';
import { BedsideError } from '../engine/errors.ts';
import type { ModelInfo } from '../engine/types.ts';
import { mebibyte } from '../storage/weight-manifest.ts';
import type { ModelSource } from './protocol.ts';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

describe('storeModel', () => {
  test('stores for later without a device, and does nothing where it is there', async () => {
    const { api, fetch, devices } = setUp();
    expect(await api.storeModel(source)).toEqual({ ok: true, value: null });
    expect(await api.storeModel(source)).toEqual({ ok: true, value: null });
    expect(fetch).toHaveBeenCalledTimes(1);
    expect(devices).toEqual([]);
    expect(await api.listStoredModels()).toMatchObject({ value: [{ id: source.id }] });
  });

  test('and a load at the same time download once', async () => {
    const { api, load, fetch } = setUp();
    const storing = api.storeModel(source);
    const { result } = await load();
    expect(result.ok).toBe(true);
    expect((await storing).ok).toBe(true);
    expect(fetch).toHaveBeenCalledTimes(1);
  });
});

describe('planModel', () => {
  test('of a model that is not stored fetches the beginning and stores nothing', async () => {
    const { api, fetch, devices } = setUp();
    let cancelled: AbortSignal | undefined;
    let sent = 0;
    fetch.mockImplementationOnce(async (_, { signal }) => {
      cancelled = signal!;
      const body = new ReadableStream<Uint8Array>(
        {
          pull: controller => {
            controller.enqueue(file.slice(sent, sent + 3));
            sent += 3;
          },
        },
        { highWaterMark: 0 },
      );
      return new Response(body);
    });
    expect(await api.planModel({ source, precision: 'f32', contextTokens: 512 })).toMatchObject({
      ok: true,
      value: { contextTokens: 512, memory: { weights: file.length } },
    });
    expect(sent).toBe(6);
    expect(cancelled?.aborted).toBe(true);
    expect(devices).toEqual([]);
    expect(await api.listStoredModels()).toEqual({ ok: true, value: [] });
  });

  test('of a stored model, or a picked file, needs no network', async () => {
    const { api, fetch } = setUp();
    await api.storeModel(source);
    expect(await api.planModel({ source, precision: 'f32' })).toMatchObject({ ok: true });
    const picked = { kind: 'file', file: new File([file], 'mine.gguf') } as const;
    expect(await api.planModel({ source: picked, precision: 'f32' })).toMatchObject({ ok: true });
    expect(fetch).toHaveBeenCalledOnce();
  });

  test('says what is wrong with a file, and that the network is gone', async () => {
    const { api, fetch } = setUp();
    const picked = { kind: 'file', file: new File([new Uint8Array(8).fill(0xff)], 'x.gguf') } as const;
    expect(await api.planModel({ source: picked, precision: 'f32' })).toEqual(failure('not-gguf'));
    fetch.mockRejectedValue(new TypeError('Failed to fetch'));
    expect(await api.planModel({ source, precision: 'f32' })).toEqual(failure('network'));
    const breaking = new ReadableStream({ pull: controller => controller.error(new TypeError('network')) });
    fetch.mockResolvedValue(new Response(breaking));
    expect(await api.planModel({ source, precision: 'f32' })).toEqual(failure('network'));
    fetch.mockResolvedValue(new Response(file.slice(0, 2)));
    expect(await api.planModel({ source, precision: 'f32' })).toEqual(failure('truncated-model'));
  });
});

describe('loadModel', () => {
  test.each([
    ['text first', false],
    ['image half first', true],
  ])('of two picked files finds out which is the image half: %s', async (_, isSwapped) => {
    const halves = [gguf('internlm2'), gguf('clip')].map((bytes, i) => new File([bytes], `${i}.gguf`)) as [
      File,
      File,
    ];
    const [source, vision] = (isSwapped ? halves.toReversed() : halves).map(picked => ({
      kind: 'file' as const,
      file: picked,
    })) as [ModelSource, ModelSource];
    const loadModel = vi.fn<FakeEngine['loadModel']>(async device => {
      const info = { name: 'two halves' } as ModelInfo;
      return { device, info, isDestroyed: false, destroy: () => undefined };
    });
    const { load } = setUp({ loadModel });
    expect((await load({ source, vision })).result.ok).toBe(true);
    const [, text, options] = loadModel.mock.calls[0]!;
    expect([text.bytes, options.vision?.bytes]).toEqual(halves.map(({ size }) => size));
  });

  test('fetches once, verifies, stores, and from then on needs no network', async () => {
    const { load, fetch, api } = setUp();
    const first = await load({ contextTokens: 512 });
    expect(first.result).toMatchObject({
      ok: true,
      value: { fileBytes: file.length, precision: 'f32', contextTokens: 512 },
    });
    expect(progressOf(first.events).map(({ phase, fromStore }) => `${phase} ${fromStore}`)).toEqual([
      'device false',
      'device false',
      'download false',
      'download false',
      'header true',
      'upload true',
      'upload true',
    ]);
    expect(fetch).toHaveBeenCalledExactlyOnceWith(
      'https://bedside.test/nano.gguf',
      expect.objectContaining({ cache: 'no-store' }),
    );
    fetch.mockRejectedValue(new TypeError('Failed to fetch'));
    const second = await load();
    expect(second.result.ok).toBe(true);
    expect(progressOf(second.events).every(({ fromStore }) => fromStore)).toBe(true);
    expect(fetch).toHaveBeenCalledOnce();
    expect(await api.listStoredModels()).toEqual({ ok: true, value: [{ id: 'nano', bytes: file.length }] });
  });

  test('reads a picked file in place and stores nothing', async () => {
    const { load, fetch, api } = setUp();
    const { result } = await load({ source: { kind: 'file', file: new File([file], 'mine.gguf') } });
    expect(result.ok).toBe(true);
    expect(fetch).not.toHaveBeenCalled();
    expect(await api.listStoredModels()).toEqual({ ok: true, value: [] });
  });

  test('says so when a picked file can no longer be read', async () => {
    const { load } = setUp();
    const gone = new File([file], 'mine.gguf');
    gone.slice = () => {
      throw new DOMException('gone', 'NotReadableError');
    };
    expect((await load({ source: { kind: 'file', file: gone } })).result).toEqual(failure('truncated-model'));
  });

  test('explains a missing connection, an unreachable server and a refusal', async () => {
    const { load, fetch, network } = setUp();
    fetch.mockRejectedValue(new TypeError('Failed to fetch'));
    network.isOnline = () => false;
    const offline = { message: expect.stringContaining('offline'), advice: expect.stringContaining('file') };
    expect((await load()).result).toMatchObject({ ok: false, error: { code: 'network', ...offline } });
    network.isOnline = () => true;
    const unreachable = { message: expect.stringContaining('could not be reached') };
    expect((await load()).result).toMatchObject({ ok: false, error: { code: 'network', ...unreachable } });
    fetch.mockResolvedValue(new Response('', { status: 404, statusText: 'Not Found' }));
    const refused = { message: expect.stringContaining('404 Not Found') };
    expect((await load()).result).toMatchObject({ ok: false, error: { code: 'network', ...refused } });
    fetch.mockResolvedValue(new Response(file));
    expect((await load()).result.ok).toBe(true);
  });

  test('does not load what has another hash, and can be asked again', async () => {
    const { load, fetch, models } = setUp();
    fetch.mockResolvedValueOnce(new Response(file.map(byte => byte ^ 1)));
    expect((await load()).result).toEqual(failure('wrong-hash'));
    expect(models).toHaveLength(0);
    expect((await load()).result.ok).toBe(true);
  });

  test('can be aborted while it downloads', async () => {
    const { load, fetch, api } = setUp();
    fetch.mockImplementationOnce(async (_, { signal }) => {
      setTimeout(() => void api.abort(newestOperation()), 10);
      return new Response(
        new ReadableStream({
          start: controller => {
            controller.enqueue(file.slice(0, 5));
            signal?.addEventListener('abort', () => controller.error(signal.reason));
          },
        }),
      );
    });
    expect((await load()).result).toEqual(failure('aborted'));
    expect((await load()).result.ok).toBe(true);
  });

  test('refuses a large model on a software adapter before it fetches anything', async () => {
    const { load, fetch } = setUp({}, { isSoftware: true });
    const large = { ...source, bytes: 513 * mebibyte, chunkSha256: Array(65).fill('0'.repeat(64)) };
    expect((await load({ source: large })).result).toEqual(failure('software-adapter'));
    expect(fetch).not.toHaveBeenCalled();
    expect((await load()).result.ok).toBe(true);
  });

  test('frees the model in use before anything is allocated, on the same device', async () => {
    const { load, devices, models, log } = setUp();
    await load();
    await load();
    expect(log).toEqual(['allocate', 'destroy m0', 'allocate']);
    expect(devices).toHaveLength(1);
    expect(models[1]?.isDestroyed).toBe(false);
  });

  test('leaves the model in use alone when the new file is no model', async () => {
    const { load, generate, api, models } = setUp();
    await load();
    const wrong = new File([Uint8Array.of(0xff, 0, 0, 0)], 'photo.jpg');
    expect((await load({ source: { kind: 'file', file: wrong } })).result).toEqual(failure('not-gguf'));
    expect(models[0]?.isDestroyed).toBe(false);
    expect(await api.loadedModel()).toMatchObject({ ok: true, value: { name: 'm0' } });
    expect((await generate()).result.ok).toBe(true);
  });

  test('reports an adapter that cannot be used', async () => {
    const { load, api } = setUp({
      acquireDevice: async () => {
        throw new BedsideError('no-webgpu', 'No WebGPU.', 'Use another browser.');
      },
    });
    expect((await load()).result).toEqual(failure('no-webgpu'));
    expect(await api.probeDevice()).toEqual({ ok: true, value: report });
  });

  test('turns an unexpected throw into data and stays usable', async () => {
    let isFirst = true;
    const { load } = setUp({
      describeAdapter: async () => report,
      loadModel: async device => {
        if (isFirst) {
          isFirst = false;
          throw new TypeError('undefined is not a function');
        }
        return { device, info: { name: 'm' } as ModelInfo, isDestroyed: false, destroy: () => undefined };
      },
    });
    expect((await load()).result).toMatchObject({
      ok: false,
      error: { code: 'internal', cause: 'TypeError: undefined is not a function' },
    });
    expect((await load()).result.ok).toBe(true);
  });
});
