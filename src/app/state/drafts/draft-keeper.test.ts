// @vitest-environment jsdom
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { watchPage } from '../../shell/watch-page.ts';
import {
  converse,
  FakeServices,
  flush,
  imageFile,
  type Started,
  startApp,
} from '../../testing/fake-services.ts';
import { imageReportOf } from '../../testing/fixtures.ts';
import { changeDraft, draftOf } from './draft-store.ts';

let started: Started;

beforeEach(async () => {
  started = await startApp();
});

const shownId = ({ app }: Started = started) => app.chat.getState().tree.conversation.id;
const type = (text: string, { app }: Started = started, id = shownId({ app } as Started)) =>
  changeDraft(app.drafts, id, { text });
const textIn = ({ app }: Started, id: string) => draftOf(app.drafts.getState(), id).text;
const stored = (id = shownId()) => started.services.draftRecords.drafts.get(id);

/** Another page over the same storage: a tab beside it, or the one that comes up after a crash. */
function openAnother({ services }: Started = started): Promise<Started> {
  const { tabs, conversations, settings, draftRecords } = services;
  return startApp(new FakeServices({}, tabs, conversations, settings, draftRecords));
}

async function attach(...names: string[]): Promise<void> {
  started.app.attachmentsController.add(names.map(imageFile));
  await started.app.attachmentsController.whenRead();
}

test('text, images in their order and an edit come back after the page is gone', async () => {
  const { app } = started;
  await converse(started, 'one', 'First.');
  const id = shownId();
  const [question] = app.chat.getState().tree.messages;
  type('Not sent');
  await attach('b.png', 'a.png', 'damaged-image');
  app.chatController.edit(question!.id, 'one, edited');
  await app.draftKeeper.flush();
  const next = await openAnother();
  await next.app.chatController.open(id);
  expect(next.app.shownDraft.getState()).toMatchObject({
    text: 'Not sent',
    edits: { [question!.id]: 'one, edited' },
    attachments: [
      { name: 'b.png', status: 'ready', report: imageReportOf('b.png') },
      { name: 'a.png', status: 'ready', report: imageReportOf('a.png') },
    ],
  });
  // Their bytes too, so that they can be asked about.
  void next.app.modelSuspension.bringHere();
  await flush();
  void next.app.chatController.send('Not sent');
  await flush();
  const held = await next.app.imageCache.find(id, imageReportOf('b.png').id);
  expect(held?.size).toBe('b.png'.length);
});

test.each<[string, () => void]>([
  [
    'hidden',
    () => {
      vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
      document.dispatchEvent(new Event('visibilitychange'));
      vi.restoreAllMocks();
    },
  ],
  ['frozen', () => document.dispatchEvent(new Event('freeze'))],
  ['left', () => window.dispatchEvent(new Event('pagehide'))],
])('a page that is %s has stored every letter by then', async (_, leave) => {
  const stop = watchPage(started.app);
  type('Every letter');
  expect(stored()).toBeUndefined();
  leave();
  await flush();
  expect(stored()?.text).toBe('Every letter');
  stop();
});

