// @vitest-environment jsdom
import { beforeEach, expect, test } from 'vitest';
import { siblings } from '../../../client/index.ts';
import {
  converse,
  flush,
  lastMessage,
  type Started,
  shownPath,
  startApp,
} from '../../testing/fake-services.ts';

let started: Started;

beforeEach(async () => {
  started = await startApp();
});

const texts = () => shownPath(started.app).map(message => message.text);

async function answerWith(text: string): Promise<void> {
  await flush();
  started.engine.lastAnswer.write(text);
  started.engine.lastAnswer.finish();
  await flush();
}

test('another answer is a sibling, and one can go back and forth between them', async () => {
  const { app, services } = started;
  const first = await converse(started, 'one', 'First.');
  void app.chatController.regenerate(first.id);
  await answerWith('Second.');
  const second = lastMessage(app);
  expect(texts()).toEqual(['one', 'Second.']);
  expect(siblings(app.chat.getState().tree, second.id)).toMatchObject({
    index: 1,
    messages: [{ text: 'First.' }, { text: 'Second.' }],
  });
  await app.chatController.switchBranch(second.id, -1);
  expect(texts()).toEqual(['one', 'First.']);
  await app.chatController.switchBranch(first.id, -1);
  expect(texts()).toEqual(['one', 'First.']);

  const { id } = app.chat.getState().tree.conversation;
  const stored = await services.conversations.loadConversation(id);
  expect(stored?.conversation.currentLeafId).toBe(first.id);
  expect(stored?.messages).toHaveLength(3);

  await app.chatController.switchBranch(first.id, 1);
  expect(texts()).toEqual(['one', 'Second.']);
});

test('an edited question is a sibling with an answer of its own', async () => {
  const { app } = started;
  await converse(started, 'one', 'First.');
  await converse(started, 'two', 'Second.');
  const [question] = shownPath(app);
  void app.chatController.editAndResend(question?.id ?? '', 'one, better');
  await answerWith('Better.');
  expect(texts()).toEqual(['one, better', 'Better.']);
  const [edited] = shownPath(app);
  await app.chatController.switchBranch(edited?.id ?? '', -1);
  expect(texts()).toEqual(['one', 'First.', 'two', 'Second.']);
});

test('an answer that was cut off can be continued', async () => {
  const { app, engine } = started;
  const sent = app.chatController.send('one');
  await flush();
  engine.lastAnswer.write('First ', 'half');
  app.chatController.stop();
  await sent;
  const stopped = shownPath(app).at(-1);
  expect(stopped).toMatchObject({ text: 'First half', stopReason: 'aborted', tokenIds: [1, 2] });
  void app.chatController.continueAnswer(stopped?.id ?? '');
  await flush();
  // Nothing of its end is left while it is written, nor afterwards.
  expect(shownPath(app).at(-1)?.stopReason).toBeUndefined();
  expect(engine.lastAnswer.call).toMatchObject({
    begun: { text: 'First half', tokenIds: [1, 2] },
    messages: [{ role: 'user', text: 'one' }],
  });
  await answerWith(', second half.');
  expect(texts()).toEqual(['one', 'First half, second half.']);
  expect(shownPath(app).at(-1)).toMatchObject({ id: stopped?.id, stopReason: 'end' });
  expect(shownPath(app).at(-1)).not.toHaveProperty('tokenIds');
});

test('an answer that ended because it repeated itself can be continued', async () => {
  const { app, engine, services } = started;
  const sent = app.chatController.send('one');
  await flush();
  engine.lastAnswer.write('Over ', 'and over.');
  engine.lastAnswer.finish({ stopReason: 'repetition' });
  await sent;
  const ended = lastMessage(app);
  expect(ended).toMatchObject({ text: 'Over and over.', stopReason: 'repetition', tokenIds: [1, 2] });
  const { id } = app.chat.getState().tree.conversation;
  const stored = await services.conversations.loadConversation(id);
  expect(stored?.messages.at(-1)).toMatchObject({ stopReason: 'repetition', tokenIds: [1, 2] });
  expect(app.ui.getState().announcement).toBe('Answer ended because it repeated itself, 3 words');
  void app.chatController.continueAnswer(ended.id);
  await flush();
  expect(engine.lastAnswer.call).toMatchObject({ begun: { text: 'Over and over.', tokenIds: [1, 2] } });
  await answerWith(' At last.');
  expect(lastMessage(app)).toMatchObject({ text: 'Over and over. At last.', stopReason: 'end' });
});

test('what does not exist cannot be regenerated, edited or switched to', async () => {
  const { app, engine } = started;
  await converse(started, 'one', 'First.');
  await app.chatController.regenerate('nothing');
  await app.chatController.editAndResend('nothing', 'x');
  await app.chatController.switchBranch('nothing', 1);
  expect(texts()).toEqual(['one', 'First.']);
  expect(engine.answers).toHaveLength(1);
});
