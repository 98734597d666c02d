// @vitest-environment jsdom
import { expect, test } from 'vitest';
import type { ErrorCode } from '../../client/index.ts';
import { converse, flush, lastMessage, type Started, startApp } from '../testing/fake-services.ts';

async function loseModel({ app, engine }: Started, code: ErrorCode): Promise<void> {
  const sent = app.chatController.send('a question');
  await flush();
  engine.lastAnswer.write('Half an answer');
  engine.loaded = null;
  engine.lastAnswer.fail(code);
  await sent;
  await flush();
}

test.each<ErrorCode>(['device-lost', 'worker-died', 'no-model'])(
  '%s: the partial answer stays and the model is loaded once more by itself',
  async code => {
    const started = await startApp();
    const { app, engine } = started;
    expect(engine.loads).toHaveLength(1);
    await loseModel(started, code);
    expect(lastMessage(app)).toMatchObject({ text: 'Half an answer', error: { code } });
    expect(engine.loads).toHaveLength(2);
    expect(engine.lastLoad.call.source).toEqual(engine.loads[0]?.call.source);
    expect(app.models.getState()).toMatchObject({ phase: 'ready', error: null });
  },
);

test('lost again at once, it is not loaded again but says so', async () => {
  const started = await startApp();
  const { app, engine } = started;
  await loseModel(started, 'device-lost');
  await loseModel(started, 'device-lost');
  expect(engine.loads).toHaveLength(2);
  expect(app.models.getState()).toMatchObject({ phase: 'failed', error: { code: 'device-lost' } });

  // A third question finds no model and waits for none.
  await app.chatController.send('third');
  expect(lastMessage(app).error?.code).toBe('device-lost');
  expect(engine.loads).toHaveLength(2);

  await app.modelController.reload();
  expect(app.models.getState().phase).toBe('ready');
});

test('after an answer in between, it is loaded again', async () => {
  const started = await startApp();
  await loseModel(started, 'device-lost');
  await converse(started, 'a question', 'A whole answer.');
  await loseModel(started, 'worker-died');
  expect(started.engine.loads).toHaveLength(3);
});

test('a reload that fails ends there', async () => {
  const started = await startApp();
  const { app, engine } = started;
  engine.loadsAtOnce = false;
  await loseModel(started, 'device-lost');
  engine.lastLoad.fail('out-of-memory');
  await flush();
  expect(engine.loads).toHaveLength(2);
  expect(app.models.getState()).toMatchObject({ phase: 'failed', error: { code: 'out-of-memory' } });
  expect(lastMessage(app)).toMatchObject({ text: 'Half an answer', error: { code: 'device-lost' } });
});

test.each<ErrorCode>(['context-full', 'out-of-memory', 'gpu-error', 'internal'])(
  '%s: the model is still there and is not loaded again',
  async code => {
    const started = await startApp();
    const sent = started.app.chatController.send('a question');
    await flush();
    started.engine.lastAnswer.fail(code);
    await sent;
    await flush();
    expect(started.engine.loads).toHaveLength(1);
    expect(started.app.models.getState().phase).toBe('ready');
  },
);
