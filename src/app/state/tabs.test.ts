// @vitest-environment jsdom
import { beforeEach, expect, test } from 'vitest';
import {
  converse,
  FakeServices,
  flush,
  lastMessage,
  type Started,
  shownPath,
  startApp,
} from '../testing/fake-services.ts';
import { statusOf } from './chat/answer-status.ts';

let first: Started;
let second: Started;
const life = ({ app }: Started) => app.life.getState().life;
const texts = ({ app }: Started) => shownPath(app).map(({ text }) => text);

beforeEach(async () => {
  first = await startApp();
  const { tabs, conversations } = first.services;
  second = await startApp(new FakeServices({}, tabs, conversations));
  await flush();
});

test('the second tab has no model, says why, and reads the conversations', async () => {
  expect([life(first), life(second)]).toEqual(['ready', 'elsewhere']);
  expect(second.engine.loads).toHaveLength(0);
  await converse(first, 'one', 'First.');
  await flush();
  const [listed] = second.app.conversationList.getState().conversations;
  expect(listed?.title).toBe('one');
  await second.app.chatController.open(listed?.id ?? '');
  expect(texts(second)).toEqual(['one', 'First.']);
});

test('taken over, the first tab keeps what was written and gives the model away; the second answers', async () => {
  const sent = first.app.chatController.send('one');
  await flush();
  first.engine.lastAnswer.write('Half');
  const taking = second.app.modelSuspension.bringHere();
  await sent;
  await taking;
  expect([life(first), life(second)]).toEqual(['elsewhere', 'ready']);
  expect(first.engine.loaded).toBeNull();
  expect(statusOf(lastMessage(first.app), false)).toBe('unfinished');
  // The other tab can continue it: all of it is stored.
  const { id } = first.app.chat.getState().tree.conversation;
  await second.app.chatController.open(id);
  const continued = second.app.chatController.continueAnswer(lastMessage(second.app).id);
  await flush();
  expect(second.engine.lastAnswer.call.begun).toEqual({ text: 'Half', tokenIds: [1] });
  second.engine.lastAnswer.write(' and half.');
  second.engine.lastAnswer.finish();
  await continued;
  await flush();
  expect(texts(first)).toEqual(['one', 'Half and half.']);
});

test('a question in the second tab waits, and is answered when the first one is closed', async () => {
  const sent = second.app.chatController.send('waiting');
  await flush();
  expect(second.engine.answers).toHaveLength(0);
  first.services.engineLock.release();
  await flush();
  second.engine.lastAnswer.write('Answered.');
  second.engine.lastAnswer.finish();
  await sent;
  expect(texts(second)).toEqual(['waiting', 'Answered.']);
});

test('a question that was stopped while it waited takes the GPU from nobody', async () => {
  const sent = second.app.chatController.send('waiting');
  await flush();
  second.app.chatController.stop();
  await sent;
  first.services.engineLock.release();
  await flush();
  expect([life(second), second.engine.loads.length]).toEqual(['elsewhere', 0]);
});

test('given away while it loads or comes back, the model does not appear here after all', async () => {
  first.engine.loadsAtOnce = false;
  void first.app.modelController.reload();
  await flush();
  await second.app.modelSuspension.bringHere();
  first.engine.lastLoad.finish();
  await flush();
  expect([life(first), life(second)]).toEqual(['elsewhere', 'ready']);
});

test('a tab whose model was taken while it was frozen finds out, and asks for it like any other', async () => {
  await first.services.engineLock.beRobbed();
  expect([life(first), first.engine.loaded]).toEqual(['elsewhere', null]);
  await first.app.modelSuspension.bringHere();
  expect(life(first)).toBe('ready');
});

test('while the model rests, another tab has it without asking', async () => {
  await first.app.modelSuspension.rest();
  const sent = second.app.chatController.send('one');
  await flush();
  second.engine.lastAnswer.finish();
  await sent;
  expect([life(first), life(second)]).toEqual(['resting', 'ready']);
});

test('two tabs that write to one conversation keep each other’s messages and the title', async () => {
  await converse(first, 'one', 'First.');
  const { id } = first.app.chat.getState().tree.conversation;
  await second.app.chatController.open(id);
  // Both ask at once: the second waits.
  const waiting = second.app.chatController.send('from the second');
  await flush();
  await first.app.chatController.rename(id, 'Renamed');
  const question = shownPath(first.app)[0];
  void first.app.chatController.editAndResend(question?.id ?? '', 'one, edited');
  await flush();
  first.engine.lastAnswer.finish();
  await flush();
  await second.app.modelSuspension.bringHere();
  await flush();
  second.engine.lastAnswer.write('Second.');
  second.engine.lastAnswer.finish();
  await waiting;
  const stored = await first.services.conversations.loadConversation(id);
  expect(stored?.conversation).toMatchObject({ title: 'Renamed', rootIds: { length: 2 } });
  expect(stored?.messages.map(({ text }) => text).sort()).toEqual(
    ['First.', 'Second.', '', 'from the second', 'one', 'one, edited'].sort(),
  );
});

test('deleted in the other tab, a conversation being answered ends here and does not come back', async () => {
  const sent = first.app.chatController.send('one');
  await flush();
  first.engine.lastAnswer.write('Half');
  const { id } = first.app.chat.getState().tree.conversation;
  await second.app.chatController.remove(id);
  await sent;
  await flush();
  expect(await first.services.conversations.listConversations()).toEqual([]);
  expect(shownPath(first.app)).toEqual([]);
  // Undone there, it is in both tabs again.
  second.app.ui.getState().toasts.at(-1)?.action?.run();
  await flush();
  expect(first.app.conversationList.getState().conversations).toHaveLength(1);
});
