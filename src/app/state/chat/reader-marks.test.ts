// @vitest-environment jsdom
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { findMessage, type Message, siblings } from '../../../client/index.ts';
import { piecesOf } from '../../format/edit-in-words.ts';
import { converse, flush, lastMessage, type Started, startApp } from '../../testing/fake-services.ts';
import { statusOf } from './answer-status.ts';
import { editedSpans } from './edited-spans.ts';
import { rateAnswer, saveEdit } from './reader-marks.ts';

describe('the words of the reader', () => {
  test.each([
    ['Give 5 mg daily.', 'Give 2.5 mg daily.', ['2', '.']],
    ['Give 5 mg daily.', 'Give 5 mg twice daily.', ['twice ']],
    ['Give 5 mg daily.', 'Give 5 mg.', []],
    ['', 'New words.', ['New words.']],
    ['a b c', 'c b a', ['c', 'a']],
  ])('%s -> %s', (before, after, readers) => {
    const spans = editedSpans(before, after);
    expect(spans.map(([start, end]) => after.slice(start, end)).join('')).toBe(readers.join(''));
  });

  test('stay the reader’s when the text is changed again', () => {
    const second = 'Give 7 mg daily.';
    const spans = editedSpans('Give 5 mg daily.', second);
    const third = 'Give 7 mg weekly.';
    const all = editedSpans(second, third, spans);
    expect(all.map(([start, end]) => third.slice(start, end))).toEqual(['7', 'weekly']);
  });

  test('and all others are the model’s, in order', () => {
    const words = fc.array(fc.constantFrom('give', '5', 'mg', '.', ' ', '\n', 'β', '😀'), { maxLength: 12 });
    fc.assert(
      fc.property(words, words, (one, two) => {
        const [before, after] = [one.join(''), two.join('')];
        const spans = editedSpans(before, after);
        const edit = { of: 'a', editedAt: 0, length: after.length, spans };
        const pieces = piecesOf({ text: after, edit });
        expect(pieces.map(({ text }) => text).join('')).toBe(after);
        // What is kept is a subsequence of what was there.
        let at = 0;
        for (const { text, isReaders } of pieces) {
          if (isReaders) continue;
          for (const char of text) {
            at = before.indexOf(char, at);
            expect(at).toBeGreaterThanOrEqual(0);
            at += char.length;
          }
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});

let started: Started;
let answer: Message;
const use = () => ({ chat: started.app.chat, list: started.app.listController });
const stored = async () =>
  (await started.services.conversations.loadConversation(answer.conversationId))!.messages;

beforeEach(async () => {
  started = await startApp();
  answer = await converse(started, 'How much?', 'Give 5 mg daily.');
});

test('an edit is another version, by the same model, stored; the answer stays', async () => {
  const id = await saveEdit(use(), answer.id, 'Give 2 mg daily. \n');
  const { tree } = started.app.chat.getState();
  expect(siblings(tree, id!).messages.map(({ text }) => text)).toEqual([
    'Give 5 mg daily.',
    'Give 2 mg daily.',
  ]);
  const edited = (await stored()).find(message => message.id === id)!;
  expect(edited).toMatchObject({
    model: answer.model,
    modelKey: answer.modelKey,
    edit: { of: answer.id, length: 16, spans: [[5, 6]] },
  });
  expect(statusOf(edited, false)).toBe('complete');
  expect(findMessage(tree, answer.id)).toEqual(answer);
});

test('the same words, no words, or an answer that is being written: nothing is stored', async () => {
  for (const words of ['Give 5 mg daily.', 'Give 5 mg daily.\n', '  ']) {
    expect(await saveEdit(use(), answer.id, words)).toBeNull();
  }
  void started.app.chatController.send('More?');
  await flush();
  expect(await saveEdit(use(), answer.id, 'Other.')).toBeNull();
  started.app.chatController.stop();
  await flush();
});

test('the model goes on from the edited words, which stay the reader’s; what it adds is its own', async () => {
  const { app, engine } = started;
  const id = (await saveEdit(use(), answer.id, 'Give 2 mg'))!;
  const continued = app.chatController.continueAnswer(id);
  await flush();
  expect(engine.lastAnswer.call.begun).toEqual({ text: 'Give 2 mg', tokenIds: [] });
  engine.lastAnswer.write(' at night.');
  engine.lastAnswer.finish();
  await continued;
  const message = lastMessage(app);
  expect(message).toMatchObject({ id, text: 'Give 2 mg at night.', stopReason: 'end' });
  expect(piecesOf(message)).toEqual([
    { text: 'Give ', isReaders: false },
    { text: '2', isReaders: true },
    { text: ' mg at night.', isReaders: false },
  ]);
  expect((await stored()).find(each => each.id === id)?.edit).toEqual(message.edit);
});

test('a tokenizer that spells the edited words otherwise does not change them', async () => {
  const { app, engine } = started;
  const id = (await saveEdit(use(), answer.id, 'Give  2 mg'))!;
  const continued = app.chatController.continueAnswer(id);
  await flush();
  engine.lastAnswer.text = 'Give _2 mg';
  engine.lastAnswer.write(' now.');
  engine.lastAnswer.finish();
  await continued;
  expect(lastMessage(app).text).toBe('Give  2 mg now.');
});

test('a rating is stored with the answer, changed and taken away', async () => {
  await rateAnswer(use(), answer.id, { verdict: 'unsafe', note: ' Ten times too much. ' });
  const found = async () => (await stored()).find(({ id }) => id === answer.id)!.rating;
  expect(await found()).toMatchObject({ verdict: 'unsafe', note: 'Ten times too much.' });
  await rateAnswer(use(), answer.id, { verdict: 'correct', note: '' });
  expect(await found()).toMatchObject({ verdict: 'correct', note: '' });
  await rateAnswer(use(), answer.id, null);
  expect(await found()).toBeUndefined();
  expect(lastMessage(started.app)).toEqual(answer);
});