describe('of the last moment before a reload, in which nothing is stored any more', () => {
  const leftKeys = () => Object.keys(localStorage).filter(key => key.startsWith('bedside-left-draft/'));
  /** The page goes away with its writes undone; another one comes up over what is stored. */
  async function reload(): Promise<Started> {
    const { draftRecords } = started.services;
    const save = draftRecords.saveDraft.bind(draftRecords);
    draftRecords.saveDraft = () => new Promise(() => undefined);
    const stop = watchPage(started.app);
    window.dispatchEvent(new Event('pagehide'));
    stop();
    draftRecords.saveDraft = save;
    return openAnother();
  }

  beforeEach(() => localStorage.clear());

  test('every letter is there, and left nowhere once it is stored', async () => {
    const id = shownId();
    type('Typed and reloaded at once');
    const next = await reload();
    expect(textIn(next, id)).toBe('Typed and reloaded at once');
    await next.app.draftKeeper.flush();
    expect(stored(id)?.text).toBe('Typed and reloaded at once');
    expect(leftKeys()).toEqual([]);
  });

  test('what was deleted of a stored text stays deleted, and an edit comes back', async () => {
    await converse(started, 'one', 'First.');
    const id = shownId();
    const [question] = started.app.chat.getState().tree.messages;
    type('Potassium 6.1 mmol/L');
    await started.app.draftKeeper.flush();
    type('Potassium');
    started.app.chatController.edit(question!.id, 'one, edited');
    const next = await reload();
    const { text, edits } = draftOf(next.app.drafts.getState(), id);
    expect({ text, edits }).toEqual({ text: 'Potassium', edits: { [question!.id]: 'one, edited' } });
  });

  test('what another tab has stored since is kept beside it', async () => {
    const id = shownId();
    type('Mine');
    const stop = watchPage(started.app);
    const other = await openAnother();
    type('Theirs', other, id);
    await other.app.draftKeeper.flush();
    window.dispatchEvent(new Event('pagehide'));
    stop();
    const next = await openAnother();
    expect(textIn(next, id)).toContain('Mine');
    expect(textIn(next, id)).toContain('Theirs');
  });

  test('what was sent is not left, nor what is stored, nor what cannot be read', async () => {
    const id = shownId();
    type('Stored');
    await started.app.draftKeeper.flush();
    void started.app.chatController.send('Stored');
    localStorage.setItem('bedside-left-draft/damaged', '{"text":5}');
    localStorage.setItem('bedside-left-draft/torn', '{');
    const next = await reload();
    expect(Object.keys(next.app.drafts.getState().drafts).filter(each => each !== id)).toEqual([]);
    expect(leftKeys().filter(key => key.endsWith(id))).toEqual([]);
  });
});

test('typing is stored a few times a second, not at every key', async () => {
  vi.useFakeTimers();
  try {
    for (const text of ['H', 'He', 'Hea', 'Head']) type(text);
    await vi.advanceTimersByTimeAsync(1000);
    expect(started.services.draftRecords.saves).toEqual(['Head']);
    type('Headache');
    await vi.advanceTimersByTimeAsync(1000);
    expect(started.services.draftRecords.saves).toEqual(['Head', 'Headache']);
  } finally {
    vi.useRealTimers();
  }
});

test('an image is written once, however much is typed after it', async () => {
  const { draftRecords } = started.services;
  const added: number[] = [];
  const save = draftRecords.saveDraft.bind(draftRecords);
  draftRecords.saveDraft = request => {
    added.push(request.added.size);
    return save(request);
  };
  await attach('a.png');
  await started.app.draftKeeper.flush();
  type('What is it?');
  await started.app.draftKeeper.flush();
  expect(added).toEqual([1, 0]);
});

test('what was sent is not found again, and is stored as a question before it goes', async () => {
  const { app, services } = started;
  const order: string[] = [];
  const { conversations, draftRecords } = services;
  const saveImages = conversations.saveImages.bind(conversations);
  conversations.saveImages = async (...images) => {
    await flush();
    await saveImages(...images);
    order.push('images of the question');
  };
  const saveDraft = draftRecords.saveDraft.bind(draftRecords);
  draftRecords.saveDraft = async request => {
    const saved = await saveDraft(request);
    order.push(saved ? 'draft kept' : 'draft gone');
    return saved;
  };
  await attach('a.png');
  type('What is it?');
  await app.draftKeeper.flush();
  void app.chatController.send('What is it?');
  await app.draftKeeper.flush();
  await flush();
  expect(order).toEqual(['draft kept', 'images of the question', 'draft gone']);
  expect(stored()).toBeUndefined();
  expect(draftRecords.images.size).toBe(0);
});

test('deleted with its conversation, and back with it', async () => {
  const { app } = started;
  await converse(started, 'one', 'First.');
  const id = shownId();
  type('Not sent');
  await app.draftKeeper.flush();
  await app.chatController.remove(id);
  await app.draftKeeper.flush();
  expect(stored(id)).toBeUndefined();
  app.ui.getState().toasts.at(-1)?.action?.run();
  await flush();
  await app.draftKeeper.flush();
  expect(stored(id)?.text).toBe('Not sent');
  await app.chatController.removeAll();
  await app.draftKeeper.flush();
  expect(started.services.draftRecords.drafts.size).toBe(0);
});

