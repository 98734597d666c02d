// @vitest-environment jsdom
import { beforeEach, describe, expect, test } from 'vitest';
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
import {
  conversational,
  demonstration,
  imageReportOf,
  ownFile,
  ownModel,
  ownSeeing,
  ownSeeingFiles,
  seeing,
  visionUseOf,
} from '../../testing/fixtures.ts';
import { chooseAnswerer, nextQuestion } from './choose-answerer.ts';

let started: Started;

beforeEach(async () => {
  const services = new FakeServices();
  services.catalogue = [demonstration, conversational, seeing, ownModel, ownSeeing];
  started = await startApp(services);
});

const onDuty = () => started.app.models.getState().entry;
const attached = () => started.app.shownDraft.getState().attachments;

async function attach(...names: string[]): Promise<void> {
  started.app.attachmentsController.add(names.map(imageFile));
  await started.app.attachmentsController.whenRead();
  await flush();
}

async function removeAll(): Promise<void> {
  for (const { key } of attached()) started.app.attachmentsController.remove(key);
  await flush();
}

/** Asks about an image and answers. */
async function askAbout(name: string, question: string): Promise<void> {
  await attach(name);
  const sent = started.app.chatController.send(question);
  await flush();
  started.engine.lastAnswer.write('A drawing.');
  started.engine.lastAnswer.finish({ vision: visionUseOf(imageReportOf(name).id) });
  await sent;
}

/** Which model the page says before the question is sent. */
function foretold(): string | undefined {
  const { app } = started;
  const question = nextQuestion(shownPath(app), attached().length > 0);
  return chooseAnswerer(question, app.models.getState()).model?.entry.name;
}

async function askText(): Promise<string | undefined> {
  const before = foretold();
  const { model } = await converse(started, 'What is asthma?', 'A disease.');
  expect(model).toBe(before);
  return model;
}

test('an image attached and removed again changes nothing: the text model is brought back and answers', async () => {
  const { app } = started;
  await attach('a.png');
  expect(onDuty()).toEqual(seeing);
  await removeAll();
  expect(onDuty()).toEqual(demonstration);
  expect(await askText()).toBe('Nano');
  expect(app.models.getState().meant).toMatchObject({ entry: demonstration });
});

test('removed while the model that sees is still on its way, the one before it goes on without being loaded again', async () => {
  const { app, engine } = started;
  engine.loadsAtOnce = false;
  await attach('a.png');
  await removeAll();
  expect(engine.loads).toHaveLength(2);
  expect(app.models.getState()).toMatchObject({ phase: 'ready', entry: demonstration, error: null });
});

test('removed and another attached in the same breath, the model that sees comes', async () => {
  const { app, engine } = started;
  engine.loadsAtOnce = false;
  await attach('a.png');
  app.attachmentsController.remove(attached()[0]?.key ?? '');
  app.attachmentsController.add([imageFile('b.png')]);
  await flush();
  engine.lastLoad.finish();
  await flush();
  expect(app.models.getState()).toMatchObject({ phase: 'ready', entry: seeing });
  expect(foretold()).toBe('Seer');
});

test('images that come and go while nothing is left on the GPU: the model that sees comes in the end', async () => {
  const { app, engine } = started;
  await attach('a.png');
  engine.loadsAtOnce = false;
  await removeAll();
  // The text model on its way has taken the room of the one that sees, and is given up itself.
  await attach('b.png');
  engine.loaded = null;
  app.attachmentsController.remove(attached()[0]?.key ?? '');
  app.attachmentsController.add([imageFile('c.png')]);
  await flush();
  expect(app.models.getState()).toMatchObject({ phase: 'loading', entry: seeing });
  engine.lastLoad.finish();
  await flush();
  expect(app.models.getState()).toMatchObject({ phase: 'ready', entry: seeing });
});

test('a model that rests is brought back by an image that it sees', async () => {
  const { app } = started;
  await app.modelController.load(seeing);
  await app.modelSuspension.rest();
  expect(app.models.getState().phase).toBe('resting');
  await attach('a.png');
  expect(app.models.getState()).toMatchObject({ phase: 'ready', entry: seeing });
});

