// @vitest-environment jsdom
import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { textOverflowInWords } from '../format/text-overflow.ts';
import type { Started } from '../testing/fake-services.ts';
import { renderPage, settled } from '../testing/render-page.tsx';

let started: Started;

beforeEach(async () => {
  started = await renderPage();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

afterEach(() => {
  vi.useRealTimers();
  cleanup();
});

const field = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Your question' });
const room = () => screen.getByRole('status', { name: 'Room for the text' });
const type = (value: string) => fireEvent.change(field(), { target: { value } });
const rest = () => act(() => vi.advanceTimersByTimeAsync(600));

test('a text that is too long is told with both numbers before it is sent, and offers to edit it', async () => {
  type('word '.repeat(5120));
  await rest();
  expect(room().textContent).toContain(
    'This text has 5,120 tokens; this model reads 2,048 at once, question and answer included.',
  );
  expect(started.engine.answers).toHaveLength(0);
  const send = screen.getByRole('button', { name: 'Send' });
  send.focus();
  fireEvent.click(screen.getByRole('button', { name: 'Edit the question' }));
  expect(document.activeElement).toBe(field());
  type('word '.repeat(100));
  await rest();
  expect(room().textContent).toBe('');
});

test('a text is counted after a pause, and one that fits by its length not at all', async () => {
  type('Short');
  await rest();
  expect(started.engine.measured).toEqual([]);
  for (const count of [1000, 1001, 1002]) {
    type('word '.repeat(count));
    await act(() => vi.advanceTimersByTimeAsync(100));
  }
  await rest();
  expect(started.engine.measured.map(({ text }) => text.length)).toEqual([5010]);
});

test('an edit is told of too', async () => {
  vi.useRealTimers();
  await settled(() => void started.app.chatController.send('one'));
  await settled(() => started.engine.lastAnswer.finish());
  await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Edit question' })));
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const edit = screen.getByRole('textbox', { name: 'Edit your question' });
  fireEvent.change(edit, { target: { value: 'word '.repeat(3000) } });
  await rest();
  const [inEdit] = screen.getAllByRole('status', { name: 'Room for the text' });
  expect(inEdit?.textContent).toContain('This text has 3,000 tokens; this model reads 2,048 at once');
});

test.each([
  [{ tokens: 2047, isExact: true, contextTokens: 2048 }, 0, null],
  [
    { tokens: 2048, isExact: true, contextTokens: 2048 },
    0,
    'This text has 2,048 tokens; this model reads 2,048 at once, question and answer included.',
  ],
  [
    { tokens: 61_000, isExact: false, contextTokens: 2048 },
    0,
    'This text has about 61,000 tokens; this model reads 2,048 at once, question and answer included.',
  ],
  [
    { tokens: 900, isExact: true, contextTokens: 2048 },
    1216,
    'This text has 900 tokens beside the 1,216 of the images; this model reads 2,048 at once, question and answer included.',
  ],
])('textOverflowInWords %#', (measure, imageTokens, words) => {
  expect(textOverflowInWords(measure, imageTokens)).toBe(words);
});
