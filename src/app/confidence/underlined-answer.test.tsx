// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { BedsideError, sentence } from '../../client/index.ts';
import { converse, lastMessage, type Started } from '../testing/fake-services.ts';
import { chooseForAnswer, renderPage, settled } from '../testing/render-page.tsx';

afterEach(cleanup);

type ScoreCall = Parameters<Started['services']['engine']['scoreTokens']>;

/** Scores wait until the test has them come. */
function script({ services }: Started) {
  const calls: { request: ScoreCall[0]; options: NonNullable<ScoreCall[1]>; finish: () => void }[] = [];
  services.engine.scoreTokens = (request, options = {}) =>
    new Promise((resolve, reject) => {
      const tokens = request.ids.map((id, place) => ({
        id,
        text: String.fromCodePoint(id),
        logProbability: Math.log(place < 2 ? 0.3 : 0.99),
        rank: 1,
        others: [{ text: ' or', logProbability: Math.log(0.2) }],
      }));
      options.signal?.addEventListener('abort', () =>
        reject(new BedsideError('aborted', sentence`test-stopped: Stopped.`, 'Go on.')),
      );
      calls.push({ request, options, finish: () => resolve({ tokens }) });
    });
  return calls;
}

async function answered(): Promise<Started> {
  const started = await renderPage();
  await settled(() => void converse(started, 'What is asthma?', 'A disease.'));
  await settled();
  return started;
}

const underline = () => chooseForAnswer('Underline uncertain words');
const press = (name: string) => settled(() => fireEvent.click(screen.getByRole('button', { name })));
const scored = () => screen.queryByRole('region', { name: /^The answer, with its uncertain words/ });

test('nothing is computed unasked; what is asked is what the record says', async () => {
  const started = await answered();
  const calls = script(started);
  expect(scored()).toBeNull();
  expect(calls).toEqual([]);
  await underline();
  expect(calls[0]!.request.promptIds).toEqual([1, 2, 2, 2, 3]);
  expect(String.fromCodePoint(...calls[0]!.request.ids)).toBe('A disease.');
  await settled(() => calls[0]!.options.onScored?.(4, 10));
  expect(screen.getByText('4 of 10 tokens')).toBeTruthy();
  await settled(() => calls[0]!.finish());
  expect(within(scored()!).getByText('1 of 2 words had less than 50 %, 0 less than 20 %, 0 less than 5 %.'));
  await settled(() => within(scored()!).getByRole('button', { name: 'A' }).focus());
  expect(
    within(scored()!).getByText(/^The model gave the word “A” 30 %\. Next: “or” 20 %\.$/, {
      selector: '.scored-told',
    }),
  );
});

test('taken back it is as before, and asked for again it is there at once', async () => {
  const started = await answered();
  const calls = script(started);
  await underline();
  await settled(() => calls[0]!.finish());
  await chooseForAnswer('Underline no words');
  expect(scored()).toBeNull();
  await underline();
  expect(scored()).not.toBeNull();
  expect(calls).toHaveLength(1);
});

test('a stop is heard, and so is a question', async () => {
  const started = await answered();
  const calls = script(started);
  await underline();
  await press('Stop');
  expect(calls[0]!.options.signal?.aborted).toBe(true);
  expect(screen.queryByRole('button', { name: 'Stop' })).toBeNull();
  await underline();
  await settled(() => void started.app.chatController.send('And a cough?'));
  expect(calls[1]!.options.signal?.aborted).toBe(true);
});

test('another model than the one that wrote it is refused in words', async () => {
  const started = await answered();
  const calls = script(started);
  const { app, services } = started;
  await settled(() => void app.modelController.choose({ entry: services.catalogue[1]!, files: null }));
  await underline();
  expect(screen.getByRole('alert').textContent).toBe(
    'Nano wrote this answer, and it is not loaded. Load it, then try again.',
  );
  expect(calls).toEqual([]);
});

test('so is another file of it, and an answer without a record', async () => {
  const started = await answered();
  script(started);
  const { services, app } = started;
  const { id, conversationId } = lastMessage(app);
  const record = (await app.reproducer.load(lastMessage(app)))!;
  const sha256 = record.model.sha256?.map(() => 'f'.repeat(64));
  if (sha256) {
    await services.conversations.saveAnswerRecord({
      ...record,
      id,
      conversationId,
      model: { ...record.model, sha256 },
    });
    await underline();
    expect(screen.getByRole('alert').textContent).toContain('Another file of Nano is loaded');
  }
  services.conversations.answerRecords.clear();
  await underline();
  expect(screen.getByRole('alert').textContent).toContain('No record of this answer was kept');
});
