// @vitest-environment jsdom
import { beforeEach, describe, expect, test } from 'vitest';
import { computedOn, type ErrorCode, replaceMessage } from '../../../client/index.ts';
import {
  converse,
  FakeServices,
  flush,
  lastMessage,
  type Started,
  startApp,
} from '../../testing/fake-services.ts';
import { bundledFile, conversational, demonstration, processorReport } from '../../testing/fixtures.ts';

let started: Started;

beforeEach(async () => {
  started = await startApp();
});

const life = () => started.app.life.getState().life;

function loseModel(code: ErrorCode): Promise<void> {
  started.engine.loaded = null;
  started.engine.lastAnswer.fail(code);
  return flush();
}

/** Asks, and loses the model when `words` are written. */
async function loseDuringAnswer(code: ErrorCode, words = 'Half an'): Promise<{ ended: Promise<void> }> {
  const ended = started.app.chatController.send('a question');
  await flush();
  if (words) started.engine.lastAnswer.write(words);
  await loseModel(code);
  return { ended };
}

describe.each<ErrorCode>(['device-lost', 'worker-died', 'no-model'])('%s during an answer', code => {
  test('the model is loaded once more by itself and the answer goes on where it was', async () => {
    const { app, engine, services } = started;
    engine.loadsAtOnce = false;
    const { ended } = await loseDuringAnswer(code);
    expect(services.pauses).toEqual([500]);
    expect(life()).toBe('recovering');
    expect(app.chat.getState().run).toMatchObject({ text: 'Half an', interruption: { code } });
    expect(engine.lastLoad.call.source).toEqual(engine.loads[0]?.call.source);
    engine.lastLoad.finish();
    await flush();
    expect(engine.loads).toHaveLength(2);
    expect(engine.lastAnswer.call).toMatchObject({
      begun: { text: 'Half an', tokenIds: [1] },
      maxTokens: (engine.answers[0]?.call.maxTokens ?? 0) - 1,
    });
    engine.lastAnswer.write(' answer', ', whole.');
    expect(app.chat.getState().run).toMatchObject({ interruption: null, tokenIds: [1, 2, 3] });
    engine.lastAnswer.finish();
    await ended;
    expect(lastMessage(app)).toMatchObject({ text: 'Half an answer, whole.', stopReason: 'end' });
    expect(lastMessage(app)).not.toHaveProperty('error');
    expect(app.models.getState()).toMatchObject({ phase: 'ready', error: null });
  });
});

test('an answer that goes on on another device says both', async () => {
  const { app, engine } = started;
  engine.loadsAtOnce = false;
  const { ended } = await loseDuringAnswer('device-lost');
  engine.device = processorReport;
  engine.lastLoad.finish();
  await flush();
  engine.lastAnswer.write(' answer.');
  engine.lastAnswer.finish({ computedOn: computedOn(processorReport) });
  await ended;
  expect(lastMessage(app).computedOn).toEqual([
    { kind: 'gpu', adapter: 'test gpu' },
    { kind: 'processor', threads: 4, activationBits: 32 },
  ]);
  expect(app.models.getState().device).toEqual({ status: 'ready', report: processorReport });
});

test('of an answer whose beginning an earlier version stored, nothing is said of the device', async () => {
  const { app, engine } = started;
  const { ended } = await loseDuringAnswer('device-lost');
  await loseModel('device-lost');
  await ended;
  app.chat.setState(({ tree }) => {
    const { computedOn: _, ...before } = lastMessage(app);
    return { tree: replaceMessage(tree, before) };
  });
  await app.modelRecovery.takeSmaller({ kind: 'coarser', precision: 'q8' });
  const continued = app.chatController.continueAnswer(lastMessage(app).id);
  await flush();
  engine.lastAnswer.write(' answer.');
  engine.lastAnswer.finish();
  await continued;
  expect(lastMessage(app)).toMatchObject({ text: 'Half an answer.' });
  expect(lastMessage(app)).not.toHaveProperty('computedOn');
});

test('lost while the question is read, it is read again', async () => {
  const { app, engine } = started;
  const { ended } = await loseDuringAnswer('device-lost', '');
  expect(engine.lastAnswer.call).not.toHaveProperty('begun');
  engine.lastAnswer.write('Whole.');
  engine.lastAnswer.finish();
  await ended;
  expect(lastMessage(app)).toMatchObject({ text: 'Whole.', stopReason: 'end' });
});

test('lost twice in a row, it is not loaded a third time: less memory is offered, and the text is kept', async () => {
  const { app, engine } = started;
  const { ended } = await loseDuringAnswer('device-lost');
  engine.lastAnswer.write(' answer');
  await loseModel('device-lost');
  await ended;
  expect(engine.loads).toHaveLength(2);
  expect(lastMessage(app)).toMatchObject({
    text: 'Half an answer',
    tokenIds: [1, 2],
    error: { code: 'device-lost' },
  });
  expect(app.models.getState()).toMatchObject({
    phase: 'failed',
    error: { code: 'device-lost' },
    smaller: [
      { kind: 'coarser', precision: 'q8' },
      { kind: 'shorter', contextTokens: 1024 },
    ],
  });
  // Another question finds no model and waits for none.
  await app.chatController.send('third');
  expect(lastMessage(app).error?.code).toBe('device-lost');
  expect(engine.loads).toHaveLength(2);

  await app.modelRecovery.takeSmaller({ kind: 'shorter', contextTokens: 1024 });
  expect(engine.lastLoad.call.contextTokens).toBe(1024);
  expect(app.models.getState()).toMatchObject({ phase: 'ready', smaller: [] });
});