test('a model that was deleted from the library is not fetched again for a question', async () => {
  const { app } = started;
  const installed = { ...conversational, id: 'added', name: 'Added', kind: 'installed' as const };
  await app.modelController.load(installed);
  await askAbout('a.png', 'What is it?');
  app.chatController.newChat();
  app.models.setState(({ catalogue }) => ({ catalogue: [...catalogue, installed] }));
  expect(foretold()).toBe('Added');
  app.models.setState(({ catalogue }) => ({ catalogue: catalogue.filter(({ id }) => id !== 'added') }));
  expect(await askText()).toBe('Seer');
});

test('one of several images removed keeps the model that sees', async () => {
  await attach('a.png', 'b.png');
  started.app.attachmentsController.remove(attached()[0]?.key ?? '');
  await flush();
  expect(onDuty()).toEqual(seeing);
});

test('after a question about an image, a text in a new chat goes to the text model again', async () => {
  const { app, engine } = started;
  await app.modelController.load(ownFile, new File(['GGUF'], 'pmc.gguf'));
  await askAbout('a.png', 'What is it?');
  expect(lastMessage(app).model).toBe('Seer');
  app.chatController.newChat();
  expect(await askText()).toBe('Big');
  expect(engine.lastLoad.call.source).toMatchObject({ kind: 'file', file: { name: 'pmc.gguf' } });
  expect(engine.lastAnswer.call.template).toBe(ownFile.template);
});

test('what follows on an image belongs to the model that sees, in its conversation and in no other', async () => {
  const { app } = started;
  await app.modelController.load(ownFile, new File(['GGUF'], 'pmc.gguf'));
  await askAbout('a.png', 'What is it?');
  const { id } = app.chat.getState().tree.conversation;
  expect(await askText()).toBe('Seer');
  app.chatController.newChat();
  expect(await askText()).toBe('Big');
  await app.chatController.open(id);
  expect(foretold()).toBe('Big');
});

test('with the images still in its view, the conversation goes back to the model that sees', async () => {
  const { app, engine } = started;
  await askAbout('a.png', 'What is it?');
  const { id } = app.chat.getState().tree.conversation;
  app.chatController.newChat();
  expect(await askText()).toBe('Nano');
  await app.chatController.open(id);
  expect(foretold()).toBe('Seer');
  const sent = app.chatController.send('And now?');
  await flush();
  expect(engine.lastAnswer.call.images).toHaveLength(1);
  engine.lastAnswer.finish();
  await sent;
});

test('a model chosen by hand after the image is meant for what follows too', async () => {
  await askAbout('a.png', 'What is it?');
  await started.app.modelController.load(conversational);
  expect(await askText()).toBe('Chatty');
  expect(lastMessage(started.app).withoutImages).toBe(true);
  // The conversation has left the image.
  expect(foretold()).toBe('Chatty');
});

test('where the reader means a model that sees, it answers everything', async () => {
  const { app } = started;
  await app.modelController.load(ownSeeingFiles, new File([], 'text.gguf'), new File([], 'eyes.gguf'));
  expect(await askText()).toBe('Big eyes');
  await askAbout('a.png', 'What is it?');
  expect(lastMessage(app).model).toBe('Big eyes');
  // Used before, it is the one that looks at images also when a text model is meant.
  app.chatController.newChat();
  await app.modelController.load(conversational);
  expect(await askText()).toBe('Chatty');
  await askAbout('b.png', 'And this?');
  expect(lastMessage(app).model).toBe('Big eyes');
});

