// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { converse } from '../testing/fake-services.ts';
import { renderPage, settled } from '../testing/render-page.tsx';

afterEach(cleanup);

const notice = () => screen.getByRole('region', { name: 'Storage' });
const button = (name: string) => within(notice()).getByRole('button', { name });

test('says once what is not stored, gives it out as a file, and goes when it is stored', async () => {
  const started = await renderPage();
  const { app, services } = started;
  services.conversations.failure = 'storage-full';
  await settled(async () => void (await converse(started, 'What is asthma?', 'A **disease**.')));
  expect(screen.getAllByText(/^What happened: storage-full\./)).toHaveLength(1);
  expect(within(notice()).getByText(/is kept in this page, and is stored by itself/)).toBeDefined();
  await settled(() => fireEvent.click(button('Save it as a file')));
  const [file] = services.saved;
  expect(file?.name).toBe('bedside-not-stored.md');
  const text = await readText(file?.blob ?? new Blob());
  expect(text).toMatch(
    /^# What is asthma\?\n\n## Question .*\n\nWhat is asthma\?\n\n## Answer of .*\n\nA \*\*disease\*\*\.$/,
  );
  await settled(() => fireEvent.click(button('Free storage')));
  expect(app.ui.getState().dialog).toEqual({ kind: 'models' });
  await settled(() => app.ui.getState().closeDialog());
  services.conversations.failure = null;
  await settled(() => fireEvent.click(button('Try again')));
  expect(screen.queryByRole('region', { name: 'Storage' })).toBeNull();
  expect(screen.getByText('Storage works again: what had waited is stored.')).toBeDefined();
});

/** jsdom's Blob has no `text()`. */
function readText(blob: Blob): Promise<string> {
  return new Promise(resolve => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.readAsText(blob);
  });
}
