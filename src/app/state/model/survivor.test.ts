// @vitest-environment jsdom
import { beforeEach, describe, expect, test } from 'vitest';
import {
  converse,
  FakeServices,
  flush,
  imageFile,
  type Started,
  startApp,
} from '../../testing/fake-services.ts';
import {
  conversational,
  demonstration,
  errorOf,
  gpuReport,
  ownFile,
  ownModel,
  seeing,
} from '../../testing/fixtures.ts';
import type { ModelState } from './model-store.ts';

let started: Started;
const file = new File(['GGUF'], 'mine.gguf');

beforeEach(async () => {
  const services = new FakeServices();
  services.catalogue = [demonstration, conversational, seeing, ownModel, { ...ownModel, id: 'other' }];
  started = await startApp(services);
  await converse(started, 'one', 'First.');
  started.engine.loadsAtOnce = false;
});

const state = () => started.app.models.getState();

type Ended = 'stopped' | 'refused' | 'out of room';

async function end(how: Ended): Promise<void> {
  const { app, engine } = started;
  if (how === 'stopped') app.modelController.cancel();
  else if (how === 'refused') engine.lastLoad.fail('not-gguf', 'stays');
  else engine.lastLoad.findNoRoom([{ precision: 'q8', contextTokens: 512, totalBytes: 1 }]);
  await flush();
}

/** Each a way to ask for another load. */
const loads: [string, () => void][] = [
  ['a file', () => void started.app.modelController.load(ownFile, file)],
  ['another model of the site', () => void started.app.modelController.load(conversational)],
  ['an image', () => started.app.attachmentsController.add([imageFile('a.png')])],
  ['the same with another precision', () => void reloadWith('q8')],
  [
    'a file after another model that is still loading',
    () => {
      void started.app.modelController.load(conversational);
      void started.app.modelController.load(ownFile, file);
    },
  ],
];

async function reloadWith(precision: 'q8'): Promise<void> {
  await started.app.settingsController.update({ precision });
  await started.app.modelController.reload();
}

describe.each(loads)('after %s', (_, load) => {
  test.each<Ended>(['stopped', 'refused', 'out of room'])(
    '%s, all that is said of the model before is as it was',
    async how => {
      started.app.models.setState({ smaller: [{ kind: 'coarser', precision: 'q8' }] });
      const before = state();
      expect(before).toMatchObject({ tokensPerSecond: 40, loadedWith: { precision: 'f16' } });
      load();
      await flush();
      expect(state().phase).toBe('loading');
      await end(how);
      const { error, refused, ...after } = state();
      const { error: _error, refused: _refused, ...same } = before;
      expect(after).toEqual(same);
      expect(error?.code ?? null).toBe(
        { stopped: null, refused: 'not-gguf', 'out of room': 'out-of-memory' }[how],
      );
      expect(refused !== null).toBe(how !== 'stopped');
    },
  );
});

test('a load that was stopped puts back the error that was shown', async () => {
  const { app } = started;
  void app.modelController.load(ownFile, file);
  await flush();
  await end('refused');
  const before = state();
  void app.modelController.load(conversational);
  await flush();
  expect(state().error).toBeNull();
  await end('stopped');
  expect(state()).toEqual(before);
});

test('a model that rests goes on resting when a file proves unsound, and answers', async () => {
  const { app, engine } = started;
  await app.modelSuspension.rest();
  void app.modelController.load(ownFile, file);
  await flush();
  await end('refused');
  expect(state()).toMatchObject({ phase: 'resting', entry: demonstration, error: { code: 'not-gguf' } });
  expect(started.services.engineLock.isHeld).toBe(false);
  engine.loadsAtOnce = true;
  expect((await converse(started, 'two', 'Second.')).model).toBe('Nano');
});

test('a load that is stopped after the model before it was dropped leaves that one resting', async () => {
  const { app, engine } = started;
  void app.modelController.load(conversational);
  await flush();
  engine.loaded = null;
  await end('stopped');
  expect(state()).toMatchObject({ phase: 'resting', entry: demonstration, meant: { entry: demonstration } });
});

