// @vitest-environment jsdom
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { converse, type Started, shownPath } from '../testing/fake-services.ts';
import { renderPage, settled } from '../testing/render-page.tsx';

afterEach(cleanup);

async function setUp(): Promise<Started> {
  const started = await renderPage();
  await converse(started, 'What is asthma?', 'A disease of the airways.');
  started.app.chatController.newChat();
  await converse(started, 'What is osteoporosis?', 'A disease of the bones.');
  await settled();
  return started;
}

const field = () => screen.getByRole('searchbox', { name: 'Search conversations' });
const type = (value: string) => settled(() => fireEvent.change(field(), { target: { value } }));
const press = (key: string) => settled(() => fireEvent.keyDown(document.activeElement!, { key }));
const found = () => within(screen.getByRole('list', { name: 'Found' })).queryAllByRole('button');
const count = (words: string) => waitFor(() => expect(screen.getByText(words)).toBeTruthy());

test('what is typed is found in titles and messages, with the words marked', async () => {
  await setUp();
  await type('AIRWAYS');
  await count('1 place found.');
  expect(found()[0]!.querySelector('mark')?.textContent).toBe('airways');
  expect(screen.queryByRole('navigation', { name: 'Earlier conversations' })).toBeNull();
  await type('disease');
  await count('2 places found.');
  await type('nothing like it');
  await count('Nothing found.');
});

test('arrows go into the list and back, Enter opens the conversation at the message, Escape clears', async () => {
  const { app } = await setUp();
  await type('disease');
  await count('2 places found.');
  field().focus();
  await press('ArrowDown');
  expect(document.activeElement).toBe(found()[0]);
  await press('ArrowDown');
  expect(document.activeElement).toBe(found()[1]);
  await settled(() => (document.activeElement as HTMLElement).click());
  await waitFor(() => expect(shownPath(app).at(-1)?.text).toBe('A disease of the airways.'));
  await waitFor(() => expect(document.activeElement?.textContent).toContain('A disease of the airways.'));
  expect(document.activeElement?.tagName).toBe('ARTICLE');
  field().focus();
  await press('Escape');
  expect(field()).toHaveProperty('value', '');
  expect(screen.getByRole('navigation', { name: 'Earlier conversations' })).toBeTruthy();
});

test('a message of another version is shown on its own branch', async () => {
  const started = await setUp();
  const { app, engine } = started;
  const answerId = shownPath(app).at(-1)!.id;
  const again = app.chatController.regenerate(answerId);
  await settled();
  engine.lastAnswer.write('Brittle bones.');
  engine.lastAnswer.finish();
  await again;
  await settled();
  await type('of the bones');
  await count('1 place found.');
  field().focus();
  await press('Enter');
  await waitFor(() => expect(shownPath(app).at(-1)?.text).toBe('A disease of the bones.'));
});

test('an answer that was written since is found', async () => {
  const started = await setUp();
  await type('calcium');
  await count('Nothing found.');
  await converse(started, 'What helps?', 'Calcium helps.');
  await settled();
  await count('1 place found.');
});
