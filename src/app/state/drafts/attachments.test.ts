// @vitest-environment jsdom
import { beforeEach, expect, test } from 'vitest';
import { FakeServices, flush, imageFile, type Started, startApp } from '../../testing/fake-services.ts';
import { demonstration, ownSeeing, ownSeeingFiles, seeing } from '../../testing/fixtures.ts';
import { canAsk } from './attachment.ts';
import { maxImages } from './attachments-controller.ts';

let started: Started;

beforeEach(async () => {
  started = await startApp(withVision());
});

function withVision(): FakeServices {
  const services = new FakeServices();
  services.catalogue = [demonstration, seeing, ownSeeing];
  return services;
}

const attached = () => started.app.shownDraft.getState().attachments;
const names = () => attached().map(({ name }) => name);
const inspected = () => started.engine.inspections.map(file => (file as File).name);
const toasts = () => started.app.ui.getState().toasts.map(({ text }) => text);

async function attach(...files: string[]): Promise<void> {
  started.app.attachmentsController.add(files.map(imageFile));
  await started.app.attachmentsController.whenRead();
  await flush();
}

test('an image is read by the engine before it can be asked about', async () => {
  const { app } = started;
  app.attachmentsController.add([imageFile('scan.png')]);
  expect(attached()).toMatchObject([{ name: 'scan.png', status: 'reading' }]);
  expect(canAsk('What is it?', attached(), [])).toBe(false);
  await attach();
  expect(attached()).toMatchObject([{ status: 'ready', report: { width: 640, height: 480 } }]);
  expect(canAsk('', attached(), [])).toBe(true);
  expect(canAsk('', [], [])).toBe(false);
});

test('what is no image stays with its reason, and nothing is asked until it is removed', async () => {
  const said: string[] = [];
  started.app.ui.subscribe(({ announcement }) => said.push(announcement));
  await attach('damaged-image', 'scan.png');
  expect(attached()).toMatchObject([
    { status: 'failed', error: { code: 'damaged-image', message: 'What happened: damaged-image.' } },
    { status: 'ready' },
  ]);
  expect(said).toContain('damaged-image: What happened: damaged-image.');
  await started.app.chatController.send('What is it?');
  expect(started.engine.answers).toHaveLength(0);
  started.app.attachmentsController.remove(attached()[0]?.key ?? '');
  expect(canAsk('', attached(), [])).toBe(true);
});

test('images are put in order, and what moves is said', async () => {
  await attach('a', 'b', 'c');
  const [first] = attached();
  started.app.attachmentsController.move(first?.key ?? '', 1);
  expect(names()).toEqual(['b', 'a', 'c']);
  expect(started.app.ui.getState().announcement).toBe('a is image 2 of 3');
  started.app.attachmentsController.move(attached()[0]?.key ?? '', -1);
  started.app.attachmentsController.move('nothing', 1);
  expect(names()).toEqual(['b', 'a', 'c']);
});

test('a question has at most eight images, and the page says how many were left out', async () => {
  await attach(...'abcdef');
  await attach(...'ghij');
  expect(names()).toHaveLength(maxImages);
  expect(toasts()).toContain('A question can have 8 images. 2 were left out.');
});

test('the same image twice is attached once', async () => {
  await attach('scan.png');
  await attach('scan.png');
  expect(names()).toEqual(['scan.png']);
  expect(toasts()).toContain('“scan.png” is attached already.');
});

test('what is removed while it is read does not come back', async () => {
  started.app.attachmentsController.add([imageFile('scan.png')]);
  started.app.attachmentsController.remove(attached()[0]?.key ?? '');
  await attach();
  expect(attached()).toEqual([]);
});

test('the first image brings the model that sees, and says why; the model before it is one press away', async () => {
  const { app, engine, services } = started;
  await attach('scan.png');
  expect(engine.loads).toHaveLength(2);
  expect(engine.lastLoad.call).toMatchObject({ source: seeing.file, vision: seeing.vision?.file });
  expect(app.models.getState()).toMatchObject({ phase: 'ready', entry: seeing });
  expect(toasts()).toEqual(['Loading Seer, because Nano does not see images.']);
  // For this image, not for the next visit.
  expect(services.settings.settings.modelId).toBe('nano-chat');
  const [toast] = app.ui.getState().toasts;
  expect(toast?.action?.label).toBe('Back to Nano');
  toast?.action?.run();
  await flush();
  expect(app.models.getState().entry).toEqual(demonstration);
  await attach('other.png');
  expect(app.models.getState().entry).toEqual(demonstration);
});

