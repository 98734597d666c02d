// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  converse,
  FakeServices,
  flush,
  lastMessage,
  type Started,
  shownPath,
  startApp,
} from '../../testing/fake-services.ts';
import { changeDraft, draftOf } from '../drafts/draft-store.ts';
import { partialSaveIntervalMs } from './partial-saver.ts';

let started: Started;

beforeEach(async () => {
  started = await startApp();
});

afterEach(() => {
  vi.useRealTimers();
});

const titles = () => started.app.conversationList.getState().conversations.map(({ title }) => title);
const shownId = () => started.app.chat.getState().tree.conversation.id;
const toasts = () => started.app.ui.getState().toasts.map(({ text }) => text);
const storage = () => started.app.storage.getState();

test.each(['storage-full', 'storage-unavailable'] as const)(
  '%s while an answer is written: one report, nothing lost, and all of it stored once that works',
  async code => {
    vi.useFakeTimers();
    const { app, engine, services } = started;
    const reports: unknown[] = [];
    app.storage.subscribe(({ problem }, before) => {
      if (problem !== before.problem) reports.push(problem?.code ?? 'ended');
    });
    services.conversations.failure = code;
    const sent = app.chatController.send('one');
    await vi.advanceTimersByTimeAsync(0);
    for (let i = 0; i < 22; i++) {
      engine.lastAnswer.write(`word${i} `);
      await vi.advanceTimersByTimeAsync(partialSaveIntervalMs);
    }
    engine.lastAnswer.finish();
    await sent;
    expect(reports).toEqual([code]);
    expect(toasts()).toEqual([]);
    expect(storage().hasUnsaved).toBe(true);
    expect(titles()).toEqual(['one']);
    const tree = app.chat.getState().tree;
    expect(app.listUnsaved()).toEqual([tree]);
    services.conversations.failure = null;
    // By itself.
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await services.conversations.loadConversation(shownId())).toEqual(tree);
    expect(reports).toEqual([code, 'ended']);
    expect(storage()).toMatchObject({ problem: null, hasUnsaved: false });
  },
);

test('what is not stored can be left and opened again, and is asked on', async () => {
  const { app, services } = started;
  services.conversations.failure = 'storage-unavailable';
  await converse(started, 'one', 'First.');
  const id = shownId();
  app.chatController.newChat();
  await app.chatController.open(id);
  expect(shownPath(app).map(({ text }) => text)).toEqual(['one', 'First.']);
  services.conversations.failure = null;
  await converse(started, 'two', 'Second.');
  await flush();
  const stored = await services.conversations.loadConversation(id);
  expect(stored?.messages.map(({ text }) => text)).toEqual(['one', 'First.', 'two', 'Second.']);
  expect(storage().problem).toBeNull();
});

test('a deletion that is refused did not happen: shown, listed, written on, and no other tab hears of it', async () => {
  const { app, engine, services } = started;
  const other = await startApp(new FakeServices({}, services.tabs, services.conversations));
  await converse(started, 'one', 'First.');
  const id = shownId();
  await other.app.chatController.open(id);
  const sent = app.chatController.send('two');
  await flush();
  engine.lastAnswer.write('Half');
  services.conversations.failure = 'storage-unavailable';
  await app.chatController.remove(id);
  services.conversations.failure = null;
  expect(shownId()).toBe(id);
  expect(app.chat.getState().run).not.toBeNull();
  expect(titles()).toEqual(['one']);
  expect(toasts()).toEqual([
    expect.stringMatching(/^Nothing was deleted\. What happened: storage-unavailable/),
  ]);
  engine.lastAnswer.write(' and half.');
  engine.lastAnswer.finish();
  await sent;
  await flush();
  expect(lastMessage(app)).toMatchObject({ text: 'Half and half.', stopReason: 'end' });
  expect(shownPath(other.app).map(({ text }) => text)).toEqual(['one', 'First.', 'two', 'Half and half.']);
  // The other tab still saves it.
  await other.app.chatController.rename(id, 'Renamed');
  await other.app.chatController.switchBranch(lastMessage(other.app).id, 1);
  expect((await services.conversations.loadConversation(id))?.conversation.title).toBe('Renamed');
  await other.app.modelSuspension.bringHere();
  await converse(other, 'three', 'Third.');
  expect((await services.conversations.loadConversation(id))?.messages.at(-1)?.text).toBe('Third.');
});

test('deleting all, refused, leaves all as it was, in every tab', async () => {
  const { app, engine, services } = started;
  const other = await startApp(new FakeServices({}, services.tabs, services.conversations));
  await converse(started, 'one', 'First.');
  await other.app.chatController.open(shownId());
  const sent = app.chatController.send('two');
  await flush();
  services.conversations.failure = 'storage-unavailable';
  await app.chatController.removeAll();
  services.conversations.failure = null;
  engine.lastAnswer.write('Second.');
  engine.lastAnswer.finish();
  await sent;
  await flush();
  for (const tab of [app, other.app]) {
    expect(shownPath(tab).map(({ text }) => text)).toEqual(['one', 'First.', 'two', 'Second.']);
    expect(tab.conversationList.getState().conversations).toHaveLength(1);
  }
});

