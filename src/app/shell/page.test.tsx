// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { pressEscapeIn } from '../testing/dialog-polyfill.ts';
import { converse, FakeServices, shownPath } from '../testing/fake-services.ts';
import { renderPage, settled } from '../testing/render-page.tsx';

afterEach(cleanup);

const button = (name: string | RegExp) => screen.getByRole<HTMLButtonElement>('button', { name });

test('the page opens with what it is, a model, examples and a disclaimer', async () => {
  await renderPage();
  expect(screen.getByRole('heading', { level: 1, name: 'Bedside' })).toBeDefined();
  expect(button('Model: Nano, ready, demonstration. Choose a model')).toBeDefined();
  expect(screen.getAllByText(/Not a medical device; not for diagnosis or treatment/)).not.toHaveLength(0);
  const examples = within(screen.getByRole('list', { name: 'Example questions' }));
  expect(examples.getAllByRole('button').map(({ textContent }) => textContent)).toEqual([
    'What is asthma?',
    'What is osteoporosis?',
  ]);
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(screen.queryByRole('alert')).toBeNull();
});

test('the notice is shown until it is acknowledged, and never again', async () => {
  const services = new FakeServices({ acknowledgedNotice: 0 });
  await renderPage(services);
  const notice = screen.getByRole<HTMLDialogElement>('dialog', { name: 'Before you begin' });
  expect(notice.open).toBe(true);
  await settled(() => pressEscapeIn(notice));
  await settled(() => fireEvent.click(notice));
  expect(screen.getByRole('dialog')).toBe(notice);
  expect(within(notice).queryByRole('button', { name: 'Close' })).toBeNull();
  await settled(() => fireEvent.click(within(notice).getByRole('button', { name: 'I understand' })));
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(document.activeElement?.id).toBe('question');
  cleanup();
  await renderPage(services);
  expect(screen.queryByRole('dialog')).toBeNull();
});

test.each(['the list', 'the header', 'the keyboard'])(
  'a new chat from %s can be typed in at once',
  async door => {
    const { app } = await renderPage();
    await settled(() => fireEvent.click(button('What is asthma?')));
    await settled(() => app.ui.getState().setDrawerOpen(true));
    if (door === 'the keyboard') await settled(() => app.ui.getState().setDrawerOpen(false));
    const [inList, inHeader] = screen.getAllByRole<HTMLButtonElement>('button', { name: 'New chat' });
    const pressed = door === 'the header' ? inHeader! : inList!;
    pressed.focus();
    await settled(() =>
      door === 'the keyboard'
        ? fireEvent.keyDown(pressed, { key: 'O', ctrlKey: true, shiftKey: true })
        : fireEvent.click(pressed),
    );
    expect(app.ui.getState().isDrawerOpen).toBe(false);
    expect(app.chat.getState().tree.messages).toEqual([]);
    expect(document.activeElement?.id).toBe('question');
  },
);

test('an example is asked, answered piece by piece, and ends with where it comes from', async () => {
  const { engine } = await renderPage();
  await settled(() => fireEvent.click(button('What is asthma?')));
  const answer = screen.getByRole('article', { name: 'Answer' });
  expect(answer.getAttribute('aria-busy')).toBe('true');
  expect(answer.textContent).toContain('Reading your question');
  expect(screen.getByTestId('announcer').textContent).toBe('Answering…');
  await settled(() => engine.lastAnswer.write('Asthma is a **chron'));
  expect(within(answer).getByText('chron').localName).toBe('strong');
  await settled(() => {
    engine.lastAnswer.write('ic** disease.');
    engine.lastAnswer.finish();
  });
  expect(answer.getAttribute('aria-busy')).toBe('false');
  expect(within(answer).getByText('chronic')).toBeDefined();
  expect(answer.textContent).toContain('Generated from the model’s memory; no source. Check before use.');
  expect(screen.getByTestId('announcer').textContent).toBe('Answer complete, 5 words');
  expect(button('What is asthma?').getAttribute('aria-current')).toBe('page');
  const meter = screen.getByRole('meter', { name: 'Context used' });
  expect(meter.getAttribute('aria-valuetext')).toContain('17 of 2,048 tokens');
});

test('a failed answer shows its error and keeps its text; regenerating makes a second version', async () => {
  const { engine } = await renderPage();
  await settled(() => fireEvent.click(button('What is asthma?')));
  await settled(() => {
    engine.lastAnswer.write('Half an answer');
    engine.lastAnswer.fail('out-of-memory');
  });
  const answer = screen.getByRole('article', { name: 'Answer' });
  expect(within(answer).getByRole('alert').textContent).toContain('What happened: out-of-memory.');
  expect(answer.textContent).toContain('Half an answer');
  await settled(() => fireEvent.click(button('Regenerate')));
  await settled(() => {
    engine.lastAnswer.write('A whole one.');
    engine.lastAnswer.finish();
  });
  const versions = screen.getByRole('group', { name: 'Versions of this answer' });
  expect(versions.textContent).toContain('2/2');
  await settled(() => fireEvent.click(button('Previous answer')));
  expect(screen.getByText('Half an answer')).toBeDefined();
  expect(button('Previous answer').disabled).toBe(true);
});

