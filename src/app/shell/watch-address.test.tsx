// @vitest-environment jsdom
import { cleanup } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { changeDraft } from '../state/drafts/draft-store.ts';
import { readAddress } from '../state/page/address.ts';
import { converse, FakeServices, imageFile, type Started, shownPath } from '../testing/fake-services.ts';
import { renderPage, settled } from '../testing/render-page.tsx';
import { watchAddress } from './watch-address.ts';

let started: Started;
let stop: () => void;
let b: string;
let a: string;

const shownId = () => started.app.chat.getState().tree.conversation.id;
const texts = () => shownPath(started.app).map(({ text }) => text);
const toasts = () => started.app.ui.getState().toasts.map(({ text }) => text);
const type = (text: string) => changeDraft(started.app.drafts, shownId(), { text });

/** Loads the page at an address, over what is stored. */
async function load(hash: string, services = new FakeServices()): Promise<void> {
  history.pushState(null, '', `/tools/bedside/${hash}`);
  started = await renderPage(services);
  await settled(() => {
    stop = watchAddress(started.app);
  });
  await settled();
}

async function reload(hash = location.hash): Promise<void> {
  stop();
  cleanup();
  const { conversations, settings, draftRecords } = started.services;
  await started.app.savePartial();
  await load(hash, new FakeServices({}, undefined, conversations, settings, draftRecords));
}

async function travel(steps: number): Promise<void> {
  const arrived = new Promise(resolve => addEventListener('popstate', resolve, { once: true }));
  history.go(steps);
  await arrived;
  await settled();
  await settled();
}

beforeEach(async () => {
  await load('');
  await settled(() => void converse(started, 'In B', 'B.'));
  b = shownId();
  await settled(() => started.app.chatController.newChat());
  await settled(() => void converse(started, 'In A', 'A.'));
  a = shownId();
});

afterEach(() => {
  stop();
  cleanup();
});

test('a conversation has an address under the path of the page, an empty new chat the plain one', async () => {
  expect(location.pathname + location.hash).toBe(`/tools/bedside/#/c/${a}`);
  await settled(() => started.app.chatController.newChat());
  expect(location.href.endsWith('/tools/bedside/')).toBe(true);
  await settled(() => type('Not sent'));
  expect(location.hash).toBe(`#/c/${shownId()}`);
  await settled(() => type(''));
  expect(location.hash).toBe('');
});

test('a reload shows the conversation again, with what waits there', async () => {
  await settled(() => type('Not sent'));
  await reload();
  expect([shownId(), texts()]).toEqual([a, ['In A', 'A.']]);
  expect(started.app.shownDraft.getState().text).toBe('Not sent');
});

test('a new chat in which something waits is found at its address too', async () => {
  await settled(() => started.app.chatController.newChat());
  const id = shownId();
  await settled(() => type('Not sent'));
  await reload();
  expect([shownId(), texts()]).toEqual([id, []]);
  expect(started.app.shownDraft.getState().text).toBe('Not sent');
});

test('back and forward go from one conversation to the other', async () => {
  await travel(-1);
  // The new chat that A was has become A.
  expect(shownId()).toBe(b);
  await travel(1);
  expect(shownId()).toBe(a);
  expect(toasts()).toEqual([]);
});

test('opening one makes one entry, and its answer none', async () => {
  const { length } = history;
  await settled(() => void started.app.chatController.open(b));
  expect(history.length).toBe(length + 1);
  await settled(() => void converse(started, 'More', 'Of it.'));
  await settled(() => type('Not sent'));
  expect(history.length).toBe(length + 1);
  await travel(-1);
  expect(shownId()).toBe(a);
});

test('the address counts that was asked for last', async () => {
  const { conversations } = started.services;
  const read = conversations.loadConversation.bind(conversations);
  const waiting: (() => void)[] = [];
  conversations.loadConversation = async id => {
    await new Promise<void>(resolve => waiting.push(resolve));
    return read(id);
  };
  await settled(() => void started.app.chatController.newChat());
  const [toB, toA] = [started.app.chatController.open(b), started.app.chatController.open(a)];
  waiting[1]?.();
  await settled();
  waiting[0]?.();
  await settled();
  await Promise.all([toA, toB]);
  expect(shownId()).toBe(a);
  // Back before it was read: it does not come after all.
  location.hash = `#/c/${b}`;
  await settled();
  location.hash = `#/c/${a}`;
  await settled();
  for (const go of waiting) go();
  await settled();
  expect([shownId(), location.hash]).toEqual([a, `#/c/${a}`]);
});

