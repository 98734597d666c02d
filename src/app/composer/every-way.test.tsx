// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { converse, FakeServices, imageFile, type Started, startApp } from '../testing/fake-services.ts';
import { demonstration, imageReportOf, seeing } from '../testing/fixtures.ts';
import { renderPage, settled } from '../testing/render-page.tsx';

/** The page shows A, in which an image, a text and an edit wait. B is another conversation. */
interface Scene {
  started: Started;
  other: Started;
  a: string;
  b: string;
}

let scene: Scene;

beforeEach(async () => {
  const services = withVision(new FakeServices());
  const started = await renderPage(services);
  const other = await startApp(withVision(new FakeServices({}, services.tabs, services.conversations)));
  const { app } = started;
  await settled(() => void converse(started, 'In B', 'B.'));
  const b = shownId();
  await settled(() => app.chatController.newChat());
  await settled(() => void converse(started, 'In A', 'A.'));
  const a = shownId();
  scene = { started, other, a, b };

  function shownId(): string {
    return app.chat.getState().tree.conversation.id;
  }
});

afterEach(cleanup);

function withVision(services: FakeServices): FakeServices {
  services.catalogue = [demonstration, seeing];
  return services;
}

const field = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Your question' });
const cards = () => screen.queryByRole('list', { name: 'Attached images' });
const shownId = () => scene.started.app.chat.getState().tree.conversation.id;
const chat = () => scene.started.app.chatController;
const nav = () => screen.getByRole('navigation', { name: 'Earlier conversations' });
const openFromList = (title: string) =>
  settled(() => fireEvent.click(within(nav()).getByRole('button', { name: title })));

async function prepare(): Promise<void> {
  const { app } = scene.started;
  await settled(() => app.attachmentsController.add([imageFile('scan.png')]));
  await settled(() => fireEvent.change(field(), { target: { value: 'Meant for A' } }));
  await settled(() => fireEvent.click(screen.getAllByRole('button', { name: 'Edit question' })[0]!));
  const edit = screen.getByRole('textbox', { name: 'Edit your question' });
  await settled(() => fireEvent.change(edit, { target: { value: 'In A, edited' } }));
}

const ways: [string, (scene: Scene) => Promise<unknown>][] = [
  ['another one in the list', () => openFromList('In B')],
  [
    '"New chat"',
    () => settled(() => fireEvent.click(screen.getAllByRole('button', { name: 'New chat' })[0]!)),
  ],
  [
    'the shortcut',
    () => settled(() => fireEvent.keyDown(document.body, { key: 'O', shiftKey: true, ctrlKey: true })),
  ],
  ['the deletion of the one that is shown', ({ a }) => settled(() => void chat().remove(a))],
  ['its deletion in another tab', ({ other, a }) => settled(() => void other.app.chatController.remove(a))],
  ['the deletion of all', () => settled(() => void chat().removeAll())],
  [
    'the deletion of all in another tab',
    ({ other }) => settled(() => void other.app.chatController.removeAll()),
  ],
];

describe.each(ways)('after %s', (_, change) => {
  test('what is sent there is what was written there, without what waits in A', async () => {
    const { engine } = scene.started;
    await prepare();
    await change(scene);
    expect(shownId()).not.toBe(scene.a);
    expect(field().value).toBe('');
    expect(cards()).toBeNull();
    expect(screen.queryByRole('textbox', { name: 'Edit your question' })).toBeNull();
    const before = engine.answers.length;
    // Nothing of its own: Enter sends nothing.
    await settled(() => fireEvent.keyDown(field(), { key: 'Enter' }));
    expect(engine.answers).toHaveLength(before);
    fireEvent.change(field(), { target: { value: 'Asked here' } });
    await settled(() => fireEvent.keyDown(field(), { key: 'Enter' }));
    expect(engine.lastAnswer.call.messages.at(-1)).toEqual({ role: 'user', text: 'Asked here' });
    expect(engine.lastAnswer.call.images).toBeUndefined();
  });
});

test.each(ways.slice(0, 3))('after %s and back, all that waited in A is there', async (_, change) => {
  await prepare();
  await change(scene);
  await openFromList('In A');
  expect(field().value).toBe('Meant for A');
  expect(within(cards()!).getAllByRole('listitem')).toHaveLength(1);
  const edit = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Edit your question' });
  expect(edit.value).toBe('In A, edited');
  await settled(() => fireEvent.keyDown(field(), { key: 'Enter' }));
  const { call } = scene.started.engine.lastAnswer;
  expect(call.messages.at(-1)).toMatchObject({ text: 'Meant for A', images: [imageReportOf('scan.png').id] });
  expect(field().value).toBe('');
  expect(cards()).toBeNull();
});

