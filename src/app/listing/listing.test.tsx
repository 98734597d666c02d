// @vitest-environment jsdom
import '../../../test/support/readable-blobs.ts';
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { converse, FakeServices, type Started, startApp } from '../testing/fake-services.ts';
import { renderPage, settled } from '../testing/render-page.tsx';

afterEach(cleanup);

const list = () => within(screen.getByRole('navigation', { name: 'Earlier conversations' }));
const button = (name: string | RegExp) => screen.getByRole('button', { name });
const click = (control: HTMLElement) => settled(() => fireEvent.click(control));
const rows = () =>
  [...document.querySelectorAll<HTMLElement>('.history-item .history-title')].map(row => row.textContent);
const focusedName = () =>
  document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent;
const press = (key: string) => settled(() => fireEvent.keyDown(document.activeElement!, { key }));
const choose = async (title: string, item: string) => {
  await click(button(`More for “${title}”`));
  await click(screen.getByRole('menuitem', { name: item }));
};

async function withThree(services?: FakeServices): Promise<Started> {
  const started = await renderPage(services);
  for (const title of ['one', 'two', 'three']) {
    started.app.chatController.newChat();
    await converse(started, title, `About ${title}.`);
  }
  await settled();
  return started;
}

test('what is pinned stands first, until it is unpinned', async () => {
  await withThree();
  expect(rows()).toEqual(['three', 'two', 'one']);
  await choose('one', 'Pin');
  expect(rows()).toEqual(['one', 'three', 'two']);
  expect(within(list().getByRole('list', { name: 'Pinned' })).getByText('one')).toBeDefined();
  await choose('one', 'Unpin');
  expect(rows()).toEqual(['three', 'two', 'one']);
});

test('the archive is out of the list, is found by the search, and gives back what is in it', async () => {
  const started = await withThree();
  await choose('two', 'Archive');
  expect(rows()).toEqual(['three', 'one']);
  fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'About two' } });
  await waitFor(() => expect(screen.getByText(/, in the archive$/)).toBeDefined());
  await settled(() => fireEvent.change(screen.getByRole('searchbox'), { target: { value: '' } }));
  const shown = screen.getByRole('combobox', { name: 'Which conversations are listed' });
  await settled(() => fireEvent.change(shown, { target: { value: 'archive' } }));
  expect(rows()).toEqual(['two']);
  await choose('two', 'Back from the archive');
  // The archive is empty: all are listed again.
  expect(rows()).toEqual(['three', 'two', 'one']);
  expect(
    started.app.conversationList.getState().conversations.every(({ filing }) => !filing?.isArchived),
  ).toBe(true);
});

test('tags are added, listed by, and removed', async () => {
  await withThree();
  await choose('two', 'Tags…');
  const dialog = within(await screen.findByRole('dialog', { name: 'Tags of this conversation' }));
  const field = dialog.getByRole('combobox', { name: 'New tag' });
  fireEvent.change(field, { target: { value: ' ward  3, teaching' } });
  await click(dialog.getByRole('button', { name: 'Add' }));
  expect(dialog.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
    'teaching',
    'ward 3',
  ]);
  await click(dialog.getByRole('button', { name: 'Remove “teaching”' }));
  await click(dialog.getByRole('button', { name: 'Done' }));
  const shown = screen.getByRole('combobox', { name: 'Which conversations are listed' });
  await settled(() => fireEvent.change(shown, { target: { value: 'tag:ward 3' } }));
  expect(rows()).toEqual(['two']);
});

test('several are chosen and deleted at once, and all come back with one undo', async () => {
  const { services } = await withThree();
  await choose('one', 'Choose several');
  await click(list().getByRole('checkbox', { name: 'three' }));
  const bar = within(screen.getByRole('group', { name: 'Chosen conversations' }));
  expect(bar.getByText('2 conversations chosen')).toBeDefined();
  await click(bar.getByRole('button', { name: 'Delete' }));
  await waitFor(() => expect(rows()).toEqual(['two']));
  expect(await services.conversations.listBin()).toHaveLength(2);
  expect(screen.getByText('2 conversations were moved to the bin.')).toBeDefined();
  await click(button('Undo'));
  await waitFor(() => expect(rows()).toEqual(['three', 'two', 'one']));
  expect(await services.conversations.listBin()).toEqual([]);
});