describe('an address that is typed', () => {
  const go = async (hash: string) => {
    location.hash = hash;
    await settled();
    await settled();
  };

  test('shows its conversation', async () => {
    await go(`#/c/${b}`);
    expect(shownId()).toBe(b);
  });

  test.each([
    '#/c/',
    '#/c/../../etc',
    '#/c/a/b',
    '#/x',
    `#/c/${'a'.repeat(65)}`,
    '#/c/<img src=x>',
    '#/c/%00',
  ])('and is malformed (%s) is harmless, and said', async hash => {
    await go(hash);
    expect(texts()).toEqual([]);
    expect(location.hash).toBe('');
    expect(toasts()).toEqual(['This address names no conversation. A new chat is shown.']);
  });

  test('and is unknown, or was deleted, shows a new chat and says so; back still works', async () => {
    await go('#/c/0123456789abcdef0123456789abcdef');
    expect(texts()).toEqual([]);
    expect(location.hash).toBe('');
    expect(toasts()[0]).toContain('not on this device');
    await travel(-1);
    expect(shownId()).toBe(a);
    await settled(() => void started.app.chatController.remove(a));
    expect(location.hash).toBe('');
    await travel(-1);
    expect([texts(), location.hash]).toEqual([[], '']);
    await travel(-1);
    expect(shownId()).toBe(b);
  });

  test('and names a part of the page changes no conversation', async () => {
    await go('#question');
    expect([shownId(), location.hash]).toEqual([a, `#/c/${a}`]);
  });
});

test('what waits does not follow back, forward or an address', async () => {
  const { app, engine } = started;
  await settled(() => app.attachmentsController.add([imageFile('scan.png')]));
  await settled(() => type('Meant for A'));
  for (const change of [
    () => travel(-1),
    async () => {
      location.hash = `#/c/${b}`;
      await settled();
      await settled();
    },
  ]) {
    await change();
    expect(shownId()).toBe(b);
    expect(app.shownDraft.getState()).toMatchObject({ text: '', attachments: [] });
    const before = engine.answers.length;
    await settled(() => void app.chatController.send(app.shownDraft.getState().text));
    expect(engine.answers).toHaveLength(before);
    await settled(() => void app.chatController.open(a));
    expect(app.shownDraft.getState()).toMatchObject({
      text: 'Meant for A',
      attachments: [{ name: 'scan.png' }],
    });
  }
});

describe('a page that comes up at the plain address', () => {
  test('after a crash shows the conversation in which something waits', async () => {
    await settled(() => type('Not sent'));
    await reload('');
    expect(shownId()).toBe(a);
    expect(location.hash).toBe(`#/c/${a}`);
    expect(started.app.shownDraft.getState().text).toBe('Not sent');
  });

  test('shows a new chat where nothing waits', async () => {
    await reload('');
    expect([texts(), location.hash]).toEqual([[], '']);
  });

  test('shows a new chat beside another tab', async () => {
    await settled(() => type('Not sent'));
    await started.app.savePartial();
    stop();
    cleanup();
    const { conversations, settings, draftRecords } = started.services;
    const services = new FakeServices({}, undefined, conversations, settings, draftRecords);
    services.isAlone = false;
    await load('', services);
    expect(texts()).toEqual([]);
  });

  test('follows an address that was typed before anyone listened', async () => {
    stop();
    await settled(() => started.app.chatController.newChat());
    history.replaceState(null, '', '/tools/bedside/');
    const isOnlyPage = async () => {
      history.replaceState(null, '', `/tools/bedside/#/c/${b}`);
      return true;
    };
    await settled(() => {
      stop = watchAddress({ ...started.app, isOnlyPage });
    });
    await settled();
    expect(shownId()).toBe(b);
    expect(location.hash).toBe(`#/c/${b}`);
  });

  test('does not take away what was typed by then', async () => {
    await settled(() => type('Not sent'));
    await started.app.savePartial();
    stop();
    cleanup();
    const { conversations, settings, draftRecords } = started.services;
    history.pushState(null, '', '/tools/bedside/');
    started = await renderPage(new FakeServices({}, undefined, conversations, settings, draftRecords));
    type('Typed at once');
    await settled(() => {
      stop = watchAddress(started.app);
    });
    await settled();
    expect(started.app.shownDraft.getState().text).toBe('Typed at once');
  });
});

test('the title of the window tells conversations apart without what was written in them', async () => {
  expect(document.title).toMatch(/^Conversation of \d.* · Bedside$/);
  expect(document.title).not.toContain('In A');
  await settled(() => started.app.chatController.newChat());
  expect(document.title).toBe('Bedside');
});

test.each([
  ['', { kind: 'none' }],
  ['#', { kind: 'none' }],
  ['#/', { kind: 'none' }],
  ['#/c/abc-DEF_0', { kind: 'conversation', id: 'abc-DEF_0' }],
  ['#/c/', { kind: 'malformed' }],
  ['#/c/a b', { kind: 'malformed' }],
  ['#question', { kind: 'other' }],
])('readAddress(%j)', (hash, address) => {
  expect(readAddress(hash)).toEqual(address);
});