test('of a load that found no room, what would fit is loaded, and of that model', async () => {
  const { app, engine } = started;
  void app.modelController.load(ownFile, file);
  await flush();
  await end('out of room');
  const [choice] = state().error?.choices ?? [];
  void app.modelController.loadAs(choice!);
  await flush();
  expect(engine.lastLoad.call).toMatchObject({
    source: { kind: 'file', file },
    precision: 'q8',
    contextTokens: 512,
  });
  engine.lastLoad.finish();
  await flush();
  expect(state()).toMatchObject({ entry: ownFile, meant: { entry: ownFile, isChosen: true } });
});

test('what takes less memory is no longer offered once an answer has fitted', async () => {
  const { app, engine } = started;
  const sent = app.chatController.send('long');
  await flush();
  engine.lastAnswer.fail('out-of-memory');
  await sent;
  await flush();
  expect(state().smaller).not.toEqual([]);
  await converse(started, 'short', 'Fits.');
  expect(state().smaller).toEqual([]);
});

test('an error dismissed leaves what is offered for the model that goes on', async () => {
  started.app.models.setState({
    smaller: [{ kind: 'coarser', precision: 'q8' }],
    error: errorOf('not-gguf') as ModelState['error'],
  });
  started.app.modelController.dismissError();
  expect(state()).toMatchObject({
    phase: 'ready',
    error: null,
    smaller: [{ kind: 'coarser', precision: 'q8' }],
  });
});

test('a model that was put away leaves nothing of itself', async () => {
  await started.app.modelController.unload();
  expect(state()).toMatchObject({
    phase: 'empty',
    entry: null,
    files: null,
    info: null,
    loadedWith: null,
    meant: null,
    tokensPerSecond: null,
  });
});

describe('while the GPU is being looked for', () => {
  async function startProbing(): Promise<{ found: () => void }> {
    const services = new FakeServices();
    services.catalogue = [demonstration, seeing, ownModel];
    let found: () => void = () => undefined;
    services.engine.probeDevice = () => new Promise(resolve => (found = () => resolve(gpuReport)));
    const { createApp } = await import('../create-app.ts');
    const app = createApp(services);
    void app.start();
    await flush();
    expect(app.models.getState().device.status).toBe('probing');
    started = { app, services, engine: services.engine };
    return { found: () => found() };
  }

  test.each([false, true])(
    'a file that is opened is not replaced by the bundled model (loaded before: %s)',
    async isReady => {
      const { found } = await startProbing();
      const { app, engine } = started;
      engine.loadsAtOnce = isReady;
      void app.modelController.load(ownFile, file);
      await flush();
      found();
      await flush();
      expect(engine.loads).toHaveLength(1);
      expect(engine.lastLoad.call.signal?.aborted).toBe(false);
      if (!isReady) engine.lastLoad.finish();
      await flush();
      expect(state()).toMatchObject({ phase: 'ready', entry: { kind: 'own' }, fileName: 'mine.gguf' });
      expect((await converse(started, 'one', 'First.')).model).toBe('Big');
    },
  );

  test('a model of the site that is chosen is not replaced by the first one', async () => {
    const { found } = await startProbing();
    const { app, engine } = started;
    void app.modelController.load(seeing);
    found();
    await flush();
    expect(engine.loads).toHaveLength(1);
    expect(state().entry).toEqual(seeing);
  });

  test('an image that was attached and removed again leaves the bundled model', async () => {
    const { found } = await startProbing();
    const { app, engine } = started;
    app.attachmentsController.add([imageFile('a.png')]);
    await flush();
    app.attachmentsController.remove(app.shownDraft.getState().attachments[0]?.key ?? '');
    found();
    await flush();
    expect(engine.loads).toHaveLength(1);
    expect(state().entry).toEqual(demonstration);
  });
});
