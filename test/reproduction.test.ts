// @vitest-environment jsdom
/** Answers of a real model on the processor: recorded, and computed again. */
import { Blob as NodeBlob } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { App } from '../src/app/state/create-app.ts';
import { FakeServices, flush, lastMessage, startApp } from '../src/app/testing/fake-services.ts';
import { type AnswerRecord, computedOn, type Message, unpackIds } from '../src/client/index.ts';
import { bytesSource } from '../src/engine/formats/byte-source.ts';
import { answer } from '../src/engine/generation/answer.ts';
import { type LanguageModel, loadModel } from '../src/engine/loading/load-model.ts';
import { bundledModel } from './support/data.ts';
import { openProcessor } from './support/processor.ts';

let model: LanguageModel;
let services: FakeServices;
let app: App;

beforeAll(async () => {
  // That of jsdom cannot be streamed, as the kernels are.
  vi.stubGlobal('Blob', NodeBlob);
  const device = await openProcessor();
  model = await loadModel(device, bytesSource(readFileSync(bundledModel)), {
    precision: 'f32',
    contextTokens: 512,
  });
});
afterAll(() => model?.device.destroy());

beforeEach(async () => {
  services = new FakeServices({ maxTokens: 40 });
  services.engine.generate = async (request, events) => {
    const { keptTokens: _, ...outcome } = await answer(model, request, events);
    return { ...outcome, model: 'nano', computedOn: computedOn(model.info.device) };
  };
  ({ app } = await startApp(services));
});

async function ask(question: string): Promise<Message> {
  await app.chatController.send(question);
  return lastMessage(app);
}

async function recordOf(message: Message): Promise<AnswerRecord> {
  const record = await app.reproducer.load(message);
  expect(record).toBeDefined();
  return record!;
}

const reproduce = (message: Message, record: AnswerRecord, signal = new AbortController().signal) =>
  app.reproducer.reproduce(message, record, { signal, onTokens: () => undefined });

const drawn = {
  temperature: 0.9,
  topK: 40,
  topP: 0.95,
  minP: 0,
  repetitionPenalty: 1.1,
  repetitionWindow: 64,
};

test('the record holds the prompt to the letter, its ids, and those of the answer', async () => {
  const message = await ask('What is asthma?');
  const { prompt, answer: tokens, model: writer, request } = await recordOf(message);
  const text = prompt.parts.map(part => part.text).join('');
  expect(text).toContain('What is asthma?');
  expect(prompt.parts.filter(({ special }) => !special).map(part => part.text)).toContain('What is asthma?');
  const ids = unpackIds(prompt.ids)!;
  expect(ids).toHaveLength(message.usage!.promptTokens);
  // The start piece is a part of its own.
  expect(model.tokenizer.encodeParts(prompt.parts)).toEqual(ids);
  const answered = model.tokenizer.decode(unpackIds(tokens.ids)!, { stripLeadingSpace: true });
  expect(answered).toBe(message.text);
  expect(writer.name).toBe(message.model);
  expect(request).toMatchObject({ maxTokens: 40, begunTokens: 0, includeHistory: false });
});

test.each([
  ['the most likely words', { ...drawn, temperature: 0, seed: 0 }],
  ['words that are drawn', { ...drawn, seed: 11 }],
])('%s come out identical again, and nothing of the conversation changes', async (_, sampling) => {
  await app.settingsController.update({ sampling });
  const message = await ask('What are the symptoms of melanoma?');
  const tree = app.chat.getState().tree;
  const record = await recordOf(message);
  // Something else has been in the cache since.
  model.cache.truncate(0);
  const comparison = await reproduce(message, record);
  expect(comparison).toMatchObject({ promptPartsAt: null, partsAt: null, computed: message.text });
  expect(comparison.tokens).toBe(message.usage!.generatedTokens);
  expect(app.chat.getState().tree).toBe(tree);
});

test('another seed parts from it, and where is said', async () => {
  await app.settingsController.update({ sampling: { ...drawn, seed: 11 } });
  const message = await ask('What is osteoporosis?');
  const record = await recordOf(message);
  const other = { ...record, request: { ...record.request, sampling: { ...drawn, seed: 12 } } };
  const { partsAt, promptPartsAt, computed, recorded } = await reproduce(message, other);
  expect(promptPartsAt).toBeNull();
  expect(partsAt).toBeGreaterThanOrEqual(0);
  expect(recorded).toBe(message.text);
  expect(computed).not.toBe(recorded);
});

test('a prompt that is not the same any more is told from an answer that parts', async () => {
  const message = await ask('What is asthma?');
  const record = await recordOf(message);
  const other = { ...record, request: { ...record.request, template: 'chatml' as const } };
  expect((await reproduce(message, other)).promptPartsAt).not.toBeNull();
});

test('an answer that was stopped is computed as far as it went', async () => {
  const sent = app.chatController.send('What is asthma?');
  while ((app.chat.getState().run?.tokenIds.length ?? 0) < 3) await flush();
  app.chatController.stop();
  await sent;
  const message = lastMessage(app);
  expect(message.stopReason).toBe('aborted');
  const comparison = await reproduce(message, await recordOf(message));
  expect(comparison).toMatchObject({ promptPartsAt: null, partsAt: null });
});

test('it can be stopped, and says so instead of a result', async () => {
  const message = await ask('What is asthma?');
  const record = await recordOf(message);
  const stop = new AbortController();
  const reproducing = app.reproducer.reproduce(message, record, {
    signal: stop.signal,
    onTokens: () => stop.abort(),
  });
  await expect(reproducing).rejects.toMatchObject({ name: 'AbortError' });
});

test('where another model is loaded, it is refused in words', async () => {
  const message = await ask('What is asthma?');
  const record = await recordOf(message);
  await app.modelController.choose({ entry: services.catalogue[1]!, files: null });
  await expect(reproduce(message, record)).rejects.toMatchObject({
    code: 'no-model',
    message: `${record.model.name} wrote this answer, and it is not loaded.`,
  });
});

test('a record is gone with its conversation, and comes back with it', async () => {
  const { conversationId } = await ask('What is asthma?');
  expect(services.conversations.answerRecords.size).toBe(1);
  await app.chatController.remove(conversationId);
  expect([...services.conversations.answerRecords.values()]).toEqual([]);
  app.ui.getState().toasts.at(-1)?.action?.run();
  await expect.poll(() => services.conversations.answerRecords.size).toBe(1);
});
