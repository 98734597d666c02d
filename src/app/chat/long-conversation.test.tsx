// @vitest-environment jsdom
import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { addMessage, createConversation } from '../../client/index.ts';
import { AppProvider } from '../state/app-context.tsx';
import { flush, type Started, startApp } from '../testing/fake-services.ts';
import { MessageList } from './message-list.tsx';

/** Nothing is laid out here: of a question and its answer are thought to be so many pixels. */
const turnPx = 334;
const seenPx = 800;
let scrolled = 0;

function scrollTo(top: number): void {
  scrolled = top;
  act(() => void document.querySelector('.chat-scroll')!.dispatchEvent(new Event('scroll')));
}

let started: Started;

beforeEach(async () => {
  scrolled = 0;
  Element.prototype.scrollIntoView = () => undefined;
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(seenPx);
  vi.spyOn(HTMLElement.prototype, 'scrollTop', 'get').mockImplementation(() => scrolled);
  vi.spyOn(Element.prototype, 'getBoundingClientRect').mockImplementation(function (this: Element) {
    const isFirst = this === document.querySelector('.messages')?.firstElementChild;
    return new DOMRect(0, isFirst ? -scrolled : 0, 0, 0);
  });
  started = await startApp();
});

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

function show(count: number, more = ''): void {
  let tree = createConversation({ id: 'long', title: 'Long', now: 1 });
  for (let m = 0; m < count; m++) {
    const role = m % 2 === 0 ? 'user' : 'assistant';
    const parentId = tree.conversation.currentLeafId;
    ({ tree } = addMessage(tree, {
      id: `m${m}`,
      parentId,
      role,
      text: `Text ${m} here${more}`,
      ...(role === 'assistant' ? { stopReason: 'end' as const } : {}),
    }));
  }
  started.app.chat.setState({ tree });
  render(
    <AppProvider value={started.app}>
      <MessageList />
    </AppProvider>,
  );
}

const built = () =>
  [...document.querySelectorAll('.messages article')].map(
    ({ textContent }) => /Text (\d+)/.exec(textContent)![1],
  );

/** What is built ahead comes a few rows at a time. */
async function grown(): Promise<void> {
  for (let before = -1; before !== built().length; ) {
    before = built().length;
    for (let turn = 0; turn < 5; turn++) await act(async () => flush());
  }
}

test('of 600 messages the last are built at first, and then those near what is seen', async () => {
  scrolled = 300 * turnPx - seenPx;
  show(600);
  expect(built()).toEqual(['595', '596', '597', '598', '599']);
  // What is not built is there as text, for those who search the page.
  expect(await screen.findByText('Text 3 here')).toBeDefined();
  scrollTo(150 * turnPx);
  expect(built()).toContain('300');
  expect(built().slice(-2)).toEqual(['598', '599']);
  await grown();
  const places = built().map(Number).slice(0, -2);
  expect(places).toEqual(places.map((_, index) => places[0]! + index));
  expect(places[0]!).toBeLessThan(299);
  expect(places.length).toBeLessThan(40);
});

test.each([
  ['of long messages the last two', '\nanother line'.repeat(60), turnPx + 2 * 60 * 26, 2],
  ['of short ones as many as are thought to fill the window', '', turnPx, 5],
])('in one go with what was opened are built %s', (_, more, eachTurnPx, count) => {
  scrolled = 300 * eachTurnPx - seenPx;
  show(600, more);
  expect(built()).toHaveLength(count);
});

test('each message says which of how many it is', () => {
  show(600);
  const item = screen.getByText('Text 598 here').closest('li')!;
  expect(item.getAttribute('aria-posinset')).toBe('599');
  expect(item.getAttribute('aria-setsize')).toBe('600');
});

test('every text is in the page once and in order, wherever it is scrolled', async () => {
  show(200);
  await screen.findByText('Text 3 here');
  for (const place of [50, 2, 90]) {
    scrollTo(place * turnPx);
    await grown();
    const texts = document.querySelector('.messages')!.textContent!.match(/Text \d+ here/g);
    expect(texts).toEqual(Array.from({ length: 200 }, (_, at) => `Text ${at} here`));
  }
});

test('what someone works in stays where it is scrolled away', () => {
  scrolled = 100 * turnPx - seenPx;
  show(200);
  const article = document.querySelector<HTMLElement>('.messages article')!;
  act(() => article.focus());
  scrollTo(0);
  expect(built()).toContain('195');
  expect(built()).not.toContain('196');
  expect(document.activeElement).toBe(article);
});

test('both ends of what is selected stay', async () => {
  scrolled = 100 * turnPx - seenPx;
  show(200);
  const end = screen.getByText('Text 196 here');
  await act(async () => {
    document.getSelection()!.setBaseAndExtent(end, 0, screen.getByText('Text 199 here'), 1);
    await flush();
  });
  scrollTo(0);
  expect(built()).toContain('196');
  expect(end.isConnected).toBe(true);
  document.getSelection()!.removeAllRanges();
});

test('a message that is sought is built and focused', async () => {
  show(600);
  await act(async () => started.app.ui.getState().seekMessage('m77'));
  expect(document.activeElement?.textContent).toContain('Text 77 here');
  expect(started.app.ui.getState().soughtId).toBeNull();
});

test('what is printed is whole, and afterwards it is as before', () => {
  show(200);
  act(() => void window.dispatchEvent(new Event('beforeprint')));
  expect(built()).toHaveLength(200);
  act(() => void window.dispatchEvent(new Event('afterprint')));
  expect(built().length).toBeLessThan(20);
});

test('a conversation of ordinary length is built whole', async () => {
  show(50);
  await grown();
  expect(built()).toHaveLength(50);
});
