// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ErrorCode } from '../../../client/index.ts';
import { converse, flush, lastMessage, type Started, startApp } from '../../testing/fake-services.ts';

let started: Started;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  started = await startApp();
});
afterEach(() => {
  vi.useRealTimers();
});

const life = () => started.app.life.getState().life;
const laterBy = (minutes: number) => vi.setSystemTime(Date.now() + minutes * 60_000);

function lose(code: ErrorCode = 'device-lost'): Promise<void> {
  started.engine.loseModel(code);
  return flush();
}

test.each<ErrorCode>(['device-lost', 'worker-died'])(
  '%s: the page says so and loads the model again',
  async code => {
    const { app, engine, services } = started;
    engine.loadsAtOnce = false;
    await lose(code);
    expect(life()).toBe('recovering');
    expect(services.pauses).toEqual([500]);
    engine.lastLoad.finish();
    await flush();
    expect(app.models.getState()).toMatchObject({ phase: 'ready', error: null });
    expect(engine.loads).toHaveLength(2);
  },
);

test('a question that is asked meanwhile waits for the model', async () => {
  const { app, engine } = started;
  engine.loadsAtOnce = false;
  await lose();
  const sent = app.chatController.send('a question');
  await flush();
  expect(engine.answers).toHaveLength(0);
  engine.lastLoad.finish();
  await flush();
  engine.lastAnswer.write('Answered.');
  engine.lastAnswer.finish();
  await sent;
  expect(lastMessage(app)).toMatchObject({ text: 'Answered.', stopReason: 'end' });
});

test('lost again soon: less memory is offered, and nothing is loaded unasked', async () => {
  const { app, engine } = started;
  await lose();
  laterBy(9);
  await lose();
  expect(engine.loads).toHaveLength(2);
  expect(app.models.getState()).toMatchObject({
    phase: 'failed',
    error: { code: 'device-lost' },
    smaller: [
      { kind: 'coarser', precision: 'q8' },
      { kind: 'shorter', contextTokens: 1024 },
    ],
  });
});

test('lost again much later: it rests until the next question, which has its own attempt', async () => {
  const { app, engine, services } = started;
  await lose();
  laterBy(11);
  await lose();
  expect(life()).toBe('resting');
  expect(services.engineLock.isHeld).toBe(false);
  expect(engine.loads).toHaveLength(2);
  const sent = app.chatController.send('a question');
  await flush();
  engine.loaded = null;
  engine.lastAnswer.fail('device-lost');
  await flush();
  engine.lastAnswer.finish();
  await sent;
  expect(engine.loads).toHaveLength(4);
  expect(life()).toBe('ready');
});

test('after an answer, or long before a loss during one, it does not count', async () => {
  await lose();
  await converse(started, 'a question', 'A whole answer.');
  await lose();
  expect(life()).toBe('ready');
  laterBy(11);
  const sent = started.app.chatController.send('a question');
  await flush();
  started.engine.loaded = null;
  started.engine.lastAnswer.fail('device-lost');
  await flush();
  started.engine.lastAnswer.finish();
  await sent;
  expect(life()).toBe('ready');
});

test('lost during an answer, which sees to it itself, it is loaded once', async () => {
  const { app, engine } = started;
  const sent = app.chatController.send('a question');
  await flush();
  engine.lastAnswer.write('Half');
  await lose();
  engine.lastAnswer.fail('device-lost');
  await flush();
  engine.lastAnswer.finish();
  await sent;
  await flush();
  expect(engine.loads).toHaveLength(2);
  expect([life(), lastMessage(app).text]).toEqual(['ready', 'Half']);
});

test('lost during an answer that is stopped in the same moment, it is brought back afterwards', async () => {
  const { app, engine } = started;
  const sent = app.chatController.send('a question');
  await flush();
  await lose();
  app.chatController.stop();
  await sent;
  await flush();
  expect(engine.loads).toHaveLength(2);
  expect(life()).toBe('ready');
});

test('told late, of a model that rests or has come back, it changes nothing', async () => {
  const { app, engine } = started;
  await app.modelController.reload();
  const { loaded } = engine;
  engine.loseModel('device-lost');
  engine.loaded = loaded;
  await flush();
  expect(engine.loads).toHaveLength(2);
  await app.modelSuspension.rest();
  await lose();
  expect(life()).toBe('resting');
});
