import { act, fireEvent, render, screen } from '@testing-library/react';
// Fetched late by the page; here they are there at once, so that a press opens them.
import { loadMessageList } from '../chat/late-message-list.tsx';
import '../models/model-dialog.tsx';
import '../settings/delete-all-dialog.tsx';
import '../settings/settings-dialog.tsx';
import { Page } from '../shell/page.tsx';
import { polyfillDialog } from './dialog-polyfill.ts';
import { FakeServices, flush, type Started, startApp } from './fake-services.ts';
import { polyfillObjectUrls } from './object-urls.ts';

/** The whole page over services in memory. */
export async function renderPage(services = new FakeServices()): Promise<Started> {
  polyfillDialog();
  polyfillObjectUrls();
  // jsdom has no layout to scroll.
  Element.prototype.scrollIntoView ??= () => undefined;
  await loadMessageList();
  const started = await startApp(services);
  render(<Page app={started.app} />);
  await settled();
  return started;
}

/** Runs `cause`, lets all that follows from it happen, and shows it. */
export async function settled(cause?: () => void): Promise<void> {
  await act(async () => {
    cause?.();
    await flush();
  });
}

/** Takes what is called so from the menu of the last answer. */
export async function chooseForAnswer(name: string): Promise<void> {
  await openAnswerMenu();
  await settled(() => fireEvent.click(screen.getByRole('menuitem', { name })));
}

export async function openAnswerMenu(): Promise<void> {
  await settled(() =>
    fireEvent.click(screen.getAllByRole('button', { name: 'More for this answer' }).at(-1)!),
  );
}
