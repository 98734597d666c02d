// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { flush, lastMessage, type Started, startApp } from '../../testing/fake-services.ts';

let started: Started;
const life = () => started.app.life.getState().life;
const minutes = (count: number) => vi.advanceTimersByTimeAsync(count * 60_000);

function show(state: DocumentVisibilityState): void {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
  started.app.noteVisibility();
}

beforeEach(async () => {
  started = await startApp();
  await flush();
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('a page hidden for fifteen minutes frees the GPU, and loads again when it is asked', async () => {
  const { app, engine, services } = started;
  show('hidden');
  await minutes(14);
  expect(life()).toBe('ready');
  await minutes(1);
  expect(life()).toBe('resting');
  expect(engine.loaded).toBeNull();
  expect(services.engineLock.isHeld).toBe(false);
  vi.useRealTimers();
  const sent = app.chatController.send('a question');
  await flush();
  expect(engine.loads).toHaveLength(2);
  expect(engine.lastLoad.call.source).toEqual(engine.loads[0]?.call.source);
  engine.lastAnswer.write('An answer.');
  engine.lastAnswer.finish();
  await sent;
  expect(lastMessage(app).text).toBe('An answer.');
});

test('a page that is looked at in between begins anew', async () => {
  show('hidden');
  await minutes(10);
  show('visible');
  await minutes(60);
  show('hidden');
  await minutes(14);
  expect(life()).toBe('ready');
  await minutes(1);
  expect(life()).toBe('resting');
});

test('while an answer is written nothing is freed; the time counts from its end', async () => {
  const { app, engine } = started;
  const sent = app.chatController.send('a question');
  await vi.advanceTimersByTimeAsync(1);
  show('hidden');
  await minutes(60);
  expect(life()).toBe('prefill');
  engine.lastAnswer.finish();
  await sent;
  await minutes(15);
  expect(life()).toBe('resting');
});

test('the minutes are a setting, and never is one', async () => {
  const { app } = started;
  show('hidden');
  void app.settingsController.update({ restMinutes: 0 });
  await minutes(600);
  expect(life()).toBe('ready');
  void app.settingsController.update({ restMinutes: 5 });
  await minutes(5);
  expect(life()).toBe('resting');
});
