// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { renderPage, settled } from '../testing/render-page.tsx';

afterEach(cleanup);

const toasts = () => screen.getByRole('status', { name: 'Notifications' });
const announcer = () => screen.getByTestId('announcer');

test('a notice is shown inside the dialog that is open, where it can be read and pressed', async () => {
  const { app } = await renderPage();
  const ui = app.ui.getState();
  await settled(() => ui.openDialog({ kind: 'settings' }));
  const dialog = screen.getByRole('dialog', { name: 'Settings' });
  let runs = 0;
  await settled(() => void ui.showToast('Something came.', { label: 'Look', run: () => (runs += 1) }));
  expect(dialog.contains(toasts())).toBe(true);
  expect(within(toasts()).getByText('Something came.')).toBeDefined();
  const look = within(toasts()).getByRole('button', { name: 'Look' });
  look.focus();
  await settled(() => fireEvent.click(look));
  expect(runs).toBe(1);
  expect(screen.queryByText('Something came.')).toBeNull();
  expect(dialog.contains(document.activeElement)).toBe(true);
});

test('notices move with the dialogs, and return to the page', async () => {
  const { app } = await renderPage();
  const ui = app.ui.getState();
  await settled(() => void ui.showToast('Stays.'));
  await settled(() => ui.openDialog({ kind: 'models' }));
  expect(screen.getByRole('dialog', { name: 'Models' }).contains(screen.getByText('Stays.'))).toBe(true);
  await settled(() => ui.openDialog({ kind: 'hardware' }));
  expect(screen.getByRole('dialog', { name: 'This device' }).contains(screen.getByText('Stays.'))).toBe(true);
  await settled(() => ui.closeDialog());
  expect(screen.getAllByText('Stays.')).toHaveLength(1);
  expect(toasts().closest('dialog')).toBeNull();
});

test('what is announced is said in the open dialog, and what was said is not said again', async () => {
  const { app } = await renderPage();
  const ui = app.ui.getState();
  await settled(() => ui.announce('Answering…'));
  expect(announcer().textContent).toBe('Answering…');
  await settled(() => ui.openDialog({ kind: 'settings' }));
  expect(screen.getByRole('dialog').contains(announcer())).toBe(true);
  expect(announcer().textContent).toBe('');
  await settled(() => ui.announce('Answer complete, 5 words'));
  expect(announcer().textContent).toBe('Answer complete, 5 words');
  await settled(() => ui.announce('Answering…'));
  expect(announcer().textContent).toBe('Answering…');
  await settled(() => ui.closeDialog());
  expect(announcer().textContent).toBe('');
});
