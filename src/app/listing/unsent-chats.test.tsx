// @vitest-environment jsdom
import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Started } from '../testing/fake-services.ts';
import { renderPage, settled } from '../testing/render-page.tsx';

let started: Started;

beforeEach(async () => {
  started = await renderPage();
  fireEvent.change(field(), { target: { value: 'Never sent' } });
  await settled(() => started.app.chatController.newChat());
});

afterEach(cleanup);

const field = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Your question' });
const item = () => screen.queryByRole('button', { name: 'Never sent' });

test('a new chat that was left with something in it is listed, and opened from there', async () => {
  expect(field().value).toBe('');
  await settled(() => fireEvent.click(item()!));
  expect(field().value).toBe('Never sent');
  // It is what is shown now.
  expect(item()).toBeNull();
  await settled(() => fireEvent.keyDown(field(), { key: 'Enter' }));
  await settled(() => started.engine.lastAnswer.finish());
  await settled(() => started.app.chatController.newChat());
  expect(screen.queryByRole('heading', { name: 'Not sent' })).toBeNull();
  expect(screen.getByRole('button', { name: 'Never sent' })).toBeDefined();
});

test('it is discarded there, and comes back with an undo', async () => {
  await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Discard “Never sent”' })));
  expect(item()).toBeNull();
  await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Undo' })));
  expect(item()).not.toBeNull();
});

test('what was written there since is not replaced by an undo: both are kept', async () => {
  await settled(() => fireEvent.click(item()!));
  const id = started.app.chat.getState().tree.conversation.id;
  await settled(() => started.app.chatController.discardDraft(id));
  expect(field().value).toBe('');
  fireEvent.change(field(), { target: { value: 'Written since' } });
  await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Undo' })));
  expect(field().value).toBe('Written since');
  await settled(() => fireEvent.click(item()!));
  expect(field().value).toBe('Never sent');
});
