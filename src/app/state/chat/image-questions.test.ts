// @vitest-environment jsdom
import { beforeEach, expect, test } from 'vitest';
import type { Message } from '../../../client/index.ts';
import type { GenerateCall } from '../../testing/fake-engine.ts';
import {
  converse,
  FakeServices,
  flush,
  imageFile,
  lastMessage,
  type Started,
  shownPath,
  startApp,
} from '../../testing/fake-services.ts';
import { demonstration, imageReportOf, ownFile, seeing, visionUseOf } from '../../testing/fixtures.ts';

let started: Started;

beforeEach(async () => {
  const services = new FakeServices();
  services.catalogue = [demonstration, seeing];
  started = await startApp(services);
});

const idOf = (name: string) => imageReportOf(name).id;
const refOf = (name: string) => ({ id: idOf(name), name, width: 640, height: 480 });

async function attach(...names: string[]): Promise<void> {
  started.app.attachmentsController.add(names.map(imageFile));
  await started.app.attachmentsController.whenRead();
  await flush();
}

/** Asks about images and answers. */
async function askAbout(names: string[], question: string, answer = 'A drawing.'): Promise<Message> {
  await attach(...names);
  const sent = started.app.chatController.send(question);
  await flush();
  started.engine.lastAnswer.write(answer);
  started.engine.lastAnswer.finish({ vision: visionUseOf(idOf(names[0] ?? '')) });
  await sent;
  return lastMessage(started.app);
}

/** The files whose pixels the engine was given. */
const filesOf = ({ images = [] }: GenerateCall) => images.map(({ blob }) => (blob as File).name);

/** As another visit finds it: the same storage, nothing in memory. */
async function visitAgain(): Promise<void> {
  const { id } = started.app.chat.getState().tree.conversation;
  started = await startApp(started.services);
  started.engine.answers.length = 0;
  await started.app.chatController.open(id);
}

test('a question goes to the model with its images, the first message and the settings', async () => {
  const { app, engine } = started;
  await app.settingsController.update({ compressImages: true });
  await attach('a.png', 'b.png');
  const sent = app.chatController.send('What is it?');
  expect(app.shownDraft.getState().attachments).toEqual([]);
  await flush();
  const { call } = engine.lastAnswer;
  expect(call).toMatchObject({
    template: 'internvl2-chat',
    system: 'You see.',
    messages: [{ role: 'user', text: 'What is it?', images: [idOf('a.png'), idOf('b.png')] }],
    tiling: { mode: 'msac', preset: 'demo' },
    compressImages: true,
  });
  expect(filesOf(call)).toEqual(['a.png', 'b.png']);
  expect(call.images?.map(({ width, height }) => [width, height])).toEqual([
    [640, 480],
    [640, 480],
  ]);

  engine.lastAnswer.vision({ phase: 'tiles', image: 1, images: 2, done: 2, total: 19 });
  expect(app.chat.getState().run?.vision).toMatchObject({ phase: 'tiles', done: 2 });
  engine.lastAnswer.prefill(1, 2);
  expect(app.chat.getState().run?.vision).toBeNull();
  const vision = visionUseOf(idOf('a.png'));
  engine.lastAnswer.finish({ vision });
  await sent;
  const [question, answer] = shownPath(app);
  expect(question?.images).toEqual([refOf('a.png'), refOf('b.png')]);
  expect(answer?.vision).toEqual(vision);
});

test('images without a text are described', async () => {
  await askAbout(['a.png'], '');
  expect(shownPath(started.app)[0]?.text).toBe('Describe the image.');
  expect(started.app.conversationList.getState().conversations[0]?.title).toBe('Describe the image.');
});

test('a question without images carries nothing of them', async () => {
  await converse(started, 'one', 'First.');
  const { call } = started.engine.lastAnswer;
  expect(['images', 'tiling', 'compressImages', 'system'].filter(name => name in call)).toEqual([]);
});

test('images outlive a reload, and later turns, other answers and edits are about them', async () => {
  await askAbout(['a.png'], 'What is it?');
  await visitAgain();
  const { app, engine } = started;
  await attach('b.png');
  const follow = app.chatController.send('And this?');
  await flush();
  expect(filesOf(engine.lastAnswer.call)).toEqual(['a.png', 'b.png']);
  expect(engine.lastAnswer.call.messages.map(({ images }) => images)).toEqual([
    [idOf('a.png')],
    undefined,
    [idOf('b.png')],
  ]);
  engine.lastAnswer.finish();
  await follow;

  void app.chatController.regenerate(lastMessage(app).id);
  await flush();
  expect(filesOf(engine.lastAnswer.call)).toEqual(['a.png', 'b.png']);
  app.chatController.stop();
  await flush();

  const [question] = shownPath(app);
  void app.chatController.editAndResend(question?.id ?? '', '');
  await flush();
  expect(filesOf(engine.lastAnswer.call)).toEqual(['a.png']);
  expect(shownPath(app)[0]).toMatchObject({ text: 'Describe the image.', images: [refOf('a.png')] });
});

test('a model that reads each question alone is given the images of that question alone', async () => {
  const { app, engine } = started;
  app.models.setState({ catalogue: [demonstration, { ...seeing, includeHistory: false }] });
  await askAbout(['a.png'], 'one');
  await attach('b.png');
  void app.chatController.send('two');
  await flush();
  expect(engine.lastAnswer.call.images?.map(({ id }) => id)).toEqual([idOf('b.png')]);
  expect(engine.lastAnswer.call.messages[0]).toEqual({ role: 'user', text: 'one' });
});

