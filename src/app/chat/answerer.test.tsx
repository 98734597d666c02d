// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CatalogueEntry } from '../../client/index.ts';
import { FakeServices, imageFile, lastMessage, type Started } from '../testing/fake-services.ts';
import { demonstration, imageReportOf, ownFile, ownModel, seeing, visionUseOf } from '../testing/fixtures.ts';
import { renderPage, settled } from '../testing/render-page.tsx';

let started: Started;
const copied: string[] = [];

beforeEach(async () => {
  copied.length = 0;
  vi.stubGlobal('navigator', {
    ...navigator,
    clipboard: { writeText: async (text: string) => copied.push(text) },
  });
  const services = new FakeServices();
  services.catalogue = [demonstration, seeing, ownModel];
  started = await renderPage(services);
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const note = () =>
  screen.getByRole('status', { name: 'Which model answers' }).textContent?.replace('\u00a0', ' ');
const limit = () => screen.queryByRole('meter', { name: 'Context used' })?.getAttribute('aria-valuemax');
const lines = () => [...document.querySelectorAll('.model-change')].map(({ textContent }) => textContent);
const marks = () => document.querySelectorAll('.demonstration-mark').length;
const press = (name: string | RegExp) => settled(() => fireEvent.click(screen.getByRole('button', { name })));

async function attach(name: string): Promise<void> {
  const picker = screen.getByLabelText<HTMLInputElement>('Image files');
  await settled(() => fireEvent.change(picker, { target: { files: [imageFile(name)] } }));
  await settled();
}

async function ask(text: string, answer: string, image?: string): Promise<void> {
  const field = screen.getByRole('textbox', { name: 'Your question' });
  fireEvent.change(field, { target: { value: text } });
  await press('Send');
  await settled(() => {
    started.engine.lastAnswer.write(answer);
    started.engine.lastAnswer.finish(image ? { vision: visionUseOf(imageReportOf(image).id) } : {});
  });
}

const openOwn = () =>
  settled(() => void started.app.modelController.load(ownFile, new File(['GGUF'], 'pmc.gguf')));

test('who will answer is said before the question is sent, and what is loaded for it', async () => {
  expect(note()).toBe('Nano answers');
  started.engine.loadsAtOnce = false;
  await attach('a.png');
  expect(note()).toBe('Seer answers as soon as it is loaded: an image is attached');
  await settled(() => started.engine.lastLoad.finish());
  expect(note()).toBe('Seer answers: an image is attached');
  started.engine.loadsAtOnce = true;
  await ask('What is it?', 'A drawing.', 'a.png');
  expect(note()).toBe('Seer answers: this conversation is about an imageAsk Nano instead');
  await settled(() => started.app.chatController.newChat());
  expect(note()).toBe('Nano will be loaded to answer (7.8 MB)demonstration');
});

test('where the reader wants the text model after all, one press says so', async () => {
  await attach('a.png');
  await ask('What is it?', 'A drawing.', 'a.png');
  await press('Ask Nano instead');
  expect(note()).toBe('Nano answers: it is not shown the images above');
  await ask('And asthma?', 'A disease.');
  expect(lastMessage(started.app)).toMatchObject({ model: 'Nano', withoutImages: true });
});

test('without a model that sees the page says so before anything is sent', async () => {
  await settled(() => started.app.models.setState({ catalogue: [demonstration] }));
  await attach('a.png');
  expect(note()).toBe('No model that sees images is here: what is attached cannot be answered.');
});

const blind: CatalogueEntry = {
  ...ownFile,
  identity: { ...ownFile.identity!, hasImagePlaces: true },
};

test.each([
  [[demonstration, seeing], 'Seer answers: an image is attached, and this copy of Big cannot see'],
  [
    [demonstration],
    'what is attached cannot be answered. This copy cannot see images: the file with its image',
  ],
])(
  'a copy of a model that sees without its image half says so, and what to take',
  async (catalogue, words) => {
    await settled(() => void started.app.modelController.load(blind, new File(['GGUF'], 'med.gguf')));
    await settled(() => started.app.models.setState({ catalogue }));
    expect(note()).toBe('Big answers');
    await attach('a.png');
    expect(note()).toContain(words);
    expect(note()).toContain('(mmproj)');
  },
);

test('each change of model is marked with a line, and the meter shows the limit of the one that will answer', async () => {
  await ask('What is asthma?', 'A disease.');
  expect(lines()).toEqual([]);
  expect(limit()).toBe('2048');
  await openOwn();
  await settled(() => void started.app.settingsController.update({ contextTokens: 1024 }));
  await attach('a.png');
  await ask('What is it?', 'A drawing.', 'a.png');
  expect(lines()).toEqual(['From here Seer answers']);
  await press('Ask Big instead');
  await ask('And angina?', 'A symptom.');
  expect(lines()).toEqual(['From here Seer answers', 'From here Big answers']);
});

test('the meter shows the limit of a model that is still to be loaded', async () => {
  await ask('What is asthma?', 'A disease.');
  started.engine.loadsAtOnce = false;
  await openOwn();
  // Its files do not tell before they are read: what it will be loaded for does.
  expect(limit()).toBe(`${ownModel.contextTokens}`);
});

test('an answer of a demonstration bears the mark while it is written, afterwards, and in copies', async () => {
  const field = screen.getByRole('textbox', { name: 'Your question' });
  fireEvent.change(field, { target: { value: 'What is asthma?' } });
  await press('Send');
  expect(marks()).toBe(1);
  await settled(() => {
    started.engine.lastAnswer.write('A disease.');
    started.engine.lastAnswer.finish();
  });
  const answer = within(screen.getByRole('article', { name: 'Answer' }));
  expect(answer.getByText('demonstration')).toBeDefined();
  await press('Copy answer');
  expect(copied).toEqual([
    'A disease.\n\n[Written by Nano, a demonstration model: often wrong, not for clinical use.]',
  ]);
  // Also when the catalogue does not have it any more, or calls it something else.
  await settled(() => started.app.models.setState({ catalogue: [ownModel] }));
  expect(marks()).toBe(1);
});

test('an answer of another model bears no mark and is copied as it is', async () => {
  await openOwn();
  await ask('What is asthma?', 'A disease.');
  expect(marks()).toBe(0);
  await press('Copy answer');
  expect(copied).toEqual(['A disease.']);
});

test('an answer that an earlier version stored is known by the name of the demonstration', async () => {
  await ask('What is asthma?', 'A disease.');
  await settled(() =>
    started.app.chat.setState(({ tree }) => ({
      tree: {
        ...tree,
        messages: tree.messages.map(({ modelKind: _, modelKey: __, ...message }) => message),
      },
    })),
  );
  expect(marks()).toBe(1);
});
