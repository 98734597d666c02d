// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { errorCodes, type Message, titleFrom } from '../../../client/index.ts';
import {
  converse,
  FakeServices,
  flush,
  lastMessage,
  type Started,
  shownPath,
  startApp,
} from '../../testing/fake-services.ts';
import { conversational } from '../../testing/fixtures.ts';
import { statusOf } from './answer-status.ts';

let started: Started;

beforeEach(async () => {
  started = await startApp();
});

afterEach(() => {
  vi.useRealTimers();
});

/** The branch of the only stored conversation, as another visit would find it. */
async function storedMessages(): Promise<readonly Message[]> {
  const { conversations } = started.services;
  const [index] = await conversations.listConversations();
  return (index && (await conversations.loadConversation(index.id))?.messages) ?? [];
}

const announcement = () => started.app.ui.getState().announcement;

/** All that the live region says from now on. */
function listen(): string[] {
  const heard: string[] = [];
  started.app.ui.subscribe((now, before) => {
    if (now.announcement !== before.announcement) heard.push(now.announcement);
  });
  return heard;
}

test('a question is answered piece by piece, then stored with what it cost', async () => {
  const { app, engine } = started;
  const sent = app.chatController.send('  What is asthma?  ');
  expect(app.chat.getState().run?.phase).toBe('waiting');
  expect(announcement()).toBe('Answering…');
  await flush();
  expect(app.chat.getState().run?.phase).toBe('reading');
  expect(engine.lastAnswer.call.messages).toEqual([{ role: 'user', text: 'What is asthma?' }]);

  engine.lastAnswer.prefill(6, 12);
  expect(app.chat.getState().run?.prefill).toEqual({ done: 6, total: 12 });
  engine.lastAnswer.write('Asthma ', 'is a disease');
  expect(app.chat.getState().run).toMatchObject({
    phase: 'answering',
    text: 'Asthma is a disease',
    tokenIds: [1, 2],
  });
  engine.lastAnswer.finish();
  await sent;

  expect(app.chat.getState().run).toBeNull();
  expect(announcement()).toBe('Answer complete, 4 words');
  const [question, answer] = await storedMessages();
  expect(question).toMatchObject({ role: 'user', text: 'What is asthma?' });
  expect(answer).toMatchObject({ text: 'Asthma is a disease', stopReason: 'end', model: 'Nano' });
  expect(answer?.computedOn).toEqual([{ kind: 'gpu', adapter: 'test gpu' }]);
  expect(answer?.usage?.tokensPerSecond).toBe(40);
  expect(shownPath(app)).toEqual(await storedMessages());
  expect(app.conversationList.getState().conversations).toMatchObject([{ title: 'What is asthma?' }]);
  expect(app.models.getState().tokensPerSecond).toBe(40);
});

test('an empty question and a second one meanwhile are not sent', async () => {
  const { app, engine } = started;
  await app.chatController.send(' \n ');
  expect(shownPath(app)).toEqual([]);
  void app.chatController.send('one');
  await flush();
  await app.chatController.send('two');
  await app.chatController.regenerate(lastMessage(app).id);
  expect(engine.answers).toHaveLength(1);
  expect(shownPath(app)).toHaveLength(2);
});

test('the title comes from the first question and stays', async () => {
  const long = 'Which of the many findings distinguish nephrotic from nephritic syndrome in adults?';
  await converse(started, long, 'Proteinuria.');
  await converse(started, 'And in children?', 'The same.');
  const [conversation] = started.app.conversationList.getState().conversations;
  expect(conversation?.title).toBe(titleFrom(long));
});

test('earlier turns are given to a model, but not those without an answer', async () => {
  const { app, engine } = started;
  await app.modelController.load(conversational);
  await converse(started, 'one', 'First.');
  const sent = app.chatController.send('unanswered');
  await flush();
  app.chatController.stop();
  await sent;
  await converse(started, 'three', 'Third.');
  expect(engine.lastAnswer.call.includeHistory).toBe(true);
  expect(engine.lastAnswer.call.messages).toEqual([
    { role: 'user', text: 'one' },
    { role: 'assistant', text: 'First.' },
    { role: 'user', text: 'three' },
  ]);
  expect(lastMessage(app).readAlone).toBe(false);
});

