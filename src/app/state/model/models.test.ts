// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { FakeServices, flush, startApp } from '../../testing/fake-services.ts';
import { conversational, demonstration, errorOf, ownFile, ownModel, seeing } from '../../testing/fixtures.ts';

const file = new File(['GGUF'], 'mine.gguf');

test('on opening, the bundled model is loaded and said to be ready', async () => {
  const { app, engine } = await startApp();
  expect(engine.loads).toHaveLength(1);
  expect(engine.lastLoad.call).toMatchObject({ source: demonstration.file, precision: 'f16' });
  expect(app.models.getState()).toMatchObject({ phase: 'ready', entry: demonstration, error: null });
  expect(app.ui.getState().announcement).toBe('Nano is ready');
});

test('on opening again, the model used last is loaded', async () => {
  const { app, services } = await startApp();
  await app.modelController.load(conversational);
  expect(services.settings.settings.modelId).toBe('chatty');
  const again = new FakeServices({ modelId: 'chatty' });
  expect((await startApp(again)).app.models.getState().entry?.id).toBe('chatty');
});

test('the demonstrations of the site are stored once for use offline, and not again', async () => {
  const services = new FakeServices();
  services.catalogue = [demonstration, seeing, ownModel];
  const { app, engine } = await startApp(services);
  await flush();
  expect(engine.storedForLater).toEqual(['nano-chat', 'nano-vqa', 'nano-vqa-vision']);
  expect(services.settings.settings.hasOfflineCopies).toBe(true);
  await app.modelController.start();
  await flush();
  expect(engine.storedForLater).toHaveLength(3);
});

test('where there is no room to store them, nothing is said and it is tried on the next visit', async () => {
  const services = new FakeServices();
  services.engine.storage = 'full';
  const { app } = await startApp(services);
  await flush();
  expect(services.settings.settings.hasOfflineCopies).toBe(false);
  expect(app.models.getState()).toMatchObject({ phase: 'ready', error: null });
});

test('progress is shown while it lasts', async () => {
  const { app, engine } = await startApp();
  engine.loadsAtOnce = false;
  const loading = app.modelController.load(conversational);
  await flush();
  const progress = { phase: 'upload', done: 1, total: 2, fromStore: false } as const;
  engine.lastLoad.progress(progress);
  expect(app.models.getState()).toMatchObject({ phase: 'loading', progress, info: null });
  engine.lastLoad.finish();
  await loading;
  expect(app.models.getState()).toMatchObject({ phase: 'ready', progress: null });
});

test('a file that proves unsound leaves the model before it in place, with the reason', async () => {
  const { app, engine } = await startApp();
  engine.loadsAtOnce = false;
  const loading = app.modelController.load(ownFile, file);
  await flush();
  expect(app.models.getState()).toMatchObject({ phase: 'loading', fileName: 'mine.gguf' });
  engine.lastLoad.fail('not-gguf', 'stays');
  await loading;
  expect(app.models.getState()).toMatchObject({
    phase: 'ready',
    entry: demonstration,
    fileName: null,
    error: { code: 'not-gguf' },
  });
  // What is reloaded is the model in place, not the file.
  engine.loadsAtOnce = true;
  await app.modelController.reload();
  expect(engine.lastLoad.call.source).toEqual(demonstration.file);
  expect(app.models.getState().error).toBeNull();
});

test('a load that fails after the model before it was dropped leaves none', async () => {
  const { app, engine } = await startApp();
  engine.loadsAtOnce = false;
  const loading = app.modelController.load(ownFile, file);
  await flush();
  engine.lastLoad.fail('out-of-memory');
  await loading;
  expect(app.models.getState()).toMatchObject({
    phase: 'failed',
    entry: ownFile,
    info: null,
    error: { code: 'out-of-memory' },
  });
  engine.loadsAtOnce = true;
  await app.modelController.reload();
  expect(engine.lastLoad.call.source).toEqual({ kind: 'file', file });
  expect(app.models.getState()).toMatchObject({ phase: 'ready', fileName: 'mine.gguf' });
});

test('a worker that died while loading leaves no model and the reason', async () => {
  const { app, engine } = await startApp();
  engine.loadsAtOnce = false;
  const loading = app.modelController.load(conversational);
  await flush();
  engine.isWorkerGone = true;
  engine.lastLoad.fail('worker-died');
  await flush();
  // A fresh worker is tried once.
  engine.lastLoad.fail('worker-died');
  await loading;
  expect(app.models.getState()).toMatchObject({ phase: 'failed', error: { code: 'worker-died' } });
});

test('a cancelled load goes back to the model before it, or to none', async () => {
  const { app, engine } = await startApp();
  engine.loadsAtOnce = false;
  const second = app.modelController.load(conversational);
  await flush();
  app.modelController.cancel();
  await second;
  expect(app.models.getState()).toMatchObject({ phase: 'ready', entry: demonstration, error: null });

  await app.modelController.unload();
  expect(app.models.getState()).toMatchObject({ phase: 'empty', entry: null, info: null });
  const third = app.modelController.load(conversational);
  await flush();
  app.modelController.cancel();
  await third;
  expect(app.models.getState()).toMatchObject({ phase: 'empty', entry: null, error: null });
});

test('a second choice while the first loads takes its place', async () => {
  const { app, engine } = await startApp();
  engine.loadsAtOnce = false;
  const first = app.modelController.load(conversational);
  await flush();
  const second = app.modelController.load(ownFile, file);
  await flush();
  expect(engine.loads[1]?.call.signal?.aborted).toBe(true);
  engine.lastLoad.finish({ name: 'mine' });
  await Promise.all([first, second]);
  expect(app.models.getState()).toMatchObject({ phase: 'ready', entry: ownFile, info: { name: 'mine' } });
});

test('a second choice that proves unsound goes back to the model before both', async () => {
  const { app, engine } = await startApp();
  engine.loadsAtOnce = false;
  const first = app.modelController.load(conversational);
  await flush();
  const second = app.modelController.load(ownFile, file);
  await flush();
  engine.lastLoad.fail('not-gguf', 'stays');
  await Promise.all([first, second]);
  expect(app.models.getState()).toMatchObject({
    phase: 'ready',
    entry: demonstration,
    fileName: null,
    error: { code: 'not-gguf' },
  });
});

test('without a list of models the page says so, and a second look helps', async () => {
  const services = new FakeServices();
  services.catalogueFailure = errorOf('network');
  const { app } = await startApp(services);
  expect(app.models.getState()).toMatchObject({ phase: 'failed', error: { code: 'network' } });
  services.catalogueFailure = null;
  await app.modelController.reload();
  expect(app.models.getState()).toMatchObject({ phase: 'ready', error: null });
});

test('without a GPU nothing is loaded; with one later, it is', async () => {
  const services = new FakeServices();
  services.engine.device = 'no-webgpu';
  const { app, engine } = await startApp(services);
  expect(app.models.getState().device).toMatchObject({ status: 'failed', error: { code: 'no-webgpu' } });
  expect(engine.loads).toHaveLength(0);
  engine.device = { ...(await new FakeServices().engine.probeDevice()), isSoftware: true };
  await app.modelController.start();
  expect(app.models.getState()).toMatchObject({ phase: 'ready', device: { status: 'ready' } });
});

test('what a load has stored is in the library at once', async () => {
  const { app, services } = await startApp();
  services.library.files = [
    { id: 'chatty', url: '', bytes: 10, storedBytes: 10, keptBytes: 0, complete: true, savedAt: 0 },
  ];
  await app.modelController.load(conversational);
  await flush();
  expect(app.library.getState().files).toEqual(services.library.files);
});