test('a page that comes up does not replace what was typed before its drafts were read', async () => {
  const id = shownId();
  type('Stored');
  await started.app.draftKeeper.flush();
  const { createApp } = await import('../create-app.ts');
  const { tabs, conversations, settings, draftRecords } = started.services;
  const app = createApp(new FakeServices({}, tabs, conversations, settings, draftRecords));
  changeDraft(app.drafts, id, { text: 'Typed at once' });
  await app.start();
  expect(draftOf(app.drafts.getState(), id).text).toBe('Typed at once');
  await app.draftKeeper.flush();
  expect(draftOf(app.drafts.getState(), id).text).toBe('Typed at once\n\nStored');
});

describe('two tabs', () => {
  let second: Started;
  let id: string;

  beforeEach(async () => {
    await converse(started, 'one', 'First.');
    id = shownId();
    second = await openAnother();
    await second.app.chatController.open(id);
  });

  test('follow each other in one conversation', async () => {
    type('From the first');
    await started.app.draftKeeper.flush();
    await flush();
    expect(textIn(second, id)).toBe('From the first');
    type('From the first and the second', second);
    await second.app.draftKeeper.flush();
    await flush();
    expect(textIn(started, id)).toBe('From the first and the second');
    // Following is no writing.
    await started.app.draftKeeper.flush();
    expect(started.services.draftRecords.saves).toEqual(['From the first', 'From the first and the second']);
  });

  test('do not replace what is being typed, and lose nothing of either', async () => {
    type('Typed here');
    type('Typed there', second);
    await second.app.draftKeeper.flush();
    await flush();
    expect(textIn(started, id)).toBe('Typed here');
    await started.app.draftKeeper.flush();
    await flush();
    expect(textIn(started, id)).toBe('Typed here\n\nTyped there');
    expect(textIn(second, id)).toBe('Typed here\n\nTyped there');
  });

  test('sent in one, it is gone in the other', async () => {
    type('Sent');
    await started.app.draftKeeper.flush();
    await flush();
    void started.app.chatController.send('Sent');
    await flush();
    await started.app.draftKeeper.flush();
    await flush();
    expect(textIn(second, id)).toBe('');
    started.engine.lastAnswer.finish();
  });

  test('deleted in one, what waits is gone in both', async () => {
    type('Not sent');
    await started.app.draftKeeper.flush();
    await flush();
    await second.app.chatController.remove(id);
    await flush();
    expect([textIn(started, id), textIn(second, id)]).toEqual(['', '']);
    await started.app.draftKeeper.flush();
    await second.app.draftKeeper.flush();
    expect(stored(id)).toBeUndefined();
  });
});

test('what storage refuses stays here, is told with all else that waits, and is stored once it works', async () => {
  const { app, services } = started;
  services.draftRecords.failure = 'storage-full';
  for (const text of ['a', 'ab', 'abc']) {
    type(text);
    await app.draftKeeper.flush();
  }
  expect(app.storage.getState()).toMatchObject({ hasUnsaved: true, problem: { code: 'storage-full' } });
  expect(app.shownDraft.getState().text).toBe('abc');
  services.draftRecords.failure = null;
  type('abcd');
  await app.draftKeeper.flush();
  expect(stored()?.text).toBe('abcd');
  expect(app.storage.getState().problem).toBeNull();
});

test('an image whose bytes are gone says so, and can be removed', async () => {
  await attach('a.png');
  await started.app.draftKeeper.flush();
  const id = shownId();
  started.services.draftRecords.images.clear();
  const next = await openAnother();
  expect(draftOf(next.app.drafts.getState(), id).attachments).toMatchObject([
    { name: 'a.png', status: 'failed', error: { code: 'damaged-image' } },
  ]);
});
