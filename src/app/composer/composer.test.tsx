// @vitest-environment jsdom
import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lastMessage, type Started, shownPath } from '../testing/fake-services.ts';
import { renderPage, settled } from '../testing/render-page.tsx';

let started: Started;

beforeEach(async () => {
  started = await renderPage();
});

afterEach(cleanup);

const field = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Your question' });
const type = (value: string) => fireEvent.change(field(), { target: { value } });

async function ask(question: string): Promise<void> {
  type(question);
  await settled(() => fireEvent.keyDown(field(), { key: 'Enter' }));
}

test('Enter sends the question and empties the field', async () => {
  await ask('What is asthma?');
  expect(field().value).toBe('');
  expect(started.engine.lastAnswer.call.messages).toEqual([{ role: 'user', text: 'What is asthma?' }]);
});

test('Shift and Enter, or Enter while an input method composes, do not', async () => {
  type('What is asthma?');
  await settled(() => {
    expect(fireEvent.keyDown(field(), { key: 'Enter', shiftKey: true })).toBe(true);
    expect(fireEvent.keyDown(field(), { key: 'Enter', isComposing: true })).toBe(true);
  });
  expect(shownPath(started.app)).toEqual([]);
  expect(field().value).toBe('What is asthma?');
});

test('nothing is sent where nothing is written', async () => {
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Send' }).disabled).toBe(true);
  await ask('   ');
  expect(shownPath(started.app)).toEqual([]);
});

test('while an answer is written, the next question can be prepared but not sent', async () => {
  await ask('one');
  await ask('two');
  expect(field().value).toBe('two');
  expect(shownPath(started.app)).toHaveLength(2);
  expect(screen.queryByRole('button', { name: 'Send' })).toBeNull();
});

test('Escape stops the answer, and the answer says so', async () => {
  await ask('one');
  await settled(() => started.engine.lastAnswer.write('Half an answer'));
  await settled(() => fireEvent.keyDown(document.body, { key: 'Escape' }));
  expect(lastMessage(started.app)).toMatchObject({ text: 'Half an answer', stopReason: 'aborted' });
  expect(screen.getByText('Stopped by you.')).toBeDefined();
  expect(screen.getByRole('button', { name: 'Send' })).toBeDefined();
});

test('Escape in an open dialog does not stop the answer', async () => {
  await ask('one');
  await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Settings' })));
  await settled(() => fireEvent.keyDown(screen.getByRole('dialog'), { key: 'Escape' }));
  expect(started.app.chat.getState().run).not.toBeNull();
});

test('the stop button stops; the second click of a double click on "Send" does not', async () => {
  await ask('one');
  const stop = screen.getByRole('button', { name: 'Stop' });
  await settled(() => fireEvent.click(stop, { detail: 2 }));
  expect(started.app.chat.getState().run).not.toBeNull();
  await settled(() => fireEvent.click(stop, { detail: 1 }));
  expect(started.app.chat.getState().run).toBeNull();
});

test('an answer written in another conversation is named', async () => {
  await ask('one');
  await settled(() => started.app.chatController.newChat());
  expect(screen.getByText('An answer is being written in “one”.')).toBeDefined();
});