test('how an image will be cut is known once a model that sees is there, and follows the settings', async () => {
  const { app, engine } = started;
  engine.loadsAtOnce = false;
  await attach('scan.png');
  expect(attached()).toMatchObject([{ views: null }]);
  engine.lastLoad.finish();
  await flush();
  expect(attached()).toMatchObject([{ views: [{ grid: [4, 3] }, { grid: [3, 2] }, { grid: [1, 1] }] }]);
  await app.settingsController.update({ tiling: { mode: 'single', preset: 'demo' } });
  await flush();
  expect(attached()).toMatchObject([{ views: [{ name: 'overview', tokens: 16 }] }]);
  // The pixels were looked at once: the rest follows from their number.
  expect(engine.inspections).toHaveLength(1);
  engine.loadsAtOnce = true;
  await app.modelController.load(demonstration);
  expect(attached()).toMatchObject([{ views: null }]);
});

test('what the model would see is chosen with the model and the setting there are when the image has been read', async () => {
  const { app, engine } = started;
  engine.readsAtOnce = false;
  app.attachmentsController.add([imageFile('scan.png')]);
  await app.settingsController.update({ tiling: { mode: 'single', preset: 'demo' } });
  engine.finishReading();
  await app.attachmentsController.whenRead();
  expect(attached()).toMatchObject([{ views: [{ name: 'overview' }] }]);
});

test('images are read one after the other, and what was removed meanwhile not at all', async () => {
  const { app, engine } = started;
  engine.readsAtOnce = false;
  app.attachmentsController.add(['a', 'damaged-image', 'b', 'c'].map(imageFile));
  app.attachmentsController.add([imageFile('d')]);
  await flush();
  expect(inspected()).toEqual(['a']);
  app.attachmentsController.remove(attached()[0]?.key ?? '');
  app.attachmentsController.remove(attached()[1]?.key ?? '');
  await flush();
  expect(inspected()).toEqual(['a']);
  for (const names of [
    ['a', 'damaged-image'],
    ['a', 'damaged-image', 'c'],
    ['a', 'damaged-image', 'c', 'd'],
  ]) {
    engine.finishReading();
    await flush();
    expect(inspected()).toEqual(names);
  }
  engine.finishReading();
  await app.attachmentsController.whenRead();
  expect(attached()).toMatchObject([
    { name: 'damaged-image', status: 'failed' },
    { name: 'c', status: 'ready' },
    { name: 'd', status: 'ready' },
  ]);
});

test.each(['loading', 'loaded'])('a model of one’s own that sees and is %s stays', async phase => {
  const { app, engine } = started;
  engine.loadsAtOnce = phase === 'loaded';
  void app.modelController.load(ownSeeingFiles, new File([], 'text.gguf'), new File([], 'eyes.gguf'));
  await flush();
  await attach('scan.png');
  expect(engine.loads).toHaveLength(2);
  expect(app.models.getState().entry).toEqual(ownSeeingFiles);
  expect(toasts()).toEqual([]);
});

test('an image attached before there was a choice of model decides it', async () => {
  const services = withVision();
  const { createApp } = await import('../create-app.ts');
  const app = createApp(services);
  app.attachmentsController.add([imageFile('scan.png')]);
  await app.start();
  await flush();
  expect(app.models.getState().entry).toEqual(seeing);
  expect(services.engine.loads).toHaveLength(1);
  expect(services.settings.settings.modelId).toBeNull();
});

test('an answer being written is not ended by an image; the next question brings the model', async () => {
  const { app, engine } = started;
  const sent = app.chatController.send('one');
  await flush();
  await attach('scan.png');
  expect(engine.loads).toHaveLength(1);
  engine.lastAnswer.finish();
  await sent;
  void app.chatController.send('What is it?');
  await flush();
  expect(app.models.getState().entry).toEqual(seeing);
  expect(engine.answers).toHaveLength(2);
});
