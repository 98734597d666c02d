// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import type { ModelRecord } from '../../client/index.ts';
import { FakeServices } from '../testing/fake-services.ts';
import { ownModel } from '../testing/fixtures.ts';
import { renderPage, settled } from '../testing/render-page.tsx';

afterEach(cleanup);

const record = (name: string): ModelRecord => ({
  v: 3,
  id: `id-${name}`,
  name,
  entryId: ownModel.id,
  text: [{ id: `file-${name}`, url: `https://models.test/${name}.gguf`, name: `${name}.gguf` }],
  addedAt: 1,
});

async function openLibrary(...names: string[]): Promise<FakeServices> {
  const services = new FakeServices();
  services.records.records = names.map(record);
  for (const name of names) services.library.store(`file-${name}`, 10, 4);
  await renderPage(services);
  await settled(() => fireEvent.click(screen.getByRole('button', { name: /Choose a model/ })));
  return services;
}

/** As with the keyboard: what is pressed has the focus. */
async function press(name: string): Promise<void> {
  const button = screen.getByRole('button', { name });
  button.focus();
  await settled(() => fireEvent.click(button));
}

const focused = () =>
  document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '';

test('what is pressed and vanishes hands its focus to what takes its place', async () => {
  const services = await openLibrary('Mine');
  await press('Fetch the rest: Mine');
  expect(focused()).toBe('Pause: Mine');
  await press('Pause: Mine');
  expect(focused()).toBe('Fetch the rest: Mine');
  await press('Fetch the rest: Mine');
  services.library.store('file-Mine', 10);
  await settled(() => services.library.jobs[1]!.finish());
  expect(focused()).toBe('Use: Mine');
  await press('Verify: Mine');
  expect(focused()).toBe('Use: Mine');
});

test('the question before a deletion is answered with No first, and focus goes on with the next row', async () => {
  await openLibrary('One', 'Two');
  await press('Delete the stored copy of One');
  expect(focused()).toBe('Keep: One');
  await press('Keep: One');
  expect(focused()).toBe('Delete the stored copy of One');
  await press('Delete the stored copy of One');
  await press('Delete for good: One');
  expect(focused()).toBe('Fetch the rest: Two');
  await press('Delete the stored copy of Two');
  await press('Delete for good: Two');
  expect(focused()).toBe('Kept on this device');
});

test('Escape answers the question before a deletion with No, and leaves the dialog open', async () => {
  await openLibrary('One');
  await press('Delete the stored copy of One');
  const keep = screen.getByRole('button', { name: 'Keep: One' });
  let wasLeftToDialog: boolean | undefined;
  await settled(() => {
    wasLeftToDialog = fireEvent.keyDown(keep, { key: 'Escape' });
  });
  expect(wasLeftToDialog).toBe(false);
  expect(screen.getByRole('dialog').hasAttribute('open')).toBe(true);
  expect(focused()).toBe('Delete the stored copy of One');
});

test('a job that ends takes no focus from elsewhere', async () => {
  const services = await openLibrary('Mine');
  await press('Fetch the rest: Mine');
  const close = within(screen.getByRole('dialog')).getByRole('button', { name: 'Close' });
  close.focus();
  await settled(() => services.library.jobs[0]!.finish());
  expect(document.activeElement).toBe(close);
});

test('who left the button for nothing in particular is not called back to it', async () => {
  const services = await openLibrary('Mine');
  await press('Fetch the rest: Mine');
  (document.activeElement as HTMLElement).blur();
  await settled(() => services.library.jobs[0]!.finish());
  expect(document.activeElement).toBe(document.body);
});
