// @vitest-environment jsdom
import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { addMessage, createConversation } from '../../client/index.ts';
import { AppProvider } from '../state/app-context.tsx';
import { type Started, startApp } from '../testing/fake-services.ts';
import { MessageList } from './message-list.tsx';

/** Tells what the test says; nothing is laid out here. */
class Observer {
  static last: Observer;
  readonly #tell: IntersectionObserverCallback;
  readonly observed = new Set<Element>();
  constructor(tell: IntersectionObserverCallback) {
    this.#tell = tell;
    Observer.last = this;
  }
  observe = (item: Element) => void this.observed.add(item);
  unobserve = (item: Element) => void this.observed.delete(item);
  say(from: number, to: number, isIntersecting: boolean): void {
    const items = [...document.querySelectorAll('.messages > li')].slice(from, to);
    const entries = items.map(target => ({ target, isIntersecting }) as IntersectionObserverEntry);
    act(() => this.#tell(entries, this as unknown as IntersectionObserver));
  }
}

let started: Started;

beforeEach(async () => {
  vi.stubGlobal('IntersectionObserver', Observer);
  // Nothing is laid out here.
  Element.prototype.scrollIntoView = () => undefined;
  started = await startApp();
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function show(count: number): void {
  let tree = createConversation({ id: 'long', title: 'Long', now: 1 });
  for (let m = 0; m < count; m++) {
    const role = m % 2 === 0 ? 'user' : 'assistant';
    const parentId = tree.conversation.currentLeafId;
    ({ tree } = addMessage(tree, {
      id: `m${m}`,
      parentId,
      role,
      text: `Text ${m} here`,
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
  screen.getAllByRole('article').map(({ textContent }) => /Text (\d+)/.exec(textContent)![1]);

test('of 2,000 messages the last are built at first, and then those near what is seen', () => {
  show(2000);
  expect(document.querySelectorAll('.messages > li')).toHaveLength(2000);
  expect(built()).toEqual(['1994', '1995', '1996', '1997', '1998', '1999']);
  // What is not built is there as text, for those who search the page.
  expect(screen.getByText('Text 3 here')).toBeDefined();
  Observer.last.say(1000, 1020, true);
  Observer.last.say(1994, 2000, false);
  expect(built()).toHaveLength(20);
  expect(built()[0]).toBe('1000');
});

test('what someone works in stays where it is scrolled away', () => {
  show(200);
  const [article] = screen.getAllByRole('article');
  article!.focus();
  Observer.last.say(194, 200, false);
  expect(built()).toEqual(['194']);
});

test('a message that is sought is built and focused', () => {
  show(2000);
  act(() => started.app.ui.getState().seekMessage('m77'));
  expect(document.activeElement?.textContent).toContain('Text 77 here');
});

test('what is printed is whole, and afterwards it is as before', () => {
  show(200);
  act(() => void window.dispatchEvent(new Event('beforeprint')));
  expect(built()).toHaveLength(200);
  act(() => void window.dispatchEvent(new Event('afterprint')));
  expect(built()).toHaveLength(6);
});

test('a conversation of ordinary length is built whole', () => {
  show(50);
  expect(built()).toHaveLength(50);
});
