// @vitest-environment jsdom
import '../../../test/support/readable-blobs.ts';
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { actions, findAction } from '../palette/actions.ts';
import { readingStore } from '../speech/reader.ts';
import { converse, lastMessage, type Started, shownPath } from '../testing/fake-services.ts';
import { chooseForAnswer, renderPage, settled } from '../testing/render-page.tsx';

let started: Started;
const copied: string[] = [];
const spoken: string[] = [];

beforeEach(async () => {
  copied.length = 0;
  spoken.length = 0;
  vi.stubGlobal('navigator', {
    ...navigator,
    clipboard: { writeText: async (text: string) => void copied.push(text) },
  });
  vi.stubGlobal('speechSynthesis', {
    getVoices: () => [{ name: 'near', lang: 'en-GB', localService: true, default: true }],
    speak: ({ text }: { text: string }) => spoken.push(text),
    cancel: () => spoken.push('cancelled'),
  });
  vi.stubGlobal(
    'SpeechSynthesisUtterance',
    class {
      text: string;
      constructor(text: string) {
        this.text = text;
      }
    },
  );
  started = await renderPage();
  await settled();
  await settled(() => void converse(started, 'How much?', 'Give **5 mg** daily.'));
  await settled();
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const press = (name: string) => settled(() => fireEvent.click(screen.getByRole('button', { name })));

test('an answer is copied in the form that was used last, with its source as long as that is wished', async () => {
  await press('Copy answer');
  await chooseForAnswer('Copy as plain text');
  await chooseForAnswer('With model, hash and date: off');
  await press('Copy answer');
  // The model of these tests is a demonstration, which is said in any case.
  expect(copied.map(text => text.split('\n')[0])).toEqual([
    'Give **5 mg** daily.',
    'Give 5 mg daily.',
    'Give 5 mg daily.',
  ]);
  expect(copied[1]).not.toContain('Not a medical device');
  expect(copied[2]).toContain('Give 5 mg daily.\n\n');
  expect(copied[2]).toContain('Not a medical device');
  // Without ClipboardItem the words are copied all the same.
  await chooseForAnswer('Copy with formatting');
  expect(copied[3]).toBe(copied[2]);
  expect(started.app.settings.getState().settings).toMatchObject({ copyForm: 'rich', copyProvenance: true });
});

test('an answer is edited in place; what was typed outlives a look elsewhere; the record says whose words are whose', async () => {
  await press('Edit answer');
  const field = () => screen.getByRole('textbox', { name: 'Edit this answer' }) as HTMLTextAreaElement;
  expect(field().value).toBe('Give **5 mg** daily.');
  expect(screen.getByRole('button', { name: 'Save as a version' })).toHaveProperty('disabled', true);
  await settled(() => fireEvent.change(field(), { target: { value: 'Give **2 mg** daily.' } }));
  await settled(() => fireEvent.keyDown(field(), { key: 'Escape' }));
  const { id } = started.app.chat.getState().tree.conversation;
  await settled(() => started.app.chatController.newChat());
  await settled(() => void started.app.chatController.open(id));
  expect(field().value).toBe('Give **2 mg** daily.');
  await press('Save as a version');
  await waitFor(() => expect(lastMessage(started.app).text).toBe('Give **2 mg** daily.'));
  await settled();
  expect(screen.queryByRole('textbox', { name: 'Edit this answer' })).toBeNull();
  screen.getByText(/^Edited by you: 1 of 20 characters are yours$/);
  screen.getByRole('button', { name: 'Continue' });
  await press('Record of this answer');
  const record = within(await screen.findByRole('dialog', { name: 'Record of this answer' }));
  expect((await record.findByText('2')).localName).toBe('mark');
  expect(shownPath(started.app)).toHaveLength(2);
});

test('an answer is rated with a note, and the rating is changed', async () => {
  await press('Rate this answer');
  const dialog = within(await screen.findByRole('dialog', { name: 'Rate this answer' }));
  expect(dialog.getByRole('radio', { name: 'Not rated' })).toHaveProperty('checked', true);
  await settled(() => fireEvent.click(dialog.getByRole('radio', { name: 'Incorrect' })));
  await settled(() =>
    fireEvent.change(dialog.getByRole('textbox', { name: 'Note' }), { target: { value: 'Too much.' } }),
  );
  await settled(() => fireEvent.click(dialog.getByRole('button', { name: 'Save' })));
  await screen.findByText('Rated by you: incorrect. Too much.');
  expect(lastMessage(started.app).rating).toMatchObject({ verdict: 'incorrect', note: 'Too much.' });
});

test('an answer is read aloud without its markup, and no longer when another conversation is shown', async () => {
  await press('Read aloud');
  expect(spoken).toEqual(['Give 5 mg daily.']);
  await press('Stop reading');
  expect(spoken.at(-1)).toBe('cancelled');
  await press('Read aloud');
  await settled(() => started.app.chatController.newChat());
  expect(spoken.at(-1)).toBe('cancelled');
  expect(readingStore.getState().answerId).toBeNull();
});

test('it is read no longer when the model is to answer', async () => {
  await press('Read aloud');
  await settled(() => void started.app.chatController.send('More?'));
  expect(spoken.at(-1)).toBe('cancelled');
  await settled(() => started.app.chatController.stop());
});

test('all of it is among the actions, and no key of theirs is a letter alone', () => {
  for (const id of ['copy-answer', 'copy-answer-as', 'edit-answer', 'rate-answer', 'read-aloud']) {
    expect(findAction(id).whyNot?.(started.app) ?? null).toBeNull();
  }
  expect(findAction('stop-reading').whyNot?.(started.app)).toBe('Nothing is read aloud.');
  for (const { keys } of actions) {
    expect(keys && !keys.isCtrl && /^\p{L}$/u.test(keys.key)).toBeFalsy();
  }
});