test('a model that reads each question alone says so from the second question on', async () => {
  expect((await converse(started, 'one', 'First.')).readAlone).toBe(false);
  expect((await converse(started, 'two', 'Second.')).readAlone).toBe(true);
});

test('what is stopped keeps its text and says that it was stopped', async () => {
  const { app, engine } = started;
  const sent = app.chatController.send('one');
  await flush();
  engine.lastAnswer.write('Half an ');
  app.chatController.stop();
  expect(app.chat.getState().run?.phase).toBe('stopping');
  await sent;
  const answer = lastMessage(app);
  expect(answer).toMatchObject({ text: 'Half an ', stopReason: 'aborted' });
  expect(statusOf(answer, false)).toBe('stopped');
  expect((await storedMessages())[1]).toEqual(answer);
  expect(announcement()).toBe('Answer stopped, 2 words');
  app.chatController.stop();
  expect(app.chat.getState().run).toBeNull();
});

test('a stop before the first token leaves an empty answer that was stopped', async () => {
  const { app } = started;
  const sent = app.chatController.send('one');
  app.chatController.stop();
  await sent;
  expect(lastMessage(app)).toMatchObject({ role: 'assistant', text: '', stopReason: 'aborted' });
  expect(announcement()).toBe('Answer stopped, 0 words');
});

// What happens when the model itself is lost: recovery.test.ts.
test.each(errorCodes.filter(code => !['device-lost', 'worker-died', 'no-model'].includes(code)))(
  '%s: the answer carries the error, its text and the conversation are kept',
  async code => {
    const { app, engine } = started;
    await converse(started, 'one', 'First.');
    const heard = listen();
    const sent = app.chatController.send('two');
    await flush();
    engine.lastAnswer.write('One word');
    engine.lastAnswer.fail(code);
    await sent;
    const answer = lastMessage(app);
    expect(answer.text).toBe('One word');
    if (code === 'aborted') {
      expect(statusOf(answer, false)).toBe('stopped');
      expect(heard).toEqual(['Answering…', 'Answer stopped, 2 words']);
    } else {
      expect(statusOf(answer, false)).toBe('failed');
      expect(answer.error).toEqual({
        code,
        reason: 'happened',
        message: `What happened: ${code}.`,
        values: { code },
        advice: `What to do about ${code}.`,
        cause: `technical ${code}`,
      });
      const ending = `The answer was interrupted after 2 words. What happened: ${code}.`;
      expect(heard.slice(0, 2)).toEqual(['Answering…', ending]);
    }
    expect(shownPath(app)).toHaveLength(4);
    expect(await storedMessages()).toEqual(shownPath(app));

    await converse(started, 'three', 'Third.');
    expect(lastMessage(app)).toMatchObject({ text: 'Third.', stopReason: 'end' });
  },
);

test('an answer of which nothing came is said to be none', async () => {
  const { app, engine } = started;
  const heard = listen();
  const sent = app.chatController.send('one');
  await flush();
  engine.lastAnswer.fail('gpu-error');
  await sent;
  expect(heard).toContain('No answer was written. What happened: gpu-error.');
});

