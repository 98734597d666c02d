// @vitest-environment jsdom
import '../../../test/support/readable-blobs.ts';
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { sampleRecords } from '../../../test/support/conversation-records.ts';
import { researchNotice } from '../format/research-notice.ts';
import { converse, FakeServices, type Started } from '../testing/fake-services.ts';
import { renderPage, settled } from '../testing/render-page.tsx';

afterEach(cleanup);

const click = (button: HTMLElement) => settled(() => fireEvent.click(button));
const savedText = (services: FakeServices) => services.saved.at(-1)!.blob.text();

/** Toasts stand in the dialog too while it is open. */
const outcomeOf = (dialog: { getAllByRole(role: string): HTMLElement[] }) =>
  dialog
    .getAllByRole('status')
    .map(each => each.textContent)
    .join();

async function withConversation(): Promise<Started> {
  const started = await renderPage();
  await settled();
  await converse(started, 'What is asthma?', 'A disease of the airways.');
  await settled();
  return started;
}

async function openExport() {
  await click(screen.getByRole('button', { name: 'Export conversation' }));
  return within(await screen.findByRole('dialog', { name: 'Export conversation' }));
}

async function save(dialog: Awaited<ReturnType<typeof openExport>>) {
  await waitFor(() =>
    expect(dialog.getByRole('button', { name: 'Save file' })).toHaveProperty('disabled', false),
  );
  await click(dialog.getByRole('button', { name: 'Save file' }));
  await waitFor(() => expect(outcomeOf(dialog)).toContain('was offered to be saved'));
}

test('the conversation is exported as it is shown, in each form, without a question in the name of the file', async () => {
  const { services } = await withConversation();
  const dialog = await openExport();
  for (const name of ['Markdown', 'Page', 'Bedside', 'FHIR']) {
    await click(dialog.getByRole('radio', { name }));
    await save(dialog);
    const { blob, name: file } = services.saved.at(-1)!;
    expect(file).toMatch(/^bedside-conversation-\d{4}-\d\d-\d\d\.(md|html|json|fhir\.json)$/);
    expect(await blob.text()).toContain(researchNotice);
  }
  expect(services.saved).toHaveLength(4);
});

test('chosen messages alone are exported', async () => {
  const { services } = await withConversation();
  const dialog = await openExport();
  await click(await dialog.findByRole('radio', { name: 'Chosen messages' }));
  await click(dialog.getByRole('checkbox', { name: /What is asthma/ }));
  await save(dialog);
  expect(await savedText(services)).toContain('A disease of the airways.');
  expect(await savedText(services)).not.toContain('## Question');
  await click(dialog.getByRole('checkbox', { name: /airways/ }));
  expect(dialog.getByRole('button', { name: 'Save file' })).toHaveProperty('disabled', true);
});

test('a conversation of the list is exported from its row; what storage refuses is said', async () => {
  const { services } = await withConversation();
  await click(screen.getByRole('button', { name: 'Export “What is asthma?”' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Export conversation' }));
  await save(dialog);
  await click(dialog.getByRole('button', { name: 'Close' }));
  services.conversations.failure = 'storage-unavailable';
  const again = await openExport();
  await waitFor(() => expect(outcomeOf(again)).toContain('storage-unavailable'));
  expect(again.getByRole('button', { name: 'Save file' })).toHaveProperty('disabled', true);
});

async function openSettings() {
  await click(screen.getByRole('button', { name: 'Settings' }));
  return within(screen.getByRole('dialog', { name: 'Settings' }));
}

async function pick(dialog: Awaited<ReturnType<typeof openSettings>>, ...files: File[]) {
  const input = dialog.getByLabelText('Files of conversations');
  await settled(() => fireEvent.change(input, { target: { files } }));
}

const said = (dialog: Awaited<ReturnType<typeof openSettings>>, words: string) =>
  waitFor(() =>
    expect(
      dialog
        .getAllByRole('status')
        .map(each => each.textContent)
        .join(),
    ).toContain(words),
  );

test('everything is exported into a file, and comes back from it on another device', async () => {
  const first = new FakeServices();
  await first.conversations.addConversations([sampleRecords('one'), sampleRecords('two')]);
  await renderPage(first);
  const dialog = await openSettings();
  await click(dialog.getByRole('button', { name: 'Export all conversations…' }));
  await said(dialog, '2 conversations in 1 file offered to be saved');
  const file = new File([first.saved[0]!.blob], 'all.json');
  cleanup();

  const { app, services } = await renderPage();
  const other = await openSettings();
  await pick(other, file);
  await said(other, '2 conversations added.');
  expect(
    app.conversationList
      .getState()
      .conversations.map(({ id }) => id)
      .sort(),
  ).toEqual(['one', 'two']);
  expect(services.conversations.images.size).toBe(2);
  const { messages } = (await services.conversations.readRecords('one'))!;
  expect(messages).toEqual(sampleRecords('one').messages);
  await pick(other, file);
  await said(other, '2 conversations here already');
  await app.chatController.rename('one', 'Another name');
  await pick(other, file);
  await said(other, '1 of the added stand beside another version');
  expect(app.conversationList.getState().conversations).toHaveLength(3);
});

test('a file that is not right changes nothing, and why is said', async () => {
  const { app } = await renderPage();
  const dialog = await openSettings();
  await pick(dialog, new File(['{'], 'a.json'));
  await said(dialog, 'This file is not whole, or no JSON file.');
  await pick(dialog, new File(['[1]'], 'a.json'), new File(['{}'], 'b.json'));
  await said(dialog, 'b.json: This file holds no conversations that Bedside can read.');
  expect(app.conversationList.getState().conversations).toEqual([]);
});

test('a conversation that was deleted here comes back from its file, and can be written to', async () => {
  const services = new FakeServices();
  await services.conversations.addConversations([sampleRecords('one')]);
  const started = await renderPage(services);
  const dialog = await openSettings();
  await click(dialog.getByRole('button', { name: 'Export all conversations…' }));
  await said(dialog, '1 conversation in 1 file');
  const file = new File([services.saved[0]!.blob], 'all.json');
  await settled(() => void started.app.chatController.remove('one'));
  await pick(dialog, file);
  await said(dialog, '1 conversation added.');
  await settled(() => void started.app.chatController.open('one'));
  await converse(started, 'More?', 'Yes.');
  const texts = (await services.conversations.loadConversation('one'))!.messages.map(({ text }) => text);
  expect(texts).toContain('Yes.');
});