test('a deletion that is taken back brings what waited with it', async () => {
  await prepare();
  await settled(() => void chat().remove(scene.a));
  await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Undo' })));
  expect(field().value).toBe('Meant for A');
  expect(within(cards()!).getAllByRole('listitem')).toHaveLength(1);
  expect(screen.getByRole('textbox', { name: 'Edit your question' })).toBeDefined();
});

test('an image that is still being read stays with the conversation where it was attached', async () => {
  const { app, engine } = scene.started;
  engine.readsAtOnce = false;
  await settled(() => app.attachmentsController.add([imageFile('scan.png'), imageFile('second.png')]));
  await openFromList('In B');
  await settled(() => engine.finishReading());
  await settled(() => engine.finishReading());
  expect(cards()).toBeNull();
  await openFromList('In A');
  expect(app.shownDraft.getState().attachments).toMatchObject([{ status: 'ready' }, { status: 'ready' }]);
});

test('a sample that arrives after a change of conversation stays where it was chosen', async () => {
  const { started, a } = scene;
  const { engine, app } = started;
  const sample = seeing.sampleImages![0]!;
  engine.readsAtOnce = false;
  await settled(() => void app.chatController.askAboutSample(sample));
  await openFromList('In B');
  const before = engine.answers.length;
  await settled(() => engine.finishReading());
  expect(engine.answers).toHaveLength(before);
  expect(field().value).toBe('');
  expect(cards()).toBeNull();
  await openFromList('In A');
  expect(shownId()).toBe(a);
  expect(field().value).toBe(sample.question);
  expect(within(cards()!).getAllByRole('listitem')).toHaveLength(1);
});

test('a question whose Enter came when another conversation was shown already is not sent', async () => {
  const { app, engine } = scene.started;
  const before = engine.answers.length;
  await settled(() => void app.chatController.open(scene.b));
  await settled(() => void app.chatController.send('Meant for A', scene.a));
  expect(engine.answers).toHaveLength(before);
});

describe('while an answer is written elsewhere', () => {
  beforeEach(async () => {
    await settled(() => void chat().send('Long'));
    await openFromList('In B');
    await prepareText('Meant for B');
  });

  async function prepareText(text: string): Promise<void> {
    await settled(() => fireEvent.change(field(), { target: { value: text } }));
  }

  test('Enter keeps what is written and says why', async () => {
    await settled(() => fireEvent.keyDown(field(), { key: 'Enter' }));
    expect(field().value).toBe('Meant for B');
    expect(screen.getByText('Your question is kept here. Send it when that answer has ended.')).toBeDefined();
    expect(screen.getByTestId('announcer').textContent).toContain('An answer is being written in “In A”.');
  });

  test('its end there leaves what is written here, which can be sent then', async () => {
    const { engine } = scene.started;
    await settled(() => engine.lastAnswer.finish());
    expect(field().value).toBe('Meant for B');
    await settled(() => fireEvent.keyDown(field(), { key: 'Enter' }));
    expect(engine.lastAnswer.call.messages.at(-1)?.text).toBe('Meant for B');
  });

  test('a worker that is killed and comes back leaves it too', async () => {
    const { engine } = scene.started;
    engine.loaded = null;
    await settled(() => engine.lastAnswer.fail('worker-died'));
    await settled();
    expect(field().value).toBe('Meant for B');
    await settled(() => engine.lastAnswer.finish());
    expect(field().value).toBe('Meant for B');
    expect(shownId()).toBe(scene.b);
  });

  test('an example goes into the new chat’s field, below what is there', async () => {
    await settled(() => chat().newChat());
    const example = () => screen.getByRole('button', { name: 'What is asthma?' });
    await settled(() => fireEvent.click(example()));
    expect(field().value).toBe('What is asthma?');
    await prepareText('My own');
    await settled(() => fireEvent.click(example()));
    expect(field().value).toBe('My own\nWhat is asthma?');
    await openFromList('In B');
    expect(field().value).toBe('Meant for B');
  });

  test('an edit that is sent stays open', async () => {
    await settled(() => fireEvent.click(within(nav()).getByRole('button', { name: /^Answering/ })));
    const { app, engine } = scene.started;
    const question = app.chat.getState().tree.messages[0]!;
    await settled(() => chat().edit(question.id, 'Changed'));
    const before = engine.answers.length;
    await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Ask again' })));
    expect(engine.answers).toHaveLength(before);
    expect(screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Edit your question' }).value).toBe(
      'Changed',
    );
    await settled(() => engine.lastAnswer.finish());
    await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Ask again' })));
    expect(engine.lastAnswer.call.messages.at(-1)?.text).toBe('Changed');
    expect(screen.queryByRole('textbox', { name: 'Edit your question' })).toBeNull();
  });
});