test('several are chosen, tagged, archived and exported', async () => {
  const { services } = await withThree();
  await choose('one', 'Choose several');
  await click(button('All'));
  await click(button('Tags…'));
  const dialog = within(await screen.findByRole('dialog', { name: 'Tags of 3 conversations' }));
  fireEvent.change(dialog.getByRole('combobox', { name: 'New tag' }), { target: { value: 'teaching' } });
  await click(dialog.getByRole('button', { name: 'Add' }));
  await click(dialog.getByRole('button', { name: 'Done' }));
  await click(list().getByRole('checkbox', { name: 'three' }));
  const bar = within(screen.getByRole('group', { name: 'Chosen conversations' }));
  await click(bar.getByRole('button', { name: 'Export' }));
  await waitFor(() => expect(services.saved).toHaveLength(1));
  const exported = JSON.parse(await services.saved[0]!.blob.text());
  expect(exported.conversations.map(({ index }: { index: { title: string } }) => index.title)).toEqual([
    'two',
    'one',
  ]);
  await waitFor(() => expect(screen.queryByRole('group', { name: 'Chosen conversations' })).toBeNull());
  await choose('one', 'Choose several');
  await click(button('All'));
  await click(button('Archive'));
  await waitFor(() => expect(rows()).toEqual([]));
});

test('what storage refuses to file stays as it is, and why is said', async () => {
  const { services } = await withThree();
  services.conversations.failure = 'storage-full';
  await choose('one', 'Pin');
  expect(rows()).toEqual(['three', 'two', 'one']);
  expect(screen.getByText(/^Nothing was changed\./)).toBeDefined();
});

test('another tab files and deletes the same', async () => {
  const started = await withThree();
  const { services } = started;
  const other = await startApp(new FakeServices({}, services.tabs, services.conversations));
  const [{ id } = { id: '' }] = other.app.conversationList.getState().conversations;
  await settled(() => void other.app.listController.file([id], old => ({ ...old, isArchived: true })));
  expect(rows()).toEqual(['two', 'one']);
  await settled(() => void other.app.chatController.remove(id));
  expect(started.app.conversationList.getState().conversations.map(({ title }) => title)).toEqual([
    'two',
    'one',
  ]);
  await settled(() => void other.app.listController.restore(id));
  const restored = started.app.conversationList.getState().conversations[0];
  expect(restored).toMatchObject({ title: 'three', filing: { isArchived: true } });
});

test('the bin shows what was deleted, puts it back, and is emptied after it was asked', async () => {
  const { services } = await withThree();
  for (const title of ['one', 'two']) await click(button(`Delete “${title}”`));
  await click(button('Bin'));
  const dialog = within(await screen.findByRole('dialog', { name: 'Bin' }));
  await dialog.findByText('one');
  expect(dialog.getAllByText(/kept for 30 more days/)).toHaveLength(2);
  await click(dialog.getByRole('button', { name: 'Restore “one”' }));
  expect(rows()).toEqual(['three', 'one']);
  await click(dialog.getByRole('button', { name: 'Empty the bin…' }));
  expect(await services.conversations.listBin()).toHaveLength(1);
  await click(dialog.getByRole('button', { name: 'Delete 1 conversation for good' }));
  expect(await services.conversations.listBin()).toEqual([]);
  expect(dialog.getByText('Nothing is in the bin.')).toBeDefined();
});

test('a page that starts deletes what has been in the bin for thirty days', async () => {
  const services = new FakeServices();
  await withThree(services);
  const [{ id } = { id: '' }] = await services.conversations.listConversations();
  await services.conversations.deleteConversation(id, Date.now() - 30 * 24 * 60 * 60 * 1000);
  await startApp(new FakeServices({}, services.tabs, services.conversations));
  expect(await services.conversations.listBin()).toEqual([]);
});

test('the list is one tab stop: arrows, Home and End move in it, sideways to what a row offers', async () => {
  await withThree();
  const nav = screen.getByRole('navigation', { name: 'Earlier conversations' });
  const stops = () => [...nav.querySelectorAll('button:not([tabindex="-1"]), input:not([tabindex="-1"])')];
  expect(stops()).toHaveLength(1);
  await settled(() => button('three').focus());
  await press('ArrowDown');
  expect(focusedName()).toBe('two');
  await press('End');
  expect(focusedName()).toBe('one');
  await press('ArrowDown');
  expect(focusedName()).toBe('one');
  await press('ArrowRight');
  expect(focusedName()).toBe('Rename “one”');
  await press('ArrowUp');
  expect(focusedName()).toBe('Rename “two”');
  await press('ArrowLeft');
  expect(focusedName()).toBe('two');
  await press('Home');
  expect(focusedName()).toBe('three');
  expect(stops()).toEqual([document.activeElement]);
});

test('the menu of a row is worked with keys, and gives the focus back', async () => {
  await withThree();
  await settled(() => button('More for “two”').focus());
  await click(button('More for “two”'));
  expect(focusedName()).toBe('Pin');
  await press('ArrowUp');
  expect(focusedName()).toBe('Delete');
  await press('Home');
  await press('ArrowDown');
  expect(focusedName()).toBe('Rename');
  await press('Escape');
  expect(screen.queryByRole('menu')).toBeNull();
  expect(focusedName()).toBe('More for “two”');
});
