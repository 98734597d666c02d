// @vitest-environment jsdom
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { type AnswerRecord, packIds } from '../../client/index.ts';
import { converse, type Started } from '../testing/fake-services.ts';
import { renderPage, settled } from '../testing/render-page.tsx';

afterEach(cleanup);

const press = (name: string) =>
  settled(() => fireEvent.click(screen.getAllByRole('button', { name }).at(-1)!));

async function openRecord(): Promise<Started> {
  const started = await renderPage();
  await settled(() => void converse(started, 'What is asthma?', 'A disease.'));
  await settled();
  await press('Record of this answer');
  await screen.findByRole('dialog', { name: 'Record of this answer' });
  return started;
}

const dialog = () => within(screen.getByRole('dialog', { name: 'Record of this answer' }));
const isSaid = (words: string | RegExp) => waitFor(() => expect(dialog().getByText(words)).toBeTruthy());

test('what wrote the answer is shown, and is saved as a file', async () => {
  const { services } = await openRecord();
  await isSaid('What it read');
  await press('Save as JSON');
  const { blob, name } = services.saved.at(-1)!;
  expect(name).toMatch(/^bedside-answer-\d{4}-\d\d-\d\d\.json$/);
  const text = await new Promise<string>(resolve => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.readAsText(blob);
  });
  expect(JSON.parse(text)).toMatchObject({
    prompt: { text: 'What is asthma?', ids: [1, 2, 2, 2, 3] },
    answer: { text: 'A disease.', stopReason: 'end' },
  });
});

test('it is reproduced, which is identical, or parts where it does', async () => {
  const { engine, app } = await openRecord();
  await isSaid('What it read');
  const tree = app.chat.getState().tree;
  await press('Reproduce this answer');
  expect(engine.lastAnswer.call).toMatchObject({ readsAnew: true, maxTokens: 400 });
  await settled(() => engine.lastAnswer.write('A disease.'));
  await settled(() => engine.lastAnswer.finish());
  await isSaid('Identical: all 10 tokens came out the same.');
  await press('Reproduce this answer');
  await settled(() => engine.lastAnswer.write('A dilemma.'));
  await settled(() => engine.lastAnswer.finish());
  await isSaid('They part at token 5: the 4 before it came out the same.');
  expect(dialog().getByText('lemma.').tagName).toBe('MARK');
  expect(app.chat.getState().tree).toBe(tree);
});

test('another prompt is told from another answer', async () => {
  const { engine } = await openRecord();
  await isSaid('What it read');
  await press('Reproduce this answer');
  await settled(() => engine.lastAnswer.finish({ prompt: { parts: [], ids: [1, 2, 9] } }));
  await isSaid(/^Not comparable: the prompt is another one from token 3 on/);
});

test('it can be stopped, and ends with the dialog', async () => {
  const { engine } = await openRecord();
  await isSaid('What it read');
  await press('Reproduce this answer');
  await press('Stop');
  await isSaid('Stopped: nothing was compared.');
  await press('Reproduce this answer');
  const { call } = engine.lastAnswer;
  expect(call.signal?.aborted).toBe(false);
  await press('Close');
  expect(call.signal?.aborted).toBe(true);
});

test('where another model is loaded, it says which one is needed, and loads it', async () => {
  const { app, services } = await openRecord();
  await isSaid('What it read');
  await settled(() => void app.modelController.choose({ entry: services.catalogue[1]!, files: null }));
  await isSaid(/^Chatty is loaded, and Nano wrote this answer/);
  await press('Load Nano');
  await waitFor(() => expect(dialog().getByRole('button', { name: 'Reproduce this answer' })).toBeTruthy());
});

test('an answer without a record says why there is none', async () => {
  const started = await renderPage();
  await settled(() => void converse(started, 'What is asthma?', 'A disease.'));
  await settled();
  started.services.conversations.answerRecords.clear();
  await press('Record of this answer');
  await waitFor(() => expect(dialog().getByText(/^No record of this answer was kept/)).toBeTruthy());
  expect(dialog().queryByRole('button', { name: 'Save as JSON' })).toBeNull();
});

test('what has changed since is named with a record that differs', async () => {
  const { engine, services } = await openRecord();
  await isSaid('What it read');
  await press('Close');
  const [[key, record]] = [...services.conversations.answerRecords] as [[string, AnswerRecord]];
  const { device, answer } = record;
  services.conversations.answerRecords.set(key, {
    ...record,
    device: { ...device, precision: 'q8', forms: ['matvec: wide'] },
    answer: { ...answer, ids: packIds([65, 66]), usage: { ...answer.usage, cachedTokens: 4 } },
  });
  await press('Record of this answer');
  await press('Reproduce this answer');
  await settled(() => engine.lastAnswer.write('AB'));
  await settled(() => engine.lastAnswer.finish());
  await isSaid('Identical: all 2 tokens came out the same.');
  expect(
    dialog()
      .getAllByRole('listitem')
      .map(item => item.textContent),
  ).toEqual([
    'The model kept the conversation in memory with another precision.',
    'Other kernels computed it: they add the same numbers in another order.',
    'A part of its prompt was still in memory from the turn before; here all of it was read anew, in other portions.',
  ]);
});
