import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import {
  deviceLost,
  type FakeEngine,
  failure,
  newestOperation,
  setUp,
  usage,
} from '../../../test/support/fake-worker.ts';
import { BedsideError } from '../../engine/errors.ts';
import { sentence } from '../../engine/sentence.ts';
import type { ModelInfo } from '../../engine/types/model.ts';
import { greedySampling } from '../../engine/types/sampling.ts';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

test('inspectImage says what a file is, without a model', async () => {
  const { api } = setUp();
  expect(await api.inspectImage(new Blob(['x']))).toMatchObject({
    ok: true,
    value: {
      report: {
        // SHA-256 of "x".
        id: '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881',
        format: 'png',
        width: 640,
        height: 480,
        isAnimated: false,
      },
      blob: { size: 1, type: 'image/png' },
    },
  });
});

test('inspectImage reads a file once: one that vanishes afterwards is whole', async () => {
  const { api } = setUp();
  const file = new Blob(['x']);
  const read = file.arrayBuffer.bind(file);
  let reads = 0;
  file.arrayBuffer = async () => {
    reads += 1;
    if (reads > 1) throw new DOMException('The file is gone.', 'NotReadableError');
    return read();
  };
  const result = await api.inspectImage(file);
  expect(result.ok && (await result.value.blob.text())).toBe('x');
});

describe('generate', () => {
  test('sends the text in order, closes the port, and names the model and what computed', async () => {
    const { load, generate } = setUp();
    await load();
    const { result, events } = await generate();
    expect(result).toMatchObject({
      ok: true,
      value: { text: 'Hello', model: 'm0', stopReason: 'end', computedOn: { kind: 'gpu' } },
    });
    const text = events.flatMap(event => (event.kind === 'text' ? [event.args[0]] : [])).join('');
    expect(text).toBe('Hello');
    expect(events[0]).toEqual({ kind: 'prefill', args: [1, 1] });
    expect(events.at(-1)).toEqual({ kind: 'end' });
  });

  test('needs a model', async () => {
    const { load, generate, api } = setUp();
    expect((await generate()).result).toEqual(failure('no-model'));
    await load();
    expect(await api.unloadModel()).toEqual({ ok: true, value: undefined });
    expect((await generate()).result).toEqual(failure('no-model'));
    expect(await api.loadedModel()).toEqual({ ok: true, value: null });
  });

  test('hands its request on as it is', async () => {
    const answer = vi.fn<FakeEngine['answer']>(async () => ({
      text: '',
      stopReason: 'end',
      usage,
      ids: [7, 8],
      prompt: { parts: [], ids: [] },
      droppedMessages: 0,
      contextTokens: 8,
      usedTokens: 1,
    }));
    const { load, generate } = setUp({ answer });
    await load();
    await generate({ system: 'Be brief.', stopStrings: ['###'] });
    expect(answer.mock.calls[0]?.[1]).toEqual({
      template: 'raw',
      includeHistory: false,
      messages: [{ role: 'user', text: 'Hi' }],
      sampling: greedySampling,
      maxTokens: 5,
      system: 'Be brief.',
      stopStrings: ['###'],
    });
  });
});

test('showPrompt gives the prompt of the loaded model', async () => {
  const { api, load } = setUp();
  const request = {
    template: 'raw',
    includeHistory: true,
    messages: [{ role: 'user', text: 'Hi' }],
    sampling: greedySampling,
    maxTokens: 5,
  } as const;
  const asked = { ...request, messages: [...request.messages] };
  expect(await api.showPrompt(asked)).toEqual({ ok: true, value: null });
  await load();
  expect(await api.showPrompt(asked)).toMatchObject({
    ok: true,
    value: { text: 'Hi', parts: [{ text: 'Hi', special: false }] },
  });
});

/** An engine whose answer says "Hel" and then waits for the signal. */
const waitingAnswer: FakeEngine['answer'] = (_, __, { signal, onText }) =>
  new Promise(resolve => {
    onText?.('Hel', 1, [7]);
    signal?.addEventListener('abort', () =>
      resolve({
        text: 'Hel',
        stopReason: 'aborted',
        usage,
        ids: [7, 8],
        prompt: { parts: [], ids: [] },
        droppedMessages: 0,
        contextTokens: 8,
        usedTokens: 2,
      }),
    );
  });

test('one operation at a time; others are told that it is busy', async () => {
  const { load, generate, api } = setUp({ answer: waitingAnswer });
  await load();
  const answering = generate();
  const operation = newestOperation();
  const busy = await generate();
  expect(busy.result).toEqual(failure('busy'));
  expect(busy.events).toEqual([{ kind: 'end' }]);
  expect((await load()).result).toEqual(failure('busy'));
  expect(await api.unloadModel()).toEqual(failure('busy'));
  await api.abort(operation + 100); // not this one
  await api.abort(operation);
  const { result, events } = await answering;
  expect(result).toMatchObject({ ok: true, value: { text: 'Hel', stopReason: 'aborted' } });
  expect(events).toContainEqual({ kind: 'text', args: ['Hel', 1, [7]] });
});