test('a question is edited and asked again', async () => {
  const started = await renderPage();
  await settled(() => void converse(started, 'one', 'First.'));
  await settled(() => fireEvent.click(button('Edit question')));
  const field = screen.getByRole('textbox', { name: 'Edit your question' });
  fireEvent.change(field, { target: { value: 'one, better' } });
  await settled(() => fireEvent.keyDown(field, { key: 'Enter' }));
  expect(shownPath(started.app)[0]?.text).toBe('one, better');
  expect(screen.getByRole('group', { name: 'Versions of this question' }).textContent).toContain('2/2');
});

test('a question is shown as it was typed, without Markdown or HTML', async () => {
  const { app } = await renderPage();
  const text = '**bold** <img src=x onerror=alert(1)> [a](javascript:alert(1))';
  await settled(() => void app.chatController.send(text));
  const question = screen.getByRole('article', { name: 'Your question' });
  expect(question.querySelector('.bubble')?.innerHTML).toBe(
    '**bold** &lt;img src=x onerror=alert(1)&gt; [a](javascript:alert(1))',
  );
});

test('a link in an answer asks first, showing the whole address', async () => {
  const started = await renderPage();
  await settled(() => void converse(started, 'one', '[harmless](https://evil.test/?patient=1)'));
  expect(screen.queryByRole('link', { name: 'harmless' })).toBeNull();
  await settled(() => fireEvent.click(button('harmless')));
  const dialog = within(screen.getByRole('dialog', { name: 'Open this link?' }));
  expect(dialog.getByText('https://evil.test/?patient=1')).toBeDefined();
  const link = dialog.getByRole<HTMLAnchorElement>('link', { name: 'Open in a new tab' });
  expect([link.href, link.rel]).toEqual(['https://evil.test/?patient=1', 'noopener noreferrer']);
  await settled(() => pressEscapeIn(screen.getByRole('dialog')));
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('a conversation is renamed, deleted and brought back in the list', async () => {
  const started = await renderPage();
  await settled(() => void converse(started, 'one', 'First.'));
  await settled(() => fireEvent.click(button('Rename “one”')));
  const field = screen.getByRole('textbox', { name: 'New title' });
  fireEvent.change(field, { target: { value: 'Asthma' } });
  await settled(() => fireEvent.keyDown(field, { key: 'Enter' }));
  await settled(() => fireEvent.click(button('Delete “Asthma”')));
  expect(screen.getByText('“Asthma” was moved to the bin.')).toBeDefined();
  expect(screen.getByText(/Your conversations will be listed here/)).toBeDefined();
  await settled(() => fireEvent.click(button('Undo')));
  expect(button('Asthma')).toBeDefined();
  expect(screen.getByText('First.')).toBeDefined();
});

test('without a GPU the page says what it needs, and old conversations can be read', async () => {
  const services = new FakeServices();
  services.engine.device = 'no-webgpu';
  await renderPage(services);
  expect(screen.getByRole('alert').textContent).toContain('This browser cannot reach a GPU');
  // Nothing promises an answer or offers what needs a model.
  const promises = /computed here|on this device alone|Models run on this device|Ask a medical question/;
  expect(document.body.textContent).not.toMatch(promises);
  expect(screen.getByRole('textbox', { name: 'Your question' })).toHaveProperty(
    'placeholder',
    'No answers in this browser',
  );
  expect(screen.queryByRole('list', { name: 'Example questions' })).toBeNull();
  expect(screen.queryByRole('heading', { name: 'Try a synthetic image' })).toBeNull();
  expect(screen.getByRole('heading', { name: 'What works without either' })).toBeDefined();
  await settled(() => fireEvent.click(button(/^Model: /)));
  expect(screen.getByRole('dialog', { name: 'Models' }).textContent).not.toMatch(promises);
  await settled(() => fireEvent.click(button('Close')));
  services.engine.device = await new FakeServices().engine.probeDevice();
  await settled(() => fireEvent.click(button('Look again')));
  expect(screen.queryByRole('alert')).toBeNull();
  expect(button(/Model: Nano, ready/)).toBeDefined();
  expect(document.body.textContent).toContain('The answer is computed here.');
});

test('Ctrl, Shift and O begin a new chat', async () => {
  const started = await renderPage();
  await settled(() => void converse(started, 'one', 'First.'));
  await settled(() => fireEvent.keyDown(document.body, { key: 'O', ctrlKey: true, shiftKey: true }));
  expect(shownPath(started.app)).toEqual([]);
  expect(document.activeElement?.id).toBe('question');
});