test('a regenerated answer and an edited question follow the same rule', async () => {
  const { app, engine } = started;
  await askAbout('a.png', 'What is it?');
  const picture = app.chat.getState().tree.conversation.id;
  app.chatController.newChat();
  await askText();
  const text = app.chat.getState().tree.conversation.id;
  await app.chatController.open(picture);
  void app.chatController.regenerate(lastMessage(app).id);
  await flush();
  expect(onDuty()).toEqual(seeing);
  engine.lastAnswer.finish();
  await flush();
  await app.chatController.open(text);
  void app.chatController.editAndResend(shownPath(app)[0]?.id ?? '', 'What is angina?');
  await flush();
  expect(onDuty()).toEqual(demonstration);
  expect(engine.lastAnswer.call.images).toBeUndefined();
});

test('the text model rested while another looked at an image: it is loaded for the question', async () => {
  const { app, engine } = started;
  await askAbout('a.png', 'What is it?');
  await app.modelSuspension.rest();
  app.chatController.newChat();
  const loads = engine.loads.length;
  expect(await askText()).toBe('Nano');
  expect(engine.loads).toHaveLength(loads + 1);
});

describe('a load that a question waits for', () => {
  beforeEach(async () => {
    await askAbout('a.png', 'What is it?');
    started.app.chatController.newChat();
    started.engine.loadsAtOnce = false;
  });

  test('stopped by the reader, it answers with no other model', async () => {
    const { app, engine } = started;
    const answers = engine.answers.length;
    const sent = app.chatController.send('What is asthma?');
    await flush();
    app.modelController.cancel();
    await sent;
    expect(lastMessage(app)).toMatchObject({ text: '', stopReason: 'aborted' });
    expect(engine.answers).toHaveLength(answers);
    expect(app.models.getState()).toMatchObject({ phase: 'ready', entry: seeing });
  });

  test('refused, it says why and answers with no other model', async () => {
    const { app, engine } = started;
    const answers = engine.answers.length;
    const sent = app.chatController.send('What is asthma?');
    await flush();
    engine.lastLoad.fail('out-of-memory', 'stays');
    await sent;
    expect(lastMessage(app).error?.code).toBe('out-of-memory');
    expect(engine.answers).toHaveLength(answers);
    // Nothing is offered for the model that is loaded: it has not failed.
    expect(app.models.getState()).toMatchObject({ phase: 'ready', entry: seeing, smaller: [] });
  });

  test('the question stopped meanwhile, it goes on, and nothing is asked', async () => {
    const { app, engine } = started;
    const answers = engine.answers.length;
    const sent = app.chatController.send('What is asthma?');
    await flush();
    app.chatController.stop();
    await sent;
    expect(lastMessage(app)).toMatchObject({ stopReason: 'aborted' });
    engine.lastLoad.finish();
    await flush();
    expect(onDuty()).toEqual(demonstration);
    expect(engine.answers).toHaveLength(answers);
  });
});

test('another file with the same name does not go on with an answer that it did not begin', async () => {
  const { app, engine } = started;
  await app.modelController.load(ownFile, new File(['GGUF 1'], 'one.gguf'));
  const sent = app.chatController.send('a question');
  await flush();
  engine.lastAnswer.write('Half an');
  app.chatController.stop();
  await sent;
  const answer = lastMessage(app);
  expect(answer).toMatchObject({ model: 'Big', modelKind: 'own' });
  await app.modelController.load(ownFile, new File(['another'], 'two.gguf'));
  const answers = engine.answers.length;
  await app.chatController.continueAnswer(answer.id);
  expect(engine.answers).toHaveLength(answers);
  expect(lastMessage(app)).toMatchObject({ text: 'Half an', modelKey: answer.modelKey });
});

test('the rate of an answer that ends after another model was loaded is not shown as that one’s', async () => {
  const { app, engine } = started;
  const sent = app.chatController.send('a question');
  await flush();
  engine.lastAnswer.write('An answer.');
  await app.modelController.load(ownFile, new File(['GGUF'], 'mine.gguf'));
  engine.lastAnswer.finish();
  await sent;
  expect(lastMessage(app)).toMatchObject({ model: 'Nano', usage: { tokensPerSecond: 40 } });
  expect(app.models.getState().tokensPerSecond).toBeNull();
});
