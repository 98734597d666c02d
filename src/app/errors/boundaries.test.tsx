// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { converse, type Started } from '../testing/fake-services.ts';
import { renderPage, settled } from '../testing/render-page.tsx';

/** The components that fail, by the file they are in. */
const failing = vi.hoisted(() => new Set<string>());

type Module = Record<string, unknown>;

/** Each component of a file, which throws while the file is said to fail. */
const breakable = vi.hoisted(() => (file: string) => async (importOriginal: () => Promise<Module>) => {
  const React = await import('react');
  const original = await importOriginal();
  const wrap = (component: React.ElementType) => (props: object) => {
    if (failing.has(file)) throw new Error(`${file} fails`);
    return React.createElement(component, props);
  };
  return Object.fromEntries(
    Object.entries(original).map(([name, value]) => [
      name,
      /^[A-Z]/.test(name) ? wrap(value as React.ElementType) : value,
    ]),
  );
});

vi.mock('../chat/answer-footer.tsx', breakable('footer'));
vi.mock('../markdown/markdown-block.tsx', breakable('block'));
vi.mock('../listing/conversation-item.tsx', breakable('row'));
vi.mock('../settings/settings-dialog.tsx', breakable('settings'));
vi.mock('../composer/composer.tsx', breakable('composer'));
vi.mock('../chat/chat-pane.tsx', breakable('pane'));

let started: Started;
let reports: unknown[];

beforeEach(async () => {
  reports = [];
  vi.spyOn(console, 'error').mockImplementation((...said) => void reports.push(...said));
  started = await renderPage();
  await settled(
    async () => void (await converse(started, 'What is asthma?', 'A **disease**.\n\nIt comes 5~7 times.')),
  );
  await settled();
});

afterEach(() => {
  cleanup();
  failing.clear();
  vi.restoreAllMocks();
});

/** Makes a part fail from now on, shows it anew, and lets it work again. */
async function breaking(file: string): Promise<{ mend: () => Promise<void> }> {
  failing.add(file);
  const { chat, conversationList } = started.app;
  await settled(() => {
    const { tree } = chat.getState();
    chat.setState({ tree: { ...tree, messages: tree.messages.map(message => ({ ...message })) } });
    conversationList.setState(({ conversations }) => ({
      conversations: conversations.map(each => ({ ...each })),
    }));
  });
  return {
    async mend() {
      failing.delete(file);
      await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Try again' })));
      expect(screen.queryByText(/could not be shown/)).toBeNull();
    },
  };
}

const report = (file: string) =>
  expect(reports.some(said => said instanceof Error && said.message === `${file} fails`)).toBe(true);

test('a message that fails shows its text as it was written, beside the others', async () => {
  const copied: string[] = [];
  vi.stubGlobal('navigator', {
    ...navigator,
    clipboard: { writeText: async (text: string) => copied.push(text) },
  });
  const { mend } = await breaking('footer');
  const answer = within(screen.getByRole('article', { name: 'Answer' }));
  expect(answer.getByText('This answer could not be shown')).toBeDefined();
  expect(screen.getByRole('article', { name: 'Answer' }).textContent).toContain(
    'A **disease**.\n\nIt comes 5~7 times.',
  );
  expect(screen.getByRole('article', { name: 'Your question' }).textContent).toContain('What is asthma?');
  await settled(() => fireEvent.click(answer.getByRole('button', { name: 'Copy the text' })));
  expect(copied).toEqual(['A **disease**.\n\nIt comes 5~7 times.']);
  report('footer');
  await mend();
  vi.unstubAllGlobals();
});

test('a part of an answer that fails is shown as it was written', async () => {
  failing.add('block');
  const { app } = started;
  await settled(() => app.chatController.newChat());
  await settled(
    () => void app.chatController.open(app.conversationList.getState().conversations[0]?.id ?? ''),
  );
  const text = screen.getByRole('article', { name: 'Answer' }).textContent;
  expect(text).toContain('A **disease**.');
  expect(text).toContain('It comes 5~7 times.');
  expect(screen.queryByText(/could not be shown/)).toBeNull();
  report('block');
});

test('a list of conversations that fails leaves the conversation, a new chat, and all of it as a file', async () => {
  const { mend } = await breaking('row');
  const sidebar = within(screen.getByRole('complementary', { name: 'Conversations' }));
  expect(sidebar.getByText('The list of conversations could not be shown')).toBeDefined();
  expect(screen.getByRole('article', { name: 'Answer' }).textContent).toContain('A disease.');
  await settled(() =>
    fireEvent.click(sidebar.getByRole('button', { name: 'Save all conversations as a file' })),
  );
  expect(started.services.saved.map(({ name }) => name)).toEqual(['bedside-conversations.md']);
  report('row');
  await mend();
  expect(screen.getByRole('button', { name: 'What is asthma?' })).toBeDefined();
});

test('a dialog that fails can be left', async () => {
  failing.add('settings');
  await settled(() => started.app.ui.getState().openDialog({ kind: 'settings' }));
  const dialog = within(screen.getByRole('dialog', { name: 'This could not be shown' }));
  expect(dialog.getByRole('button', { name: 'Try again' })).toBeDefined();
  await settled(() => fireEvent.click(dialog.getByRole('button', { name: 'Close' })));
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(screen.getByRole('article', { name: 'Answer' })).toBeDefined();
  report('settings');
});

test('a panel that fails leaves the conversation', async () => {
  failing.add('composer');
  await settled(() => started.app.chatController.newChat());
  expect(screen.getByText('The question field could not be shown')).toBeDefined();
  expect(screen.getByRole('complementary', { name: 'Conversations' }).textContent).toContain(
    'What is asthma?',
  );
  report('composer');
});

test('a page that fails has words, the text, all that is stored, and a way back', async () => {
  const { services, app } = started;
  failing.add('pane');
  cleanup();
  started = await renderPage(services);
  expect(screen.getByText('The page could not be shown')).toBeDefined();
  expect(screen.getByText('Your conversations are stored on this device.')).toBeDefined();
  expect(screen.getByRole('button', { name: 'Reload the page' })).toBeDefined();
  await settled(() =>
    fireEvent.click(screen.getByRole('button', { name: 'Save all conversations as a file' })),
  );
  expect(screen.getByText('The file was offered to be saved.')).toBeDefined();
  const { blob } = services.saved.at(-1)!;
  expect(blob.size).toBeGreaterThan(
    app.chat
      .getState()
      .tree.messages.map(({ text }) => text)
      .join('').length,
  );
  report('pane');
  failing.delete('pane');
  await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Try again' })));
  expect(screen.getByRole('textbox', { name: 'Your question' })).toBeDefined();
});
