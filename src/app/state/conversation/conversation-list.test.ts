// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from 'vitest';
import { type Conversation, createConversation } from '../../../client/index.ts';
import {
  converse,
  flush,
  lastMessage,
  type Started,
  shownPath,
  startApp,
} from '../../testing/fake-services.ts';
import { groupByDate } from './group-by-date.ts';

let started: Started;

beforeEach(async () => {
  started = await startApp();
});

const titles = () =>
  started.app.conversationList.getState().conversations.map(conversation => conversation.title);
const shownId = () => started.app.chat.getState().tree.conversation.id;

test('what is deleted can be brought back, exactly as it was', async () => {
  const { app } = started;
  await converse(started, 'one', 'First.');
  const before = app.chat.getState().tree;
  await app.chatController.remove(shownId());
  expect(titles()).toEqual([]);
  expect(shownPath(app)).toEqual([]);
  const [toast] = app.ui.getState().toasts;
  expect(toast?.text).toBe('“one” was moved to the bin.');
  expect(toast?.action?.label).toBe('Undo');
  toast?.action?.run();
  await flush();
  expect(titles()).toEqual(['one']);
  expect(app.chat.getState().tree).toEqual(before);
});

test('deleting another conversation leaves the one that is shown', async () => {
  const { app } = started;
  await converse(started, 'one', 'First.');
  const first = shownId();
  app.chatController.newChat();
  await converse(started, 'two', 'Second.');
  await app.chatController.remove(first);
  expect(titles()).toEqual(['two']);
  expect(lastMessage(app).text).toBe('Second.');
});

test('deleting the conversation that is being answered stops the answer first', async () => {
  const { app, engine } = started;
  const sent = app.chatController.send('one');
  await flush();
  engine.lastAnswer.write('Half');
  await app.chatController.remove(shownId());
  await sent;
  expect(engine.lastAnswer.call.signal?.aborted).toBe(true);
  expect(app.chat.getState().run).toBeNull();
  expect(titles()).toEqual([]);
  app.ui.getState().toasts[0]?.action?.run();
  await flush();
  expect(lastMessage(app)).toMatchObject({ text: 'Half', stopReason: 'aborted' });
});

test('all are deleted, with the answer being written, and none comes back', async () => {
  const { app, services } = started;
  await converse(started, 'one', 'First.');
  app.chatController.newChat();
  const sent = app.chatController.send('two');
  await flush();
  await app.chatController.removeAll();
  await sent;
  await flush();
  expect(titles()).toEqual([]);
  expect(shownPath(app)).toEqual([]);
  expect(await services.conversations.listConversations()).toEqual([]);
  expect(app.chat.getState().run).toBeNull();
});

test('a new title stays, also while the conversation is answered', async () => {
  const { app, engine } = started;
  const sent = app.chatController.send('one');
  await flush();
  const id = shownId();
  await app.chatController.rename(id, '  Asthma  ');
  await app.chatController.rename(id, '   ');
  expect(titles()).toEqual(['Asthma']);
  engine.lastAnswer.finish();
  await sent;
  expect(titles()).toEqual(['Asthma']);
  expect(app.chat.getState().tree.conversation.title).toBe('Asthma');
});

test('a new title given while another conversation is shown survives the end of the answer', async () => {
  const { app, engine } = started;
  const sent = app.chatController.send('one');
  await flush();
  const id = shownId();
  app.chatController.newChat();
  await app.chatController.rename(id, 'Asthma');
  engine.lastAnswer.finish();
  await sent;
  expect(titles()).toEqual(['Asthma']);
});

test('a toast goes away by itself', () => {
  vi.useFakeTimers();
  const { ui } = started.app;
  ui.getState().showToast('a', undefined, 1000);
  ui.getState().showToast('b', undefined, 2000);
  vi.advanceTimersByTime(1500);
  expect(ui.getState().toasts.map(({ text }) => text)).toEqual(['b']);
  vi.useRealTimers();
});

test('conversations are listed under the days a person would name', () => {
  const now = new Date(2026, 4, 20, 9, 30).getTime();
  const at = (...when: [number, number, number, number, number]): Conversation => ({
    ...createConversation({ now: new Date(...when).getTime() }).conversation,
  });
  const groups = groupByDate(
    [
      at(2025, 11, 31, 23, 59),
      at(2026, 4, 20, 0, 0),
      at(2026, 4, 19, 23, 59),
      at(2026, 4, 20, 9, 0),
      at(2026, 4, 14, 12, 0),
      at(2026, 3, 25, 12, 0),
    ],
    now,
  );
  expect(groups.map(group => [group.label, group.conversations.length])).toEqual([
    ['Today', 2],
    ['Yesterday', 1],
    ['Last 7 days', 1],
    ['Last 30 days', 1],
    ['December 2025', 1],
  ]);
});
