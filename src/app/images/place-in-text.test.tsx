// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { FakeServices, imageFile, type Started } from '../testing/fake-services.ts';
import { demonstration, modelInfo, seeing, visionInfo } from '../testing/fixtures.ts';
import { renderPage, settled } from '../testing/render-page.tsx';

afterEach(cleanup);

const button = (name: string | RegExp) => screen.getByRole<HTMLButtonElement>('button', { name });
const field = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Your question' });

async function startWith(vision: typeof visionInfo): Promise<Started> {
  const services = new FakeServices();
  services.catalogue = [demonstration, seeing];
  const started = await renderPage(services);
  const picker = screen.getByLabelText<HTMLInputElement>('Image files');
  await settled(() => fireEvent.change(picker, { target: { files: ['a.png', 'b.png'].map(imageFile) } }));
  // The model that sees, which was brought for the images.
  await settled(() => started.app.models.setState({ info: { ...modelInfo, vision } }));
  // Loaded late.
  await import('./place-in-text.tsx');
  await settled();
  return started;
}

const type = (text: string, cursor = text.length) => {
  fireEvent.change(field(), { target: { value: text } });
  field().setSelectionRange(cursor, cursor);
};

test('an image is placed where the cursor stands, taken out again, and its mark follows it', async () => {
  await startWith({ ...visionInfo, isAmongText: true });
  type('Before and now?', 'Before'.length);
  fireEvent.click(button('Image 2: place it in the text'));
  expect(field().value).toBe('Before [Image 2] and now?');
  expect(document.activeElement).toBe(field());
  expect(field().selectionStart).toBe('Before [Image 2]'.length);
  field().setSelectionRange('Before [Image 2] and now'.length, 'Before [Image 2] and now'.length);
  fireEvent.click(button('Image 1: place it in the text'));
  expect(field().value).toBe('Before [Image 2] and now [Image 1]?');
  expect(button('Image 1: take it out of the text').getAttribute('aria-pressed')).toBe('true');

  await settled(() => fireEvent.click(button('Move b.png to the left')));
  expect(field().value).toBe('Before [Image 1] and now [Image 2]?');
  await settled(() => fireEvent.click(button('Remove a.png')));
  expect(field().value).toBe('Before [Image 1] and now ?');
  fireEvent.click(button('Image 1: take it out of the text'));
  expect(field().value).toBe('Before  and now ?');
});

test('it is sent and kept with its marks', async () => {
  const { engine } = await startWith({ ...visionInfo, isAmongText: true });
  type('Compare [Image 2] with [Image 1].');
  await settled(() => fireEvent.click(button('Send')));
  expect(engine.lastAnswer.call.messages.at(-1)?.text).toBe('Compare [Image 2] with [Image 1].');
  const question = within(screen.getByRole('article', { name: 'Your question' }));
  expect(question.getByText('Compare [Image 2] with [Image 1].')).toBeDefined();
});

test('with a model that sees images before the text it is no choice, and marks are said to be words', async () => {
  await startWith(visionInfo);
  expect(screen.queryByRole('button', { name: /place it in the text/ })).toBeNull();
  expect(document.body.textContent).not.toContain('stay words');
  type('Compare [Image 1] with the other.');
  expect(document.body.textContent).toContain(
    'This model sees images before the text: marks such as [Image 1] stay words.',
  );
});