describe('a lost device', () => {
  test('during an answer: the answer fails, the next load starts afresh', async () => {
    let isFirst = true;
    const { load, generate, devices, models } = setUp({
      async answer(model, request, events) {
        if (!isFirst) return waitingAnswer(model, request, events);
        isFirst = false;
        events.onText?.('Hel', 1, [7]);
        model.device.lose();
        throw deviceLost();
      },
    });
    await load();
    const { result, events } = await generate();
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'device-lost', advice: 'Load the model again.' },
    });
    expect(events).toContainEqual({ kind: 'text', args: ['Hel', 1, [7]] });
    expect(models[0]?.isDestroyed).toBe(true);
    expect(devices[0]?.isDestroyed).toBe(true);
    expect((await generate()).result).toEqual(failure('device-lost'));
    expect((await load()).result.ok).toBe(true);
    expect(devices).toHaveLength(2);
    expect(models[1]?.device).toBe(devices[1]);
  });

  test('between answers: the page is told, and the next answer says why there is no model', async () => {
    const { load, generate, devices, models, api } = setUp();
    const { port1, port2 } = new MessageChannel();
    const told = new Promise<unknown>(resolve => {
      port1.onmessage = ({ data }) => resolve(data);
    });
    await api.watchModel(port2);
    await load();
    devices[0]?.lose();
    expect(await told).toMatchObject({ code: 'device-lost', advice: 'Load the model again.' });
    port1.close();
    await vi.waitFor(() => expect(models[0]?.isDestroyed).toBe(true));
    expect(await api.loadedModel()).toEqual({ ok: true, value: null });
    expect((await generate()).result).toEqual(failure('device-lost'));
    expect((await load()).result.ok).toBe(true);
    expect((await generate()).result.ok).toBe(true);
  });

  test('during a load: the load fails and the next one gets a new device', async () => {
    let isFirst = true;
    const { load, devices } = setUp({
      loadModel: async device => {
        if (isFirst) {
          isFirst = false;
          device.lose();
          await device.lost;
        }
        return { device, info: { name: 'm' } as ModelInfo, isDestroyed: false, destroy: () => undefined };
      },
    });
    expect((await load()).result).toEqual(failure('device-lost'));
    expect((await load()).result.ok).toBe(true);
    expect(devices).toHaveLength(2);
  });

  test('a device that reported an error is not used again', async () => {
    const { load, generate, devices } = setUp({
      async answer(model) {
        model.device.failed = true;
        throw new BedsideError(
          'gpu-error',
          sentence`driver-error: The driver reported an error.`,
          'Load the model again.',
        );
      },
    });
    await load();
    expect((await generate()).result).toEqual(failure('gpu-error'));
    expect(devices[0]?.isDestroyed).toBe(true);
    expect((await generate()).result).toEqual(failure('gpu-error'));
    expect((await load()).result.ok).toBe(true);
    expect(devices).toHaveLength(2);
  });
});

describe('what reads again', () => {
  const request = {
    template: 'raw',
    includeHistory: false,
    messages: [{ role: 'user', text: 'What?' }],
    sampling: greedySampling,
    maxTokens: 8,
  } satisfies Parameters<FakeEngine['answer']>[1];

  test('several answers come with what wrote them, and each text is told', async () => {
    const { api, load, operate } = setUp();
    expect((await operate(api.sample, { request, seeds: [1, 2] })).result).toEqual(failure('no-model'));
    await load();
    const { result, events } = await operate(api.sample, { request, seeds: [1, 2] });
    expect(result).toMatchObject({ ok: true, value: { model: 'm0', computedOn: { kind: 'gpu' } } });
    expect(events).toContainEqual({ kind: 'text', args: [1, 'Hello', 2] });
  });

  test('tokens are scored, and letters', async () => {
    const { api, load, operate } = setUp();
    const asked = { request, promptIds: [1], ids: [7, 8] };
    expect((await operate(api.scoreTokens, asked)).result).toEqual(failure('no-model'));
    await load();
    const { result, events } = await operate(api.scoreTokens, asked);
    expect(result).toMatchObject({ ok: true, value: { tokens: [{ id: 7 }, { id: 8 }] } });
    expect(events).toContainEqual({ kind: 'scored', args: [2, 2] });
    expect((await operate(api.scoreLetters, { request, letters: ['A', 'B'] })).result).toMatchObject({
      ok: true,
      value: { letters: [{ letter: 'A' }, { letter: 'B' }] },
    });
  });
});
