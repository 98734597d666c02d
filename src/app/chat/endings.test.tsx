// @vitest-environment jsdom
import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lastMessage, type Started } from '../testing/fake-services.ts';
import { renderPage, settled } from '../testing/render-page.tsx';

let started: Started;

beforeEach(async () => {
  started = await renderPage();
});

afterEach(cleanup);

test.each([
  ['repetition', 'ended because it repeated itself'],
  ['max-tokens', 'reached the answer limit'],
] as const)('an answer that ended by %s says so and offers to go on', async (stopReason, words) => {
  await settled(() => void started.app.chatController.send('What is asthma?'));
  await settled(() => {
    started.engine.lastAnswer.write('It is. It is. It is.');
    started.engine.lastAnswer.finish({ stopReason });
  });
  await settled();
  expect(document.querySelector('.answer-footer .figures')?.textContent).toContain(words);
  await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Continue' })));
  await settled(() => {
    started.engine.lastAnswer.write(' In short.');
    started.engine.lastAnswer.finish();
  });
  await settled();
  expect(lastMessage(started.app)).toMatchObject({
    text: 'It is. It is. It is. In short.',
    stopReason: 'end',
  });
  expect(document.querySelector('.answer-footer .figures')?.textContent).not.toContain(words);
  expect(screen.queryByRole('button', { name: 'Continue' })).toBeNull();
});