test('while it is written an answer is stored a few times a second, so that a crash costs next to nothing', async () => {
  const { app, engine, services } = started;
  vi.useFakeTimers();
  void app.chatController.send('one');
  await vi.advanceTimersByTimeAsync(0);
  const { saves } = services.conversations;
  expect(saves).toEqual([['one', '']]);
  engine.lastAnswer.write('a', 'b');
  await vi.advanceTimersByTimeAsync(299);
  expect(saves).toHaveLength(1);
  engine.lastAnswer.write('c');
  await vi.advanceTimersByTimeAsync(1);
  expect(saves.slice(1)).toEqual([['abc']]);
  await vi.advanceTimersByTimeAsync(5000);
  expect(saves).toHaveLength(2);
  engine.lastAnswer.write('d');
  await vi.advanceTimersByTimeAsync(300);
  expect(saves.slice(2)).toEqual([['abcd']]);

  const [, crashed] = await storedMessages();
  expect(crashed && statusOf(crashed, false)).toBe('unfinished');

  engine.lastAnswer.write('e');
  engine.lastAnswer.finish();
  await vi.advanceTimersByTimeAsync(0);
  expect(saves.slice(3)).toEqual([['abcde']]);
  await vi.advanceTimersByTimeAsync(5000);
  expect(saves).toHaveLength(4);
});

test('without storage the answer is still shown, and the page says that it is not kept', async () => {
  const { app, services } = started;
  services.conversations.failure = 'storage-full';
  const answer = await converse(started, 'one', 'First.');
  expect(answer).toMatchObject({ text: 'First.', stopReason: 'end' });
  expect(app.storage.getState()).toMatchObject({
    problem: { message: 'What happened: storage-full.' },
    hasUnsaved: true,
  });
});

test('an answer goes on in its conversation while another one is read', async () => {
  const { app, engine } = started;
  const sent = app.chatController.send('one');
  await flush();
  const { id } = app.chat.getState().tree.conversation;
  app.chatController.newChat();
  expect(shownPath(app)).toEqual([]);
  engine.lastAnswer.write('Written elsewhere.');
  engine.lastAnswer.finish();
  await sent;
  expect(shownPath(app)).toEqual([]);
  await app.chatController.open(id);
  expect(lastMessage(app)).toMatchObject({ text: 'Written elsewhere.', stopReason: 'end' });
});

test('a conversation opened just before its answer ends shows the end', async () => {
  const { app, engine, services } = started;
  const sent = app.chatController.send('one');
  await flush();
  const { id } = app.chat.getState().tree.conversation;
  app.chatController.newChat();
  const { conversations } = services;
  const load = conversations.loadConversation.bind(conversations);
  vi.spyOn(conversations, 'loadConversation').mockImplementationOnce(async wanted => {
    const found = await load(wanted);
    engine.lastAnswer.write('All of it.');
    engine.lastAnswer.finish();
    await sent;
    return found;
  });
  await app.chatController.open(id);
  expect(lastMessage(app)).toMatchObject({ text: 'All of it.', stopReason: 'end' });
});

test('a question asked while the model loads is answered when it is ready', async () => {
  const services = new FakeServices();
  services.engine.loadsAtOnce = false;
  const { app, engine } = await startApp(services);
  const sent = app.chatController.send('early');
  await flush();
  expect(engine.answers).toHaveLength(0);
  expect(app.chat.getState().run?.phase).toBe('waiting');
  engine.lastLoad.finish();
  await flush();
  engine.lastAnswer.write('At last.');
  engine.lastAnswer.finish();
  await sent;
  expect(lastMessage(app)).toMatchObject({ text: 'At last.', stopReason: 'end' });
});

test('a question asked while the model loads is given up with the load, or by a stop', async () => {
  const services = new FakeServices();
  services.engine.loadsAtOnce = false;
  const { app, engine } = await startApp(services);
  const failing = app.chatController.send('early');
  await flush();
  engine.lastLoad.fail('network');
  await failing;
  expect(lastMessage(app).error?.code).toBe('network');

  void app.modelController.reload();
  const stopped = app.chatController.send('again');
  app.chatController.stop();
  await stopped;
  expect(lastMessage(app)).toMatchObject({ text: '', stopReason: 'aborted' });
  expect(engine.answers).toHaveLength(0);
});

test('a device that cannot compute answers with its reason', async () => {
  const services = new FakeServices();
  services.engine.device = 'no-webgpu';
  const { app, engine } = await startApp(services);
  await app.chatController.send('one');
  expect(lastMessage(app).error?.code).toBe('no-webgpu');
  expect(engine.loads).toHaveLength(0);
});
