import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  type FakeWorker,
  generateCall,
  info,
  loadCall,
  ok,
  outcome,
  post,
  report,
  startClient,
} from '../../../test/support/fake-engine-worker.ts';
import { BedsideError, toErrorData } from '../../engine/errors.ts';
import { sentence } from '../../engine/sentence.ts';
import type { ModelInfo } from '../../engine/types/model.ts';
import type { EngineApi } from '../../worker/engine/engine-verbs.ts';
import type { ModelSource } from '../../worker/engine/model-source.ts';
import type { EngineClient } from './engine-client.ts';

let client: EngineClient;
let workers: FakeWorker[];

function start(...changes: Partial<EngineApi>[]): void {
  ({ client, workers } = startClient(...changes));
}

afterEach(() => {
  client.dispose();
});

describe('calls', () => {
  test('start one worker, at the first of them', async () => {
    start();
    expect(workers).toHaveLength(0);
    expect(await client.probeDevice()).toEqual({ adapter: 'test' });
    const asked = { source: { kind: 'file', file: new File([], 'm.gguf') }, precision: 'f32' } as const;
    expect(await client.planModel({ ...asked, contextTokens: 8 })).toEqual({ contextTokens: 8 });
    expect(await client.loadedModel()).toBeNull();
    await client.unloadModel();
    expect(workers).toHaveLength(1);
  });

  test('report what happens before they settle', async () => {
    start();
    const onProgress = vi.fn();
    expect(await client.loadModel(loadCall, { onProgress })).toEqual(info);
    expect(onProgress.mock.calls).toEqual([[{ phase: 'upload', done: 1, total: 2, fromStore: true }]]);
    const onPrefill = vi.fn();
    const onText = vi.fn();
    const onVision = vi.fn();
    expect(await client.generate(generateCall, { onVision, onPrefill, onText })).toEqual(outcome);
    expect(onVision.mock.calls).toEqual([[{ phase: 'decoding', image: 1, images: 2 }]]);
    expect(onPrefill.mock.calls).toEqual([[1, 1]]);
    expect(onText.mock.calls).toEqual([['Hello', 2, [7, 8]]]);
    const onTest = vi.fn();
    const test = { scope: 'all', memoryBytes: 5 } as const;
    expect(await client.testDevice(test, { onProgress: onTest })).toEqual({ scope: 'all' });
    expect(onTest.mock.calls).toEqual([[{ done: 1, total: 2, next: 'rope', rows: [] }]]);
  });

  test('hand over images and both halves of a model, and bring back what was found', async () => {
    const seen: unknown[] = [];
    start({
      async inspectImage(file) {
        seen.push(await file.text());
        return ok({ report, blob: file });
      },
      async loadModel({ source, vision }, port) {
        seen.push(source, vision);
        post(port, { kind: 'end' });
        return ok(info);
      },
      async generate({ images = [], tiling, compressImages, messages }, port) {
        const [image] = images;
        seen.push(await image?.blob.text(), image?.id, image?.width, image?.height);
        seen.push(tiling, compressImages, messages[0]?.images);
        post(port, { kind: 'end' });
        return ok(outcome);
      },
    });
    const tiling = { mode: 'dynamic', preset: 'demo' } as const;
    const inspected = await client.inspectImage(new Blob(['pixels']));
    expect(inspected.report).toEqual(report);
    expect(await inspected.blob.text()).toBe('pixels');
    const half = (id: string): ModelSource => ({
      kind: 'url',
      id,
      url: '',
      bytes: 1,
      chunkBytes: 1,
      chunkSha256: [],
    });
    await client.loadModel({ source: half('text'), vision: half('vision'), precision: 'f32' });
    await client.generate({
      ...generateCall,
      messages: [{ role: 'user', text: 'Hi', images: [report.id] }],
      images: [{ id: report.id, blob: new Blob(['pixels']), width: 640, height: 480 }],
      tiling,
      compressImages: true,
    });
    expect(seen).toEqual([
      'pixels',
      ...[half('text'), half('vision')],
      ...['pixels', report.id, 640, 480],
      ...[tiling, true, [report.id]],
    ]);
  });

  test('tell what is wrong with an image', async () => {
    const error = toErrorData(
      new BedsideError('damaged-image', sentence`ends-early: It ends early.`, 'Export it again.'),
    );
    start({ inspectImage: async () => ({ ok: false, error }) });
    const inspecting = client.inspectImage(new Blob());
    await expect(inspecting).rejects.toMatchObject({ code: 'damaged-image', message: 'It ends early.' });
  });

  test('wait for events that arrive after the result', async () => {
    start({
      async generate(_, port) {
        setTimeout(() => {
          post(port, { kind: 'text', args: ['late', 1, [7]] });
          post(port, { kind: 'end' });
        }, 30);
        return ok(outcome);
      },
    });
    const onText = vi.fn();
    await client.generate(generateCall, { onText });
    expect(onText.mock.calls).toEqual([['late', 1, [7]]]);
  });

  test('throw the error that came as data, whole', async () => {
    const error = new BedsideError(
      'storage-full',
      sentence`no-room: There is no room.`,
      'Delete a model.',
      new Error('quota'),
    );
    start({
      async loadModel(_, port) {
        post(port, { kind: 'end' });
        return { ok: false, error: toErrorData(error) };
      },
    });
    const thrown = await client.loadModel(loadCall).catch((caught: unknown) => caught);
    expect(thrown).toBeInstanceOf(BedsideError);
    expect(toErrorData(thrown)).toEqual(toErrorData(error));
    expect(workers[0]?.isTerminated).toBe(false);
  });
});

describe('a signal', () => {
  /** Answers when it is aborted, after a moment. */
  function abortable(): Partial<EngineApi> {
    const stops = new Map<number, () => void>();
    return {
      async generate(_, port, operation) {
        post(port, { kind: 'text', args: ['Hel', 1, [7]] });
        await new Promise<void>(resolve => stops.set(operation, resolve));
        await new Promise(resolve => setTimeout(resolve, 20));
        stops.delete(operation);
        post(port, { kind: 'end' });
        return ok({ ...outcome, text: 'Hel', stopReason: 'aborted' });
      },
      async abort(operation) {
        stops.get(operation)?.();
      },
      async loadModel(_, port) {
        post(port, { kind: 'end' });
        if (stops.size === 0) return ok(info);
        return { ok: false, error: { code: 'busy', reason: 'busy', message: '', values: {}, advice: '' } };
      },
    };
  }

  test('stops an answer, which comes back with what there is', async () => {
    start(abortable());
    const abort = new AbortController();
    const answering = client.generate(generateCall, { signal: abort.signal, onText: () => abort.abort() });
    expect(await answering).toMatchObject({ text: 'Hel', stopReason: 'aborted' });
  });

  test('aborted beforehand starts nothing', async () => {
    start();
    const signal = AbortSignal.abort();
    await expect(client.generate(generateCall, { signal })).rejects.toMatchObject({ code: 'aborted' });
    await expect(client.loadModel(loadCall, { signal })).rejects.toMatchObject({ code: 'aborted' });
    expect(workers).toHaveLength(0);
  });

  test('lets the next operation begin when the one that it stopped has ended', async () => {
    start(abortable());
    const abort = new AbortController();
    let loading: Promise<ModelInfo> | undefined;
    const answering = client.generate(generateCall, {
      signal: abort.signal,
      onText: () => {
        abort.abort();
        loading = client.loadModel(loadCall);
      },
    });
    await answering;
    expect(await loading).toEqual(info);
  });
});
