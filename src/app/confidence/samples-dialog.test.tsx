// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { BedsideError, sentence, siblings } from '../../client/index.ts';
import { converse, lastMessage, type Started } from '../testing/fake-services.ts';
import { outcomeOf } from '../testing/fixtures.ts';
import { chooseForAnswer, renderPage, settled } from '../testing/render-page.tsx';

afterEach(cleanup);

type Call = Parameters<Started['services']['engine']['sample']>;

function script({ services }: Started, ...texts: string[]) {
  const calls: { request: Call[0]; options: NonNullable<Call[1]>; finish: () => void }[] = [];
  services.engine.sample = (request, options = {}) =>
    new Promise(resolve => {
      const finish = () => {
        const { text: _, ids: __, stopReason: ___, usedTokens: ____, ...outcome } = outcomeOf('');
        const samples = request.seeds.map((seed, at) => {
          const text = texts[at] ?? '';
          const ids = [...text].map(letter => letter.codePointAt(0)!);
          const stopReason = options.signal?.aborted ? ('aborted' as const) : ('end' as const);
          return { seed, text, ids, stopReason };
        });
        resolve({ ...outcome, samples });
      };
      options.signal?.addEventListener('abort', finish);
      calls.push({ request, options, finish });
    });
  return calls;
}

async function opened(question = 'What is asthma?'): Promise<Started> {
  const started = await renderPage();
  await settled(() => void converse(started, question, 'A disease.'));
  await settled();
  await chooseForAnswer('Ask several times');
  await screen.findByRole('dialog', { name: 'Ask several times' });
  await settled();
  return started;
}

const dialog = () => within(screen.getByRole('dialog', { name: 'Ask several times' }));
const press = (name: string) => settled(() => fireEvent.click(dialog().getByRole('button', { name })));

test('three answers are streamed side by side, compared, and kept as versions with seeds and records', async () => {
  const started = await opened('Which is it?\nA. one\nB. two');
  const calls = script(started, 'B', 'B. It is 5 mg.', 'A');
  const { app, services } = started;
  const shown = lastMessage(app);
  expect(
    dialog().getByText(/^The answer took the most likely word every time: .*temperature 0\.7/),
  ).toBeTruthy();
  await press('Ask 3 times');
  const { request, options } = calls[0]!;
  expect(new Set(request.seeds).size).toBe(3);
  expect(request.request.sampling.temperature).toBeGreaterThan(0);
  await settled(() => options.onText?.(1, 'B. It', 2));
  expect(dialog().getByText('B. It')).toBeTruthy();
  await settled(() => calls[0]!.finish());
  expect(dialog().getByText('2 of 3 chose B, 1 chose A.')).toBeTruthy();
  expect(dialog().getByText(/^Answers that agree are not right for that/)).toBeTruthy();
  const { messages } = siblings(app.chat.getState().tree, shown.id);
  expect(messages.map(({ text }) => text)).toEqual(['A disease.', 'B', 'B. It is 5 mg.', 'A']);
  expect(messages.slice(1).map(({ sample }) => sample)).toEqual(request.seeds.map(seed => ({ of: 3, seed })));
  // What was shown still is.
  expect(lastMessage(app).id).toBe(shown.id);
  const record = await services.conversations.loadAnswerRecord(shown.conversationId, messages[2]!.id);
  expect(record).toMatchObject({ request: { sampling: { seed: request.seeds[1] } } });
  await press('Show answer 2 in the conversation');
  await settled();
  expect(lastMessage(app).id).toBe(messages[2]!.id);
});

test('what a stop cuts off is kept as far as it is', async () => {
  const started = await opened();
  script(started, 'One', '');
  const shown = lastMessage(started.app);
  await settled(() => fireEvent.click(dialog().getByRole('radio', { name: '2' })));
  await press('Ask 2 times');
  await press('Stop');
  const { messages } = siblings(started.app.chat.getState().tree, shown.id);
  expect(messages.map(({ text, stopReason }) => [text, stopReason])).toEqual([
    ['A disease.', 'end'],
    ['One', 'aborted'],
  ]);
});

test('closing ends it', async () => {
  const started = await opened();
  const calls = script(started);
  await press('Ask 3 times');
  await press('Close');
  expect(calls[0]!.options.signal?.aborted).toBe(true);
});

test('where there is no room for them it is said beside the choice, and fewer are asked for', async () => {
  const { services } = await opened();
  const asked: number[] = [];
  services.engine.sample = async ({ seeds }) => {
    asked.push(seeds.length);
    throw new BedsideError('out-of-memory', sentence`no-room-here: No room for them.`, 'Ask for fewer.');
  };
  await press('Ask 3 times');
  expect(dialog().getByRole('alert').dataset.code).toBe('out-of-memory');
  expect(dialog().getByRole('alert').textContent).toBe('No room for them. Ask for fewer.');
  await settled(() => fireEvent.click(dialog().getByRole('radio', { name: '2' })));
  await press('Ask 2 times');
  expect(asked).toEqual([3, 2]);
});
