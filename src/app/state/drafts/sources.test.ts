// @vitest-environment jsdom
import '../../../../test/support/readable-blobs.ts';
import { beforeEach, expect, test } from 'vitest';
import { BedsideError, type ReadText, sentence } from '../../../client/index.ts';
import { withSources } from '../../format/source-prompt.ts';
import { FakeServices, flush, type Started, shownPath, startApp } from '../../testing/fake-services.ts';
import { attachPasted, attachSources, chooseParts, removeSource } from './attach-sources.ts';
import { canAsk } from './attachment.ts';

const report: ReadText = {
  kind: 'pdf',
  parts: [
    { number: 1, text: 'Potassium 5.1 mmol/L.' },
    { number: 3, text: 'Follow-up in two weeks.' },
  ],
  emptyPages: [2],
};

let started: Started;

beforeEach(async () => {
  started = await startApp();
  started.services.documents.known.set('report.pdf', report);
});

const shownId = ({ app }: Started = started) => app.chat.getState().tree.conversation.id;
const sources = ({ app }: Started = started) => app.shownDraft.getState().sources;
const attach = (...names: string[]) =>
  attachSources(
    names.map(name => new File(['x'], name)),
    shownId(),
    { documents: started.services.documents, drafts: started.app.drafts, ui: started.app.ui },
  );

/** Another page over the same storage: the one that comes up after a crash. */
function openAnother({ services }: Started): Promise<Started> {
  const { tabs, conversations, settings, draftRecords } = services;
  return startApp(new FakeServices({}, tabs, conversations, settings, draftRecords));
}

test('the same text twice is attached once, and said to be; another of its name is another', async () => {
  await attach('report.pdf', 'report.pdf');
  await attach('report.pdf');
  expect(sources().map(({ name }) => name)).toEqual(['report.pdf']);
  const toasts = started.app.ui.getState().toasts.map(({ text }) => text);
  expect(toasts).toContain('“report.pdf” is attached already.');
  const [first, second] = report.parts;
  const changed = { ...report, parts: [first!, { ...second!, text: 'Follow-up in three weeks.' }] };
  started.services.documents.known.set('report.pdf', changed);
  await attach('report.pdf');
  expect(sources()).toHaveLength(2);
});

test('a text that was dropped is read, and is part of the question that is sent', async () => {
  const { app, engine } = started;
  await app.openFiles([new File(['x'], 'report.pdf')]);
  expect(sources()).toMatchObject([
    { name: 'report.pdf', status: 'ready', source: { kind: 'pdf', partCount: 3, emptyPages: [2] } },
  ]);
  void app.chatController.send('How high is potassium?');
  await flush();
  const [question] = shownPath(app);
  expect(question).toMatchObject({
    text: 'How high is potassium?',
    sources: [{ name: 'report.pdf', kind: 'pdf', partCount: 3, parts: report.parts }],
  });
  expect(sources()).toEqual([]);
  const [asked] = engine.lastAnswer.call.messages;
  expect(asked?.text).toBe(withSources('How high is potassium?', question!.sources));
  expect(asked?.text).toBe(
    'Text: report.pdf\n-----\n[Page 1]\nPotassium 5.1 mmol/L.\n\n[Page 3]\nFollow-up in two weeks.\n-----\n\n' +
      'Answer from this text. Where it does not tell, say so.\n\nQuestion: How high is potassium?',
  );
});

test('it stays with the conversation in which it was attached, and comes back there after a crash', async () => {
  const { app } = started;
  const id = shownId();
  await attach('report.pdf');
  chooseParts(app.drafts, sources()[0]!.key, [3]);
  app.chatController.newChat();
  expect(sources()).toEqual([]);
  await app.draftKeeper.flush();
  const next = await openAnother(started);
  await next.app.chatController.open(id);
  expect(sources(next)).toMatchObject([
    { status: 'ready', source: { name: 'report.pdf', chosen: [3] }, parts: report.parts },
  ]);
  // Typing writes none of it again, and what is removed is kept no longer.
  expect(started.services.draftRecords.images.size).toBe(1);
  removeSource(next.app.drafts, sources(next)[0]!.key);
  await next.app.draftKeeper.flush();
  expect(started.services.draftRecords.images.size).toBe(0);
});

test('the parts that were chosen alone are given to the model', async () => {
  const { app } = started;
  await attach('report.pdf');
  chooseParts(app.drafts, sources()[0]!.key, [3]);
  void app.chatController.send('When?');
  await flush();
  expect(shownPath(app)[0]?.sources).toMatchObject([{ partCount: 3, parts: [report.parts[1]] }]);
});

test('one that cannot be read stays with its reason, and nothing is asked until it is removed', async () => {
  const { app, engine, services } = started;
  const refused = new BedsideError(
    'unreadable-text',
    sentence`text-of-this-test: Not this one.`,
    'Take another.',
  );
  services.documents.known.set('scan.pdf', refused);
  await attach('scan.pdf', 'report.pdf');
  expect(sources()).toMatchObject([
    { status: 'failed', error: { code: 'unreadable-text', reason: 'text-of-this-test' } },
    { status: 'ready' },
  ]);
  await app.chatController.send('What does it say?');
  expect(engine.answers).toHaveLength(0);
  removeSource(app.drafts, sources()[0]!.key);
  expect(canAsk('', [], sources())).toBe(true);
});

test('more than a question can have is not asked, and said', async () => {
  const { app } = started;
  attachPasted([{ number: 1, text: 'x'.repeat(600_001) }], shownId(), app.drafts);
  expect(canAsk('Why?', [], sources())).toBe(false);
  removeSource(app.drafts, sources()[0]!.key);
  const names = ['1.pdf', '2.pdf', '3.pdf', '4.pdf', '5.pdf'];
  for (const name of names) started.services.documents.known.set(name, report);
  await attach(...names);
  expect(sources()).toHaveLength(4);
  expect(app.ui.getState().toasts.map(({ text }) => text)).toContain('A question can have 4 texts.');
});

test('another version of a question is about the same text', async () => {
  const { app } = started;
  await attach('report.pdf');
  void app.chatController.send('When?');
  await flush();
  started.engine.lastAnswer.write('In two weeks.');
  started.engine.lastAnswer.finish();
  await flush();
  void app.chatController.editAndResend(shownPath(app)[0]!.id, 'When exactly?');
  await flush();
  expect(shownPath(app)[0]).toMatchObject({ text: 'When exactly?', sources: [{ name: 'report.pdf' }] });
});

test('passages that follow each other stand together in the prompt, and a gap is marked', () => {
  const parts = [
    { number: 1, text: 'One. ' },
    { number: 2, text: 'Two.' },
    { number: 4, text: 'Four.' },
  ];
  const source = { id: 'a', name: 'notes\n.txt', kind: 'text' as const, partCount: 4, parts };
  expect(withSources('Why?', [source])).toContain('Text: notes .txt\n-----\nOne. Two.\n[…]\nFour.\n-----');
  expect(withSources('Why?', [source, source])).toContain('Text 2: notes');
  expect(withSources('Why?', undefined)).toBe('Why?');
});