test('the answer that was lost twice can be continued with the smaller option', async () => {
  const { app, engine } = started;
  const { ended } = await loseDuringAnswer('device-lost');
  await loseModel('device-lost');
  await ended;
  await app.modelRecovery.takeSmaller({ kind: 'coarser', precision: 'q8' });
  expect(engine.lastLoad.call.precision).toBe('q8');
  const continued = app.chatController.continueAnswer(lastMessage(app).id);
  await flush();
  engine.lastAnswer.write(' answer.');
  engine.lastAnswer.finish();
  await continued;
  expect(lastMessage(app)).toMatchObject({ text: 'Half an answer.', stopReason: 'end' });
  expect(lastMessage(app)).not.toHaveProperty('error');
});

test('after a whole answer in between, it is loaded again', async () => {
  const { engine } = started;
  const { ended } = await loseDuringAnswer('device-lost');
  engine.lastAnswer.finish();
  await ended;
  await converse(started, 'a question', 'A whole answer.');
  const second = await loseDuringAnswer('worker-died');
  engine.lastAnswer.finish();
  await second.ended;
  expect(engine.loads).toHaveLength(3);
});

test('lost while it is loaded, it is loaded once more; the browser’s GPU process may take its time', async () => {
  const { app, engine, services } = started;
  engine.loadsAtOnce = false;
  const loading = app.modelController.load(conversational);
  await flush();
  engine.lastLoad.fail('device-lost');
  await flush();
  expect(life()).toBe('recovering');
  engine.lastLoad.fail('no-webgpu');
  await flush();
  engine.lastLoad.fail('no-webgpu');
  await flush();
  expect(services.pauses).toEqual([500, 1000, 2000]);
  engine.lastLoad.finish();
  await loading;
  expect(life()).toBe('ready');
});

test('lost twice while it is loaded, less memory and a smaller model are offered', async () => {
  const services = new FakeServices();
  services.catalogue = [{ ...demonstration, file: { ...bundledFile, bytes: 1000 } }, conversational];
  started = await startApp(services);
  const { app, engine } = started;
  engine.loadsAtOnce = false;
  const loading = app.modelController.load(conversational);
  await flush();
  engine.lastLoad.fail('worker-died');
  await flush();
  engine.lastLoad.fail('device-lost');
  await loading;
  expect(engine.loads).toHaveLength(3);
  expect(life()).toBe('failed');
  expect(app.models.getState().smaller.map(({ kind }) => kind)).toEqual(['coarser', 'shorter', 'model']);
});

test('a reload that fails otherwise ends there, with the words kept', async () => {
  const { app, engine } = started;
  engine.loadsAtOnce = false;
  const { ended } = await loseDuringAnswer('device-lost');
  engine.lastLoad.fail('out-of-memory');
  await ended;
  expect(engine.loads).toHaveLength(2);
  expect(app.models.getState()).toMatchObject({ phase: 'failed', error: { code: 'out-of-memory' } });
  expect(app.models.getState().smaller).not.toHaveLength(0);
  expect(lastMessage(app)).toMatchObject({ text: 'Half an', error: { code: 'out-of-memory' } });
});

test('stopped while the model comes back, the answer ends as it is', async () => {
  const { app, engine } = started;
  engine.loadsAtOnce = false;
  const { ended } = await loseDuringAnswer('device-lost');
  app.chatController.stop();
  engine.lastLoad.finish();
  await ended;
  expect(lastMessage(app)).toMatchObject({ text: 'Half an', stopReason: 'aborted' });
  expect(engine.answers).toHaveLength(1);
  expect(life()).toBe('ready');
});

test.each<ErrorCode>(['context-full', 'out-of-memory', 'gpu-error', 'internal'])(
  '%s: the model is still there and is not loaded again; less memory is offered where that was short',
  async code => {
    const { app, engine } = started;
    const ended = app.chatController.send('a question');
    await flush();
    engine.lastAnswer.fail(code);
    await ended;
    await flush();
    expect(engine.loads).toHaveLength(1);
    expect(app.models.getState().phase).toBe('ready');
    expect(app.models.getState().smaller).toHaveLength(code === 'out-of-memory' ? 2 : 0);
  },
);

test('a GPU that failed and took the model with it is not trusted again unasked', async () => {
  const { app, engine } = started;
  const ended = app.chatController.send('a question');
  await flush();
  await loseModel('gpu-error');
  await ended;
  await flush();
  expect(engine.loads).toHaveLength(1);
  expect(app.models.getState()).toMatchObject({ phase: 'failed', error: { code: 'gpu-error' } });
});