test('an undo that is refused is made up for, with the image', async () => {
  const { app, services } = started;
  await converse(started, 'one', 'First.');
  const id = shownId();
  const image = {
    v: 1 as const,
    id: 'a'.repeat(64),
    conversationId: id,
    name: 'a.png',
    mediaType: 'image/png',
    blob: new Blob(['x']),
    width: 1,
    height: 1,
    isAnimated: false,
    createdAt: 1,
  };
  await services.conversations.saveImages(image);
  await app.chatController.remove(id);
  services.conversations.failure = 'storage-full';
  app.ui.getState().toasts.at(-1)?.action?.run();
  await flush();
  expect(shownPath(app).map(({ text }) => text)).toEqual(['one', 'First.']);
  expect(titles()).toEqual(['one']);
  services.conversations.failure = null;
  await app.debts.tryAgain();
  expect((await services.conversations.loadConversation(id))?.messages).toHaveLength(2);
  expect([...services.conversations.images.values()]).toEqual([image]);
});

test('an undo that was refused writes nothing over what another tab has stored since it was made up for', async () => {
  const { app, services } = started;
  const other = await startApp(new FakeServices({}, services.tabs, services.conversations));
  await converse(started, 'one', 'First.');
  const id = shownId();
  await app.chatController.remove(id);
  services.conversations.failure = 'storage-full';
  app.ui.getState().toasts.at(-1)?.action?.run();
  await flush();
  services.conversations.failure = null;
  await app.debts.tryAgain();
  const rating = { verdict: 'unsafe' as const, note: 'Dose', ratedAt: 1 };
  await other.app.chatController.open(id);
  const { conversation } = other.app.chat.getState().tree;
  await other.app.answerParts.conversationList.save(conversation, { ...lastMessage(other.app), rating });
  await flush();
  await app.modelSuspension.bringHere();
  await converse(started, 'two', 'Second.');
  await flush();
  const stored = await services.conversations.loadConversation(id);
  expect(stored?.messages.map(({ text }) => text)).toEqual(['one', 'First.', 'two', 'Second.']);
  expect(stored?.messages[1]?.rating).toEqual(rating);
});

test('an undo of what another tab has put back already replaces nothing of it', async () => {
  const { app, services } = started;
  const other = await startApp(new FakeServices({}, services.tabs, services.conversations));
  await converse(started, 'one', 'First.');
  const id = shownId();
  changeDraft(app.drafts, id, { text: 'Not sent' });
  await app.chatController.remove(id);
  await flush();
  await other.app.listController.restore(id);
  await flush();
  expect(titles()).toEqual(['one']);
  changeDraft(app.drafts, id, { text: 'Written since' });
  app.ui.getState().toasts.at(-1)?.action?.run();
  await flush();
  expect(titles()).toEqual(['one']);
  expect(draftOf(app.drafts.getState(), id).text).toBe('Written since');
});

test('a title that is refused holds, and is stored later', async () => {
  const { app, services } = started;
  await converse(started, 'one', 'First.');
  const id = shownId();
  services.conversations.failure = 'storage-unavailable';
  await app.chatController.rename(id, 'Asthma');
  expect(titles()).toEqual(['Asthma']);
  services.conversations.failure = null;
  await app.debts.tryAgain();
  expect((await services.conversations.loadConversation(id))?.conversation.title).toBe('Asthma');
});

test('a title given before the first save was possible is stored with it', async () => {
  const { app, services } = started;
  services.conversations.failure = 'storage-unavailable';
  await converse(started, 'one', 'First.');
  const id = shownId();
  await app.chatController.rename(id, 'Asthma');
  services.conversations.failure = null;
  await app.debts.tryAgain();
  expect((await services.conversations.loadConversation(id))?.conversation.title).toBe('Asthma');
});

test('a list that could not be read is read once it can be', async () => {
  const services = new FakeServices();
  await converse(await startApp(services), 'one', 'First.');
  const late = new FakeServices({}, undefined, services.conversations);
  services.conversations.failure = 'storage-unavailable';
  started = await startApp(late);
  expect(titles()).toEqual([]);
  expect(storage()).toMatchObject({ problem: { code: 'storage-unavailable' }, hasUnsaved: false });
  services.conversations.failure = null;
  await started.app.debts.tryAgain();
  expect(titles()).toEqual(['one']);
});

test('what was deleted in another tab meanwhile is not stored when storage works again', async () => {
  const { app, services } = started;
  const other = await startApp(new FakeServices({}, services.tabs, services.conversations));
  await converse(started, 'one', 'First.');
  const id = shownId();
  services.conversations.failure = 'storage-full';
  await converse(started, 'two', 'Second.');
  services.conversations.failure = null;
  await other.app.chatController.remove(id);
  await app.debts.tryAgain();
  await flush();
  expect(await services.conversations.listConversations()).toEqual([]);
  expect(storage()).toMatchObject({ problem: null, hasUnsaved: false });
});

test.each([1, 50])(
  '%d partial saves make another tab, which shows the conversation, read nothing',
  async saves => {
    const { app, engine, services } = started;
    const other = await startApp(new FakeServices({}, services.tabs, services.conversations));
    await converse(started, 'one', 'First.');
    await other.app.chatController.open(shownId());
    vi.useFakeTimers();
    const before = { ...services.conversations.reads };
    const sent = app.chatController.send('two');
    await vi.advanceTimersByTimeAsync(0);
    for (let i = 0; i < saves; i++) {
      engine.lastAnswer.write(`${i} `);
      await vi.advanceTimersByTimeAsync(partialSaveIntervalMs);
    }
    const written = lastMessage(other.app).text;
    expect(written.split(' ').filter(Boolean)).toHaveLength(saves);
    engine.lastAnswer.finish();
    await sent;
    expect(services.conversations.saves.length).toBeGreaterThan(saves);
    expect(services.conversations.reads).toEqual(before);
    expect(other.app.chat.getState().tree.messages).toEqual(app.chat.getState().tree.messages);
  },
);
