// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  converse,
  FakeServices,
  flush,
  lastMessage,
  type Started,
  startApp,
} from '../testing/fake-services.ts';
import { FakeTabs } from '../testing/fake-tabs.ts';
import { watchPage } from './watch-page.ts';

let started: Started;
let stop: () => void;

beforeEach(async () => {
  started = await startApp();
  stop = watchPage(started.app);
});

afterEach(() => {
  stop();
  vi.restoreAllMocks();
});

const hide = () => {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
  document.dispatchEvent(new Event('visibilitychange'));
};

test.each<[string, () => void]>([
  ['hidden', hide],
  ['frozen', () => document.dispatchEvent(new Event('freeze'))],
  ['left', () => window.dispatchEvent(new Event('pagehide'))],
])('a page that is %s has stored every word by then', async (_, leave) => {
  const { app, engine, services } = started;
  void app.chatController.send('a question');
  await flush();
  engine.lastAnswer.write('Half ', 'an answer');
  leave();
  await flush();
  const { id } = app.chat.getState().tree.conversation;
  const stored = await services.conversations.loadConversation(id);
  expect(stored?.messages.at(-1)).toMatchObject({ text: 'Half an answer', tokenIds: [1, 2] });
  // A page that comes up with that alone can go on with it.
  const next = await startApp(new FakeServices({}, new FakeTabs(), services.conversations));
  await next.app.chatController.open(id);
  void next.app.chatController.continueAnswer(lastMessage(next.app).id);
  await flush();
  expect(next.engine.lastAnswer.call.begun).toEqual({ text: 'Half an answer', tokenIds: [1, 2] });
});

test('with nothing being written there is nothing to store', async () => {
  const { services } = started;
  hide();
  await flush();
  expect(services.conversations.saves).toEqual([]);
});

test('a page that is left asks first where something could not be stored, and only then', async () => {
  const { app, services } = started;
  const leave = () => window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
  await converse(started, 'one', 'First.');
  expect(leave()).toBe(true);
  services.conversations.failure = 'storage-full';
  await converse(started, 'two', 'Second.');
  expect(leave()).toBe(false);
  services.conversations.failure = null;
  await app.debts.tryAgain();
  expect(leave()).toBe(true);
});
