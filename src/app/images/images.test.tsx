// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeServices, imageFile, type Started, shownPath } from '../testing/fake-services.ts';
import {
  demonstration,
  imageReportOf,
  modelPlan,
  ownModel,
  processorReport,
  seeing,
  visionUseOf,
} from '../testing/fixtures.ts';
import { liveObjectUrls } from '../testing/object-urls.ts';
import { renderPage, settled } from '../testing/render-page.tsx';

let started: Started;

beforeEach(async () => {
  const services = new FakeServices();
  services.catalogue = [demonstration, seeing, ownModel];
  started = await renderPage(services);
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const button = (name: string | RegExp) => screen.getByRole<HTMLButtonElement>('button', { name });
const cards = () => within(screen.getByRole('list', { name: 'Attached images' })).getAllByRole('listitem');
const cardNames = () => cards().map(card => card.querySelector('.attachment-name')?.textContent);
const field = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Your question' });

async function pick(...names: string[]): Promise<void> {
  const picker = screen.getByLabelText<HTMLInputElement>('Image files');
  expect([picker.accept, picker.multiple]).toEqual(['image/*,application/dicom,.dcm,.dicom,.ima', true]);
  await settled(() => fireEvent.change(picker, { target: { files: names.map(imageFile) } }));
  await settled();
}

async function answerAbout(name: string, question: string): Promise<void> {
  await pick(name);
  fireEvent.change(field(), { target: { value: question } });
  await settled(() => fireEvent.click(button('Send')));
  await settled(() => {
    started.engine.lastAnswer.write('A drawing.');
    started.engine.lastAnswer.finish({ vision: visionUseOf(imageReportOf(name).id) });
  });
}

test('an image is picked, shown with how it will be cut, asked about and shown with question and answer', async () => {
  expect(button('Attach an image').disabled).toBe(false);
  await pick('scan.png');
  expect(cardNames()).toEqual(['scan.png']);
  expect(cards()[0]?.textContent).toContain('19 tiles, 304 tokens');
  const picture = button('View scan.png').querySelector('img');
  expect([picture?.width, picture?.height, picture?.getAttribute('alt')]).toEqual([640, 480, '']);
  expect(screen.getByText('Not for diagnosis.').parentElement?.textContent).toContain('what is not there');
  expect(field().placeholder).toBe('Ask about the image');
  await settled(() => fireEvent.click(button('Send')));
  expect(screen.queryByRole('list', { name: 'Attached images' })).toBeNull();

  const question = within(screen.getByRole('article', { name: 'Your question' }));
  expect(question.getByText('Describe the image.')).toBeDefined();
  expect(question.getByRole('button', { name: 'View scan.png' })).toBeDefined();

  const answer = screen.getByRole('article', { name: 'Answer' });
  const { lastAnswer } = started.engine;
  await settled(() => lastAnswer.vision({ phase: 'tiles', image: 1, images: 1, done: 2, total: 19 }));
  expect(answer.textContent).toContain('Image tile 3 of 19');
  expect(within(answer).getByRole('progressbar', { name: 'Image tile 3 of 19' })).toHaveProperty('max', 1);
  await settled(() => lastAnswer.vision({ phase: 'compressing', done: 0, total: 1 }));
  expect(answer.textContent).toContain('Choosing tokens');
  await settled(() => lastAnswer.prefill(100, 304));
  expect(answer.textContent).toContain('Reading your question 100 of 304 tokens');
  await settled(() => {
    lastAnswer.write('A drawing.');
    lastAnswer.finish({ vision: visionUseOf(imageReportOf('scan.png').id) });
  });
  expect(answer.textContent).toContain('About: scan.png');
  expect(answer.textContent).toContain('The model saw 19 tiles, 304 tokens.');
  expect(answer.textContent).toContain('Not for diagnosis.');
});

test('what is no image says so beside its name, blocks the question, and is removed', async () => {
  await pick('not-an-image', 'scan.png');
  const alert = screen.getByRole('alert');
  expect(alert.textContent).toContain('What happened: not-an-image. What to do about not-an-image.');
  fireEvent.change(field(), { target: { value: 'What is it?' } });
  expect(button('Send').disabled).toBe(true);
  expect(screen.getByText('Remove what cannot be read, then ask.')).toBeDefined();
  await settled(() => fireEvent.click(button('Remove not-an-image')));
  expect(screen.queryByRole('alert')).toBeNull();
  expect(button('Send').disabled).toBe(false);
  // The keyboard goes on where it was.
  expect(document.activeElement).toBe(button('Remove scan.png'));
  await settled(() => fireEvent.click(button('Remove scan.png')));
  expect(document.activeElement).toBe(field());
});

test('how long the images will take is said before anything is asked, and accepted by asking', async () => {
  const { app, engine } = started;
  await pick('a');
  const wait = screen.getByRole('status', { name: 'Time for the images' });
  expect(wait.textContent).toBe('');
  const rates = { weightsPerSecond: 1e9, multiplyAddsPerSecond: 1e9 };
  const processor = { ...processorReport.processor!, rates };
  const work = { ...modelPlan.work, tile: { multiplyAdds: 10e9, tokens: 16 } };
  const { info } = app.models.getState();
  await settled(() =>
    app.models.setState({
      info: { ...info!, device: { ...processorReport, processor }, plan: { ...modelPlan, work } },
    }),
  );
  expect(wait.textContent).toMatch(
    /^This image takes about 3 minutes .* With “Not cut” .* about 10 seconds\.$/,
  );
  await pick('b');
  expect(wait.textContent).toMatch(/^These images take about 6 minutes/);
  await settled(() => void app.settingsController.update({ tiling: { mode: 'single', preset: 'demo' } }));
  expect(wait.textContent).toBe(
    'These images take about 20 seconds on this device’s processor before the answer begins.',
  );
  await settled(() => fireEvent.click(button('Send')));
  expect(engine.lastAnswer.call.images).toHaveLength(2);
});

test('images that do not fit together are said to before anything is asked, and may be asked about', async () => {
  await pick('a');
  const warning = screen.getByRole('status', { name: 'Room for the images' });
  expect(warning.textContent).toBe('');
  await pick('b', 'c', 'd', 'e', 'f');
  expect(warning.textContent).toBe(
    'These images take 1,824 tokens; this model reads 2,048 at once, question and answer included. ' +
      'Remove one, or choose “Cut once” or “Not cut” in the settings.',
  );
  expect(button('Send').disabled).toBe(false);
  await settled(
    () => void started.app.settingsController.update({ tiling: { mode: 'single', preset: 'demo' } }),
  );
  expect(warning.textContent).toBe('');
  await settled(
    () => void started.app.settingsController.update({ tiling: { mode: 'msac', preset: 'demo' } }),
  );
  expect(warning.textContent).not.toBe('');
  await settled(() => fireEvent.click(button('Remove b')));
  expect(warning.textContent).toBe('');
});

test('images are put in order with buttons that keep the focus', async () => {
  await pick('a', 'b', 'c');
  expect(button('Move a to the left').disabled).toBe(true);
  button('Move a to the right').focus();
  await settled(() => fireEvent.click(button('Move a to the right')));
  expect(cardNames()).toEqual(['b', 'a', 'c']);
  expect(document.activeElement).toBe(button('Move a to the right'));
  await settled(() => fireEvent.click(button('Move a to the right')));
  expect(cardNames()).toEqual(['b', 'c', 'a']);
  // At the end the way on is closed; the focus stays with the image.
  expect(document.activeElement).toBe(button('Move a to the left'));
  expect(screen.getByTestId('announcer').textContent).toBe('a is image 3 of 3');
});

test('what the model can be asked is offered once there is an image, and asked with it', async () => {
  expect(screen.queryByRole('list', { name: 'Questions about the image' })).toBeNull();
  await pick('scan.png');
  const questions = within(screen.getByRole('list', { name: 'Questions about the image' }));
  await settled(() => fireEvent.click(questions.getByRole('button', { name: 'Is there a nodule?' })));
  expect(started.engine.lastAnswer.call).toMatchObject({
    messages: [{ text: 'Is there a nodule?', images: [imageReportOf('scan.png').id] }],
  });
});

test('a pasted picture is attached; a pasted text with its picture stays a text', async () => {
  const paste = (types: string[]) => {
    const getData = (type: string) => (types.includes(type) ? 'A text' : '');
    return fireEvent.paste(field(), { clipboardData: { files: [imageFile('image.png')], types, getData } });
  };
  await settled(() => expect(paste(['text/plain', 'Files'])).toBe(true));
  expect(screen.queryByRole('list', { name: 'Attached images' })).toBeNull();
  await settled(() => expect(paste(['Files'])).toBe(false));
  expect(cardNames()).toEqual(['image.png']);
});

test('a dropped picture is attached, and the page says where it may be dropped', async () => {
  const drag = (type: string) => {
    const event = new Event(type, { bubbles: true, cancelable: true });
    Object.assign(event, { dataTransfer: { types: ['Files'], files: [imageFile('scan.png')] } });
    document.dispatchEvent(event);
    return event;
  };
  await settled(() => void drag('dragover'));
  expect(screen.getByText('Drop an image to ask about it, or a GGUF model to open it')).toBeDefined();
  await settled(() => expect(drag('drop').defaultPrevented).toBe(true));
  expect(cardNames()).toEqual(['scan.png']);
});

test('a sample is offered at the beginning and asked about at once', async () => {
  const samples = within(screen.getByRole('region', { name: 'Try a synthetic image' }));
  expect(samples.getByRole('img', { name: 'A drawing' })).toHaveProperty(
    'src',
    seeing.sampleImages?.[0]?.url,
  );
  await settled(() => fireEvent.click(samples.getByRole('button', { name: /What kind of image/ })));
  await settled();
  expect(shownPath(started.app)[0]).toMatchObject({
    text: 'What kind of image is this?',
    images: [{ name: 'Synthetic.png' }],
  });
});

test('an edited question keeps its images and shows them', async () => {
  await answerAbout('scan.png', 'one');
  await settled(() => fireEvent.click(button('Edit question')));
  const question = within(screen.getByRole('article', { name: 'Your question' }));
  expect(question.getByRole('button', { name: 'View scan.png' })).toBeDefined();
  fireEvent.change(question.getByRole('textbox'), { target: { value: '' } });
  await settled(() => fireEvent.click(question.getByRole('button', { name: 'Ask again' })));
  expect(shownPath(started.app)[0]).toMatchObject({
    text: 'Describe the image.',
    images: [{ name: 'scan.png' }],
  });
});

test('an image that is gone is named in its place', async () => {
  await answerAbout('scan.png', 'one');
  const { id } = started.app.chat.getState().tree.conversation;
  await settled(() => started.app.chatController.newChat());
  started.services.conversations.images.clear();
  await settled(() => void started.app.chatController.open(id));
  await settled();
  const gone = screen.getAllByRole('img', { name: 'scan.png is no longer kept on this device' });
  expect(gone).toHaveLength(2);
});

test('a picture opens large and closes again', async () => {
  // jsdom has no layout to observe.
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe = () => undefined;
      disconnect = () => undefined;
    },
  );
  await pick('scan.png');
  await settled(() => fireEvent.click(button('View scan.png')));
  const viewer = await screen.findByRole('dialog', { name: 'scan.png' }, { timeout: 30_000 });
  await settled(() => fireEvent.click(within(viewer).getByRole('button', { name: 'Close' })));
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('no address of a picture outlives its place on the page', async () => {
  await answerAbout('scan.png', 'one');
  await pick('other.png');
  expect(liveObjectUrls.size).toBeGreaterThan(1);
  cleanup();
  expect(liveObjectUrls.size).toBe(0);
});