test('a text question to a model that reads text alone leaves the images out, and the answer says so', async () => {
  await askAbout(['a.png'], 'one');
  const { app, engine } = started;
  await app.modelController.load(ownFile, new File([], 'mine.gguf'));
  const answer = await converse(started, 'two', 'Second.');
  expect(engine.lastAnswer.call.messages.some(message => message.images)).toBe(false);
  expect(engine.lastAnswer.call.images).toBeUndefined();
  expect(answer.withoutImages).toBe(true);
  expect(app.models.getState().entry).toEqual(ownFile);
});

test('a later question about images brings the model that sees in the place of another demonstration', async () => {
  await askAbout(['a.png'], 'one');
  await visitAgain();
  expect(started.app.models.getState().entry).toEqual(demonstration);
  const answer = await converse(started, 'two', 'Second.');
  expect(started.app.models.getState().entry).toEqual(seeing);
  expect(filesOf(started.engine.lastAnswer.call)).toEqual(['a.png']);
  expect(answer.withoutImages).toBeUndefined();
});

test('where no model sees, the answer says so, and image and question are kept', async () => {
  const { app, services, engine } = started;
  app.models.setState({ catalogue: [demonstration] });
  await attach('a.png');
  await app.chatController.send('What is it?');
  expect(lastMessage(app).error?.code).toBe('no-vision-model');
  expect(engine.answers).toHaveLength(0);
  expect(services.conversations.images.size).toBe(1);
  // With a model that sees, the same question is answered.
  app.models.setState({ catalogue: [demonstration, seeing] });
  void app.chatController.regenerate(lastMessage(app).id);
  await flush();
  expect(engine.lastAnswer.call.images).toHaveLength(1);
});

test('a model that sees and fails to load says why, in the answer', async () => {
  const { app, engine } = started;
  engine.loadsAtOnce = false;
  await attach('a.png');
  const sent = app.chatController.send('What is it?');
  await flush();
  engine.lastLoad.fail('network');
  await flush();
  // Once more for the question: an image was attached a moment ago, and the connection may be back.
  engine.lastLoad.fail('network');
  await sent;
  expect(lastMessage(app).error?.code).toBe('network');
});

test('an image that is no longer kept is named, and nothing is lost', async () => {
  await askAbout(['a.png'], 'one');
  await visitAgain();
  const { app, services, engine } = started;
  services.conversations.images.clear();
  await app.chatController.send('two');
  expect(lastMessage(app).error).toMatchObject({
    code: 'invalid-request',
    message: expect.stringContaining('“a.png” is no longer kept'),
  });
  expect(engine.answers).toHaveLength(0);
  expect(shownPath(app).map(({ text }) => text)).toEqual(['one', 'A drawing.', 'two', '']);
});

test('a full disk: the question is asked all the same, and the page says that the image is not kept', async () => {
  const { app, services, engine } = started;
  services.conversations.imageFailure = 'storage-full';
  const answer = await askAbout(['a.png'], 'one');
  expect(answer).toMatchObject({ text: 'A drawing.', stopReason: 'end' });
  expect(app.storage.getState()).toMatchObject({ problem: { code: 'storage-full' }, hasUnsaved: true });
  // As long as the page is open, it is there.
  void app.chatController.regenerate(answer.id);
  await flush();
  expect(engine.lastAnswer.call.images).toHaveLength(1);
  // Once there is room, it is kept.
  services.conversations.imageFailure = null;
  await app.debts.tryAgain();
  expect(services.conversations.images.size).toBe(1);
  expect(app.storage.getState()).toMatchObject({ problem: null, hasUnsaved: false });
});

test.each([null, 'storage-full'] as const)(
  'images are deleted with their conversation and come back with it (%s)',
  async failure => {
    const { app, services } = started;
    services.conversations.imageFailure = failure;
    await askAbout(['a.png'], 'one');
    const { id } = app.chat.getState().tree.conversation;
    await app.chatController.remove(id);
    expect(services.conversations.images.size).toBe(0);
    expect(await app.imageCache.find(id, idOf('a.png'))).toBeUndefined();
    app.ui.getState().toasts.at(-1)?.action?.run();
    await flush();
    expect(await app.imageCache.find(id, idOf('a.png'))).toMatchObject({ name: 'a.png' });
    await app.chatController.removeAll();
    expect(await app.imageCache.find(id, idOf('a.png'))).toBeUndefined();
  },
);

test('a sample is attached and asked about; one that cannot be fetched says so', async () => {
  const { app, engine, services } = started;
  const [sample] = seeing.sampleImages ?? [];
  services.sampleFailure = 'network';
  await app.chatController.askAboutSample(sample!);
  expect(app.ui.getState().toasts.at(-1)?.text).toContain('What happened: network.');
  services.sampleFailure = null;
  void app.chatController.askAboutSample(sample!);
  await flush();
  await flush();
  expect(engine.lastAnswer.call.messages).toEqual([
    { role: 'user', text: 'What kind of image is this?', images: [idOf('Synthetic.png')] },
  ]);
});
