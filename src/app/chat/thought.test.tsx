// @vitest-environment jsdom
import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { conversationsAsText } from '../format/conversation-text.ts';
import { lastMessage, type Started } from '../testing/fake-services.ts';
import { renderPage, settled } from '../testing/render-page.tsx';

let started: Started;

beforeEach(async () => {
  started = await renderPage();
  await settled(() => void started.app.chatController.send('Why the cough?'));
});

afterEach(cleanup);

const whole = '<think>\nFever for weeks.\n</think>\n\nExclude tuberculosis.';
const fold = () => document.querySelector<HTMLDetailsElement>('details.thought');
const summary = () => fold()?.querySelector('summary')?.textContent;
const write = (text: string) => settled(() => started.engine.lastAnswer.write(text));
const finish = async (text: string) => {
  await settled(() => started.engine.lastAnswer.finish(text ? { text } : {}));
  await settled();
};

/** jsdom does not send the event that browsers send. */
async function toggle(isOpen: boolean): Promise<void> {
  await settled(() => {
    const details = fold()!;
    details.open = isOpen;
    fireEvent(details, new Event('toggle'));
  });
}

test('a thought is folded while it is written and afterwards, and stays as the reader has it', async () => {
  await write('<thi');
  expect(document.querySelector('.markdown')).toBeNull();
  await write('nk>\nFever');
  expect(summary()).toBe('Thinking, 1 word so far');
  expect(fold()!.open).toBe(false);
  expect(screen.getByText('Thinking before it answers')).toBeDefined();
  expect(document.querySelector('.markdown')).toBeNull();
  await toggle(true);
  expect(fold()!.textContent).toContain('Fever');
  const before = fold();
  await write(' for weeks.\n</think>\n\nExclude tuberculosis.');
  expect(summary()).toBe('Thought before the answer, 3 words');
  expect(screen.getByText('Exclude tuberculosis.')).toBeDefined();
  await finish('');
  expect(fold()).toBe(before);
  expect(fold()!.open).toBe(true);
  expect(fold()!.textContent).toContain('Fever for weeks.');
  expect(lastMessage(started.app).text).toBe(whole);
});

test('what is copied, exported and announced is the answer alone', async () => {
  const writeText = vi.fn(() => Promise.resolve());
  vi.stubGlobal('navigator', Object.assign(Object.create(navigator), { clipboard: { writeText } }));
  await write(whole);
  await finish('');
  expect(started.app.ui.getState().announcement).toBe('Answer complete, 2 words');
  await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Copy answer' })));
  expect(writeText).toHaveBeenCalledWith(expect.stringMatching(/^Exclude tuberculosis\./));
  const { tree } = started.app.chat.getState();
  const text = conversationsAsText([tree]);
  expect(text).toContain('Exclude tuberculosis.');
  expect(text).not.toMatch(/Fever|think/);
  vi.unstubAllGlobals();
});

test('an answer that ends inside the thought says so, and has nothing to copy', async () => {
  await write('<think>\nFever for');
  await settled(() => started.engine.lastAnswer.finish({ stopReason: 'max-tokens' }));
  await settled();
  expect(screen.getByText(/The model stopped while it was thinking/, { selector: '.ending' })).toBeDefined();
  expect(screen.queryByRole('button', { name: 'Copy answer' })).toBeNull();
  expect(screen.getByRole('button', { name: 'Continue' })).toBeDefined();
  expect(conversationsAsText([started.app.chat.getState().tree])).toContain('There is no answer.');
  await settled(() => void started.app.chatController.send('And now?'));
  // The thought is no turn of the conversation.
  expect(started.engine.lastAnswer.call.messages.map(({ text }) => text)).toEqual(['And now?']);
});

test('the answer has its limit for itself, and thinking has another', async () => {
  expect(started.engine.lastAnswer.call).toMatchObject({ maxTokens: 400, thoughtTokens: 1024 });
});

test('a thought that was closed at its limit says so', async () => {
  await write('<think>\nFever.\n\nThe limit for thinking is reached. The answer follows.\n</think>\n\nYes.');
  await finish('');
  expect(summary()).toBe('Thought before the answer, 1 word, closed at the limit for thinking');
  expect(lastMessage(started.app).text).toContain('The limit for thinking is reached.');
});
