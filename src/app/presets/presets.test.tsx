// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import './presets-dialog.tsx';
import { greedySampling } from '../../client/index.ts';
import { builtInPresets } from '../state/settings/built-in-presets.ts';
import { converse, type Started } from '../testing/fake-services.ts';
import { renderPage, settled } from '../testing/render-page.tsx';

afterEach(cleanup);

const click = (name: string | RegExp) =>
  settled(() => fireEvent.click(dialog().getByRole('button', { name })));
const dialog = () => within(screen.getByRole('dialog'));
const type = (label: string, value: string) =>
  settled(() => fireEvent.change(dialog().getByLabelText(label), { target: { value } }));

async function openPresets(): Promise<Started> {
  const started = await renderPage();
  await settled(() => started.app.ui.getState().openDialog({ kind: 'presets' }));
  await screen.findByRole('dialog', { name: 'Presets' });
  return started;
}

test('a preset of Bedside is used for a conversation: its answers, and no others, are asked so', async () => {
  const { app, engine, services } = await openPresets();
  await click('Use “Short”');
  expect(dialog().getByRole('button', { name: 'Use “Short”' }).getAttribute('aria-pressed')).toBe('true');
  await settled(() => app.ui.getState().closeDialog());
  const started = { app, engine, services } as Started;
  await converse(started, 'What is asthma?', 'An illness.');
  expect(engine.lastAnswer.call).toMatchObject({
    maxTokens: 128,
    thoughtTokens: 256,
    sampling: greedySampling,
  });
  const [stored] = await services.conversations.listConversations();
  expect(stored?.preset).toEqual(builtInPresets.find(({ id }) => id === 'short'));
  app.chatController.newChat();
  await converse(started, 'And what is gout?', 'Another.');
  expect(engine.lastAnswer.call.maxTokens).toBe(400);
});

test('one is made of another, renamed, deleted, and comes back with an undo', async () => {
  const { app } = await openPresets();
  const own = () => app.settings.getState().settings.ownPresets;
  await click('Copy “Medical default”');
  await type('Name', 'For letters');
  await type('Role (optional)', 'You write letters.');
  await click('Save');
  expect(own()).toMatchObject([{ name: 'For letters', system: 'You write letters.', maxTokens: 400 }]);
  const before = own();
  await click('Edit “For letters”');
  await type('Name', ' ');
  await click('Save');
  expect(dialog().getByRole('alert').textContent).toBe('It needs a name.');
  await type('Name', 'Letters');
  await click('Save');
  expect(own()).toEqual([{ ...before[0], name: 'Letters' }]);
  await click('Delete “Letters”');
  expect(own()).toEqual([]);
  await settled(() => fireEvent.click(screen.getByRole('button', { name: /^Undo/ })));
  expect(own()).toMatchObject([{ name: 'Letters' }]);
});

test('a conversation keeps its preset as it was, whatever becomes of it', async () => {
  const { app } = await openPresets();
  await click('Copy “Long”');
  await type('Name', 'Mine');
  await click('Save');
  await click('Use “Mine”');
  await click('Delete “Mine”');
  expect(app.chat.getState().tree.conversation.preset?.name).toBe('Mine');
  await settled(() => app.ui.getState().openDialog({ kind: 'settings' }));
  const choice = dialog().getByLabelText('Preset of this conversation') as HTMLSelectElement;
  expect(choice.selectedOptions[0]?.textContent).toBe('Mine');
  await settled(() => fireEvent.change(choice, { target: { value: '' } }));
  expect(app.chat.getState().tree.conversation.preset).toBeUndefined();
});
