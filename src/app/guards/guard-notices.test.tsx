// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import '../guards/guard-notices.tsx';
import { converse } from '../testing/fake-services.ts';
import { renderPage, settled } from '../testing/render-page.tsx';

afterEach(cleanup);

const field = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Your question' });
const type = (value: string) => settled(() => fireEvent.change(field(), { target: { value } }));
const place = () => screen.findByRole('status', { name: 'Notices about this question' });

test('an emergency is told beside the question, which can be sent all the same', async () => {
  const started = await renderPage();
  await place();
  await type('What is asthma?');
  expect((await place()).textContent).toBe('');
  await type('I have chest pain right now');
  expect((await place()).textContent).toContain('call your local emergency number');
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Send' }).disabled).toBe(false);
  await settled(() => void converse(started, 'I have chest pain right now', 'Call.'));
  expect((await place()).textContent).toContain('call your local emergency number');
});

test('what was dismissed stays so in this conversation, and is kept with it', async () => {
  const started = await renderPage();
  await type('I have chest pain right now');
  const notice = within(await place()).getByRole('button', { name: 'Dismiss this notice' });
  await settled(() => fireEvent.click(notice));
  expect((await place()).textContent).toBe('');
  expect(document.activeElement).toBe(field());
  const answer = await (async () => {
    let found: Awaited<ReturnType<typeof converse>> | undefined;
    await settled(
      () =>
        void converse(started, 'I have chest pain right now', 'Call.').then(message => {
          found = message;
        }),
    );
    await settled();
    return found!;
  })();
  expect((await place()).textContent).toBe('');
  const kept = await started.services.conversations.loadConversation(answer.conversationId);
  expect(kept).toMatchObject({ conversation: { dismissedNotices: ['emergency'] } });
  await settled(() => started.app.chatController.newChat());
  await type('I have chest pain right now');
  expect((await place()).textContent).toContain('emergency');
});
