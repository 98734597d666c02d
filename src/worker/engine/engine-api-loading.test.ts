import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type FakeEngine,
  failure,
  file,
  gguf,
  progressOf,
  report,
  setUp,
  source,
} from '../../../test/support/fake-worker.ts';
import { writeGguf } from '../../../test/support/gguf-writer.ts';
import { splitGguf } from '../../../test/support/split-gguf.ts';
import { BedsideError } from '../../engine/errors.ts';
import { sentence } from '../../engine/sentence.ts';
import type { ModelInfo } from '../../engine/types/model.ts';
import { mebibyte } from '../../storage/weight-manifest.ts';
import type { ModelSource } from './model-source.ts';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

describe('planModel', () => {
  test('of a stored model, a picked file, and the beginning of one that is elsewhere', async () => {
    const { api, load, devices } = setUp();
    const head = { kind: 'head', bytes: 7_000_000_000, head: new Blob([file.slice(0, 6)]) } as const;
    expect(await api.planModel({ source: head, precision: 'f32', contextTokens: 512 })).toMatchObject({
      ok: true,
      value: { contextTokens: 512, memory: { weights: 7_000_000_000 } },
    });
    const picked = { kind: 'file', file: new File([file], 'mine.gguf') } as const;
    expect(await api.planModel({ source: picked, precision: 'f32' })).toMatchObject({ ok: true });
    expect(devices).toEqual([]);
    await load();
    expect(await api.planModel({ source, precision: 'f32' })).toMatchObject({ ok: true });
  });

  test('says what is wrong with a file, what is missing of a beginning, and what is not here', async () => {
    const { api } = setUp();
    const picked = { kind: 'file', file: new File([new Uint8Array(8).fill(0xff)], 'x.gguf') } as const;
    expect(await api.planModel({ source: picked, precision: 'f32' })).toEqual(failure('not-gguf'));
    const head = { kind: 'head', bytes: 100, head: new Blob([file.slice(0, 2)]) } as const;
    expect(await api.planModel({ source: head, precision: 'f32' })).toEqual(failure('truncated-model'));
    expect(await api.planModel({ source, precision: 'f32' })).toEqual(failure('no-model'));
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

  test('reads the parts of a split model as one, with its image half in either place', async () => {
    const whole = writeGguf({
      metadata: [['general.architecture', 'string', 'internlm2']],
      tensors: ['a', 'b'].map(name => ({ name, type: 0, shape: [8], data: new Uint8Array(32) })),
    });
    const shards = await splitGguf(whole, 2);
    const names = ['m-00001-of-00002.gguf', 'm-00002-of-00002.gguf'];
    const picked = shards.map((bytes, i) => ({
      kind: 'file' as const,
      file: new File([bytes], names[i]!),
    }));
    const eyes = { kind: 'file', file: new File([gguf('clip')], 'mmproj.gguf') } as const;
    const split = { kind: 'split', parts: picked.toReversed() } as const;
    const { load, api } = setUp();
    expect((await load({ source: eyes, vision: split })).result).toMatchObject({
      ok: true,
      value: { fileBytes: whole.length },
    });
    const head = { kind: 'head', bytes: shards[1]!.length, head: new Blob([shards[1]!]) } as const;
    const plan = { source: { kind: 'split', parts: [picked[0]!, head] }, precision: 'f32' } as const;
    expect(await api.planModel(plan)).toMatchObject({
      ok: true,
      value: { memory: { weights: whole.length } },
    });
    const one = { kind: 'split', parts: picked.slice(1) } as const;
    expect((await load({ source: one })).result).toEqual(failure('part-missing'));
    const cut = { kind: 'file', file: new File([shards[1]!.subarray(0, 120)], names[1]!) } as const;
    const { result } = await load({ source: { kind: 'split', parts: [picked[0]!, cut] } });
    expect(result).toMatchObject({ error: { code: 'truncated-model' } });
    expect(result).toMatchObject({ error: { message: expect.stringContaining(names[1]!) } });
  });

  test('reads from the store, phase by phase', async () => {
    const { load } = setUp();
    const { result, events } = await load({ contextTokens: 512 });
    expect(result).toMatchObject({
      ok: true,
      value: { fileBytes: file.length, precision: 'f32', contextTokens: 512 },
    });
    expect(progressOf(events).map(({ phase, fromStore }) => `${phase} ${fromStore}`)).toEqual([
      'device true',
      'device true',
      'header true',
      'upload true',
      'upload true',
    ]);
  });

  test('what is not stored is refused', async () => {
    const { load, models } = setUp();
    const { result } = await load({ source: { ...source, id: 'elsewhere' } });
    expect(result).toEqual(failure('no-model'));
    expect(models).toHaveLength(0);
  });

  test('reads a picked file in place and stores nothing of it', async () => {
    const { load, weights } = setUp();
    await load();
    const { result } = await load({ source: { kind: 'file', file: new File([file], 'mine.gguf') } });
    expect(result.ok).toBe(true);
    expect((await weights.listFiles()).map(({ id }) => id)).toEqual([source.id]);
  });

  test('says so when a picked file can no longer be read', async () => {
    const { load } = setUp();
    const gone = new File([file], 'mine.gguf');
    gone.slice = () => {
      throw new DOMException('gone', 'NotReadableError');
    };
    expect((await load({ source: { kind: 'file', file: gone } })).result).toEqual(failure('truncated-model'));
  });

  test('refuses a large model on a software adapter before it reads anything', async () => {
    const { load } = setUp({}, { isSoftware: true });
    const large = new File([file], 'large.gguf');
    Object.defineProperty(large, 'size', { value: 513 * mebibyte });
    expect((await load({ source: { kind: 'file', file: large } })).result).toEqual(
      failure('software-adapter'),
    );
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
        throw new BedsideError('no-webgpu', sentence`no-webgpu: No WebGPU.`, 'Use another browser.');
      },
    });
    expect((await load()).result).toEqual(failure('no-webgpu'));
    expect(await api.probeDevice()).toEqual({ ok: true, value: report });
  });

  test('turns an unexpected throw into data and stays usable', async () => {
    let isFirst = true;
    const { load } = setUp({
      describeDevice: async () => report,
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
