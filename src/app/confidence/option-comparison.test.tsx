// @vitest-environment jsdom
import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { findAction } from '../palette/actions.ts';
import { saveEdit } from '../state/chat/reader-marks.ts';
import { converse, lastMessage, type Started } from '../testing/fake-services.ts';
import { openAnswerMenu, renderPage, settled } from '../testing/render-page.tsx';

afterEach(cleanup);

const question = 'Which is it?\nA. one\nB. two\nC. three';
type Call = Parameters<Started['services']['engine']['scoreLetters']>[0];

/** The letters have these probabilities in the calls, one after the other. */
function script({ services }: Started, ...probabilities: number[][]): Call[] {
  const calls: Call[] = [];
  services.engine.scoreLetters = async request => {
    const next = probabilities[calls.length]!;
    calls.push(request);
    return {
      letters: request.letters.map((letter, at) => ({ letter, logProbability: Math.log(next[at]!) })),
    };
  };
  return calls;
}

async function answered(text = question): Promise<Started> {
  const started = await renderPage();
  await settled(() => void converse(started, text, 'B.'));
  await settled();
  return started;
}

const region = () => screen.queryByRole('region', { name: 'The options, compared' });
const press = (name: string) => settled(() => fireEvent.click(screen.getByRole('button', { name })));

test('a question without options offers none', async () => {
  await answered('What is asthma?');
  expect(region()).toBeNull();
});

test('what is asked is the recorded prompt; then the same with the options turned round', async () => {
  const started = await answered();
  const calls = script(started, [0.1, 0.2, 0.1], [0.3, 0.1, 0]);
  await press('Compare the options');
  expect(calls[0]).toMatchObject({ promptIds: [1, 2, 2, 2, 3], letters: ['A', 'B', 'C'] });
  expect(region()!.querySelector('.option-verdict')!.textContent).toBe(
    'The model leans to B: 50 % of what it gave these letters. Of all that its answer could begin with, these letters had 40 %.',
  );
  await press('Turn their order round');
  expect(calls[1]!.promptIds).toBeUndefined();
  expect(calls[1]!.request.messages.at(-1)!.text).toBe('Which is it?\nA. three\nB. two\nC. one');
  expect(region()!.querySelector('.option-verdict')!.textContent).toContain(
    'In the opposite order it leans to what is C here, with 75 %: it depends on the order.',
  );
  // Kept with the answer: "one" stood last then.
  expect(lastMessage(started.app).optionLikelihoods).toEqual([
    { letter: 'A', text: 'one', probability: expect.closeTo(0.1), turned: 0 },
    { letter: 'B', text: 'two', probability: expect.closeTo(0.2), turned: expect.closeTo(0.1) },
    { letter: 'C', text: 'three', probability: expect.closeTo(0.1), turned: expect.closeTo(0.3) },
  ]);
  expect(screen.queryByRole('button', { name: 'Turn their order round' })).toBeNull();
  const kept = await started.services.conversations.loadConversation(lastMessage(started.app).conversationId);
  expect(kept).toMatchObject({ messages: [{}, { optionLikelihoods: [{ letter: 'A' }, {}, {}] }] });
});

test('where another model is loaded, that is said', async () => {
  const started = await answered();
  const calls = script(started);
  const { app, services } = started;
  await settled(() => void app.modelController.choose({ entry: services.catalogue[1]!, files: null }));
  await press('Compare the options');
  expect(screen.getByRole('alert').textContent).toContain('Nano wrote this answer, and it is not loaded.');
  expect(calls).toEqual([]);
});

test('of an edited answer nothing is asked; the model’s own version beside it has all', async () => {
  const { app } = await answered();
  const asked = async () => {
    await openAnswerMenu();
    const found = [
      screen.queryByRole('button', { name: 'Compare the options' }),
      screen.queryByRole('menuitem', { name: 'Underline uncertain words' }),
      screen.queryByRole('menuitem', { name: 'Ask several times' }),
    ].map(control => control !== null);
    expect(found.slice(1)).toEqual(
      ['underline-words', 'ask-several-times'].map(id => findAction(id).whyNot?.(app) === null),
    );
    await openAnswerMenu();
    return found;
  };
  expect(await asked()).toEqual([true, true, true]);
  const { chat, listController: list } = app;
  let edited: string | null = null;
  await settled(async () => {
    edited = await saveEdit({ chat, list }, lastMessage(app).id, 'C.');
  });
  await screen.findByText(/^Edited by you/);
  expect(await asked()).toEqual([false, false, false]);
  await settled(() => void app.chatController.switchBranch(edited!, -1));
  expect(await asked()).toEqual([true, true, true]);
});
