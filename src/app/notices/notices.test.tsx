// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
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
  const device = await screen.findByRole('dialog', { name: 'This device' });
  expect(device.contains(screen.getByText('Stays.'))).toBe(true);
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

test('equal notices are one, with how often it was said; what can be undone stays apart', async () => {
  const { app } = await renderPage();
  const ui = app.ui.getState();
  await settled(() => {
    for (let round = 0; round < 22; round++) ui.showToast('Storage is full.');
    ui.showToast('“one” was deleted.', { label: 'Undo', run: () => undefined });
    ui.showToast('“one” was deleted.', { label: 'Undo', run: () => undefined });
  });
  expect(toasts().querySelectorAll('.toast')).toHaveLength(3);
  expect(within(toasts()).getByText('(22 times)')).toBeDefined();
  expect(within(toasts()).getAllByRole('button', { name: 'Undo' })).toHaveLength(2);
});

test('a key goes to the newest notice and Escape back, without stopping an answer', async () => {
  const { app } = await renderPage();
  const ui = app.ui.getState();
  await settled(() => void app.chatController.send('one'));
  const question = screen.getByRole('textbox', { name: 'Your question' });
  question.focus();
  await settled(() => {
    ui.showToast('First.');
    ui.showToast('“one” was deleted.', { label: 'Undo', run: () => undefined });
  });
  expect(document.activeElement).toBe(question);
  await settled(() => fireEvent.keyDown(question, { key: 'F8' }));
  const undo = within(toasts()).getByRole('button', { name: 'Undo' });
  expect(document.activeElement).toBe(undo);
  await settled(() => fireEvent.keyDown(undo, { key: 'Escape' }));
  expect(within(toasts()).queryByText('“one” was deleted.')).toBeNull();
  await settled(() => fireEvent.keyDown(document.activeElement!, { key: 'Escape' }));
  expect(document.activeElement).toBe(question);
  expect(app.chat.getState().run).not.toBeNull();
  await settled(() => app.chatController.stop());
});

test('no notice goes away while it is held, and each has its whole time again afterwards', async () => {
  const { app } = await renderPage();
  vi.useFakeTimers();
  try {
    const { showToast, holdToasts } = app.ui.getState();
    const texts = () => app.ui.getState().toasts.map(({ text }) => text);
    showToast('a', undefined, 1000);
    holdToasts(true);
    showToast('b', undefined, 1000);
    vi.advanceTimersByTime(60_000);
    expect(texts()).toEqual(['a', 'b']);
    holdToasts(false);
    vi.advanceTimersByTime(999);
    expect(texts()).toEqual(['a', 'b']);
    vi.advanceTimersByTime(1);
    expect(texts()).toEqual([]);
  } finally {
    vi.useRealTimers();
  }
});

test('pointing at the notices and focusing one holds them, leaving lets them go', async () => {
  const { app } = await renderPage();
  const holds: boolean[] = [];
  app.ui.setState({ holdToasts: isHeld => void holds.push(isHeld) });
  await settled(() => void app.ui.getState().showToast('a'));
  const dismiss = within(toasts()).getByRole('button', { name: 'Dismiss' });
  fireEvent.pointerEnter(toasts());
  fireEvent.pointerLeave(toasts());
  await settled(() => dismiss.focus());
  fireEvent.pointerEnter(toasts());
  fireEvent.pointerLeave(toasts());
  await settled(() => dismiss.blur());
  expect(holds).toEqual([true, false, true, true, true, false]);
});

test('what an open dialog shows at its place is announced and not shown twice', async () => {
  const { app } = await renderPage();
  await settled(() => app.ui.getState().openDialog({ kind: 'models' }));
  await settled(() => app.ui.getState().showToastOutside('models', 'Mine: the server said no.'));
  expect(app.ui.getState().toasts).toEqual([]);
  expect(announcer().textContent).toBe('Mine: the server said no.');
  await settled(() => app.ui.getState().closeDialog());
  await settled(() => app.ui.getState().showToastOutside('models', 'Mine: the server said no.'));
  expect(app.ui.getState().toasts).toHaveLength(1);
});
