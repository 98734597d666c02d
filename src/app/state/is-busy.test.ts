// @vitest-environment jsdom
import { beforeEach, expect, test } from 'vitest';
import { flush, imageFile, type Started, startApp } from '../testing/fake-services.ts';
import { changeDraft } from './drafts/draft-store.ts';
import { isBusy } from './is-busy.ts';

let started: Started;

beforeEach(async () => {
  started = await startApp();
});

const shownId = () => started.app.chat.getState().tree.conversation.id;

test('a page on which nothing happens and nothing waits is not busy', () => {
  expect(isBusy(started.app)).toBe(false);
});

test('an answer, until it has ended', async () => {
  const sent = started.app.chatController.send('one');
  await flush();
  expect(isBusy(started.app)).toBe(true);
  started.engine.lastAnswer.finish();
  await sent;
  expect(isBusy(started.app)).toBe(false);
});

test('a model that is lost and comes back', async () => {
  const { app, engine } = started;
  engine.loadsAtOnce = false;
  engine.loseModel('device-lost');

  await flush();
  expect(app.models.getState().phase).toBe('recovering');
  expect(isBusy(app)).toBe(true);
  engine.lastLoad.finish();
  await flush();
  expect(isBusy(app)).toBe(false);
});

test('a test of the device', async () => {
  const { app, engine } = started;
  const run = app.deviceTest.run('all', 0);
  expect(isBusy(app)).toBe(true);
  engine.lastTest.finish();
  await run;
  expect(isBusy(app)).toBe(false);
});

test('an image that is read, and one that waits', async () => {
  const { app, engine } = started;
  engine.readsAtOnce = false;
  app.attachmentsController.add([imageFile('scan.png')]);
  expect(isBusy(app)).toBe(true);
  engine.finishReading();
  await app.attachmentsController.whenRead();
  expect(isBusy(app)).toBe(true);
  app.attachmentsController.remove(app.shownDraft.getState().attachments[0]!.key);
  expect(isBusy(app)).toBe(false);
});

test('a text that was not sent, here or in a conversation that was left, and an edit', async () => {
  const { app } = started;

  const first = shownId();
  changeDraft(app.drafts, first, { text: 'Not sent' });
  expect(isBusy(app)).toBe(true);
  app.chatController.newChat();
  expect(isBusy(app)).toBe(true);
  changeDraft(app.drafts, first, { text: '' });
  expect(isBusy(app)).toBe(false);
  app.chatController.edit('message', 'Changed');
  expect(isBusy(app)).toBe(true);
  app.chatController.dropEdit('message');
  expect(isBusy(app)).toBe(false);
});
