// @vitest-environment jsdom
/** Where the parts of the page meet: drafts, deletions, other tabs, recovery and storage that refuses. */
import { beforeEach, expect, test } from 'vitest';
import { watchPage } from '../shell/watch-page.ts';
import {
  converse,
  FakeServices,
  flush,
  imageFile,
  lastMessage,
  type Started,
  shownPath,
  startApp,
} from '../testing/fake-services.ts';
import { changeDraft, draftOf } from './drafts/draft-store.ts';

let started: Started;

beforeEach(async () => {
  localStorage.clear();
  started = await startApp();
});

const toasts = () => started.app.ui.getState().toasts.map(({ text }) => text);
const shownId = ({ app }: Started = started) => app.chat.getState().tree.conversation.id;
const undo = () =>
  started.app.ui
    .getState()
    .toasts.findLast(({ action }) => action)
    ?.action?.run();
const texts = ({ app }: Started = started) => shownPath(app).map(({ text }) => text);

/** Another page over the same storage. */
function openAnother({ services }: Started = started): Promise<Started> {
  const { tabs, conversations, settings, draftRecords } = services;
  return startApp(new FakeServices({}, tabs, conversations, settings, draftRecords));
}

test('a new chat that was shown while another tab deleted all is stored like any other', async () => {
  const { app, services } = started;
  const other = await openAnother();
  await other.app.chatController.removeAll();
  await flush();
  await converse(started, 'one', 'First.');
  await flush();
  expect(app.conversationList.getState().conversations.map(({ title }) => title)).toEqual(['one']);
  expect((await services.conversations.loadConversation(shownId()))?.messages).toHaveLength(2);
});

test('stopped while its model is brought back, an answer says which model wrote what there is of it', async () => {
  const { app, engine } = started;
  engine.loadsAtOnce = false;
  const sent = app.chatController.send('one');
  await flush();
  engine.lastAnswer.write('Half an');
  engine.loaded = null;
  engine.lastAnswer.fail('device-lost');
  await flush();
  app.chatController.stop();
  engine.lastLoad.finish();
  await sent;
  expect(lastMessage(app)).toMatchObject({
    text: 'Half an',
    stopReason: 'aborted',
    model: 'Nano',
    modelKind: 'demonstration',
  });
});

test('an image that was still being read when its conversation was deleted is read after the undo', async () => {
  const { app, engine } = started;
  await converse(started, 'one', 'First.');
  const id = shownId();
  engine.readsAtOnce = false;
  app.attachmentsController.add([imageFile('a.png')]);
  await flush();
  await app.chatController.remove(id);
  engine.finishReading();
  await flush();
  undo();
  await flush();
  engine.finishReading();
  await flush();
  expect(draftOf(app.drafts.getState(), id).attachments).toMatchObject([{ name: 'a.png', status: 'ready' }]);
});

test('a conversation that cannot be read now is not shown as an empty one because something waits in it', async () => {
  const { app, services } = started;
  await converse(started, 'one', 'First.');
  const id = shownId();
  changeDraft(app.drafts, id, { text: 'Not sent' });
  app.chatController.newChat();
  services.conversations.failure = 'storage-unavailable';
  expect(await app.chatController.open(id)).toBe(false);
  expect(shownId()).not.toBe(id);
  services.conversations.failure = null;
  expect(await app.chatController.open(id)).toBe(true);
  expect(texts()).toEqual(['one', 'First.']);
});

test.each<[string, (id: string, other: Started) => Promise<unknown>]>([
  ['its conversation', (id, { app }) => app.chatController.remove(id)],
  ['everything', (_, { app }) => app.chatController.removeAll()],
])('what a page typed last does not come back once %s was deleted', async (_, remove) => {
  await converse(started, 'one', 'First.');
  const id = shownId();
  const other = await openAnother();
  await other.app.chatController.open(id);
  const { draftRecords } = started.services;
  const save = draftRecords.saveDraft.bind(draftRecords);
  draftRecords.saveDraft = () => new Promise(() => undefined);
  changeDraft(started.app.drafts, id, { text: 'Typed last' });
  const stop = watchPage(started.app);
  window.dispatchEvent(new Event('pagehide'));
  stop();
  await flush();
  // It is gone: it writes nothing, and hears nothing.
  draftRecords.saveDraft = save;
  started.services.conversationNews.listen(() => undefined);
  expect(Object.keys(localStorage).filter(key => key.includes(id))).toHaveLength(1);
  await remove(id, other);
  await other.app.draftKeeper.flush();
  const next = await openAnother();
  expect(draftOf(next.app.drafts.getState(), id).text).toBe('');
  expect(Object.keys(localStorage).filter(key => key.includes(id))).toEqual([]);
});

test('a question that storage refuses stays a draft there until it is stored', async () => {
  const { app, engine, services } = started;
  const id = shownId();
  changeDraft(app.drafts, id, { text: 'one' });
  await app.draftKeeper.flush();
  services.conversations.failure = 'storage-full';
  const sent = app.chatController.send('one');
  await flush();
  await app.draftKeeper.flush();
  expect(services.draftRecords.drafts.get(id)?.text).toBe('one');
  services.conversations.failure = null;
  engine.lastAnswer.write('First.');
  engine.lastAnswer.finish();
  await sent;
  await app.debts.tryAgain();
  await app.draftKeeper.flush();
  await flush();
  expect(services.draftRecords.drafts.get(id)).toBeUndefined();
  expect((await services.conversations.loadConversation(id))?.messages).toHaveLength(2);
});

test('what was owed and then deleted is not said to be stored', async () => {
  const { app, services } = started;
  services.conversations.failure = 'storage-full';
  await converse(started, 'one', 'First.');
  services.conversations.deleteConversation = async () => undefined;
  await app.chatController.remove(shownId());
  expect(app.storage.getState().problem).toBeNull();
  expect(toasts()).not.toContain('Storage works again: what had waited is stored.');
});
