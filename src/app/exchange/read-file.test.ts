import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { sampleRecords } from '../../../test/support/conversation-records.ts';
import { BedsideError, type RawObject } from '../../client/index.ts';
import { mostConversations, mostFileBytes, mostLevels } from './limits.ts';
import { openRecords } from './open-records.ts';
import { readFile } from './read-file.ts';
import { writeConversation, writeJson } from './write-json.ts';

const now = 1e12;
const sample = await new Blob(writeJson([await writeConversation(openRecords(sampleRecords()))], now)).text();

interface File extends RawObject {
  conversations: (RawObject & { index: RawObject; messages: RawObject[]; images: RawObject[] })[];
}

const read = (value: unknown) => readFile(new Blob([JSON.stringify(value)]), now);
const reasonOf = (reading: Promise<unknown>) =>
  reading.then(
    () => 'read',
    (thrown: unknown) => {
      expect(thrown).toBeInstanceOf(BedsideError);
      expect((thrown as BedsideError).code).toBe('not-importable');
      expect((thrown as BedsideError).message).toMatch(/^[A-Z].*\.$/);
      return (thrown as BedsideError).reason;
    },
  );

test('says how far it has come', async () => {
  const file = JSON.parse(sample) as File;
  const other = JSON.parse(sample.replaceAll('"c1"', '"c2"')) as File;
  const onProgress = vi.fn();
  const both = { ...file, conversations: [...file.conversations, ...other.conversations] };
  await readFile(new Blob([JSON.stringify(both)]), now, onProgress);
  expect(onProgress.mock.calls).toEqual([[{ done: 1, total: 2 }], [{ done: 2, total: 2 }]]);
});

const broken: [string, string, (file: File) => unknown][] = [
  ['another format', 'imported-file-of-no-known-kind', file => ({ ...file, format: 'x' })],
  ['no version', 'imported-file-of-no-known-kind', file => ({ ...file, version: 0 })],
  ['a later version', 'imported-file-of-later-version', file => ({ ...file, version: 2 })],
  ['a list of something', 'imported-file-of-no-known-kind', () => [1, 2]],
  ['a text', 'imported-file-of-no-known-kind', () => 'text'],
  ['null', 'imported-file-of-no-known-kind', () => null],
  ['no conversations', 'imported-file-of-no-known-kind', file => ({ ...file, conversations: {} })],
  ['no index', 'imported-index-unreadable', file => ({ ...file, conversations: [{ messages: [] }] })],
  [
    'a conversation twice',
    'imported-conversation-twice',
    file => {
      file.conversations.push(structuredClone(file.conversations[0]!));
      return file;
    },
  ],
  [
    'too many',
    'imported-file-of-too-many',
    file => {
      file.conversations = new Array(mostConversations + 1).fill(0);
      return file;
    },
  ],
];

test.each(broken)('refuses %s', async (_, reason, change) => {
  expect(await reasonOf(read(change(JSON.parse(sample) as File)))).toBe(reason);
});

const brokenConversations: [string, string, (conversation: File['conversations'][0]) => void][] = [
  [
    'an id that is a path',
    'imported-index-unreadable',
    c => {
      c.index.id = '../c';
    },
  ],
  [
    'a title that is none',
    'imported-index-damaged',
    c => {
      c.index.title = 5;
    },
  ],
  [
    'a title without end',
    'imported-index-damaged',
    c => {
      c.index.title = 'x'.repeat(2000);
    },
  ],
  [
    'messages that are none',
    'imported-lists-unreadable',
    c => {
      Object.assign(c, { messages: 'x' });
    },
  ],
  [
    'a message that is a hole',
    'imported-message-unreadable',
    c => {
      Object.assign(c, { messages: [null] });
    },
  ],
  [
    'a role of nobody',
    'imported-message-unreadable',
    c => {
      c.messages[0]!.role = 'system';
    },
  ],
  [
    'a text that is none',
    'imported-message-unreadable',
    c => {
      c.messages[0]!.text = 1;
    },
  ],
  [
    'a text without end',
    'imported-message-unreadable',
    c => {
      c.messages[0]!.text = 'x'.repeat(2_000_001);
    },
  ],
  [
    'a time after all times',
    'imported-message-unreadable',
    c => {
      c.messages[1]!.createdAt = 1e300;
    },
  ],
  [
    'a size below zero',
    'imported-message-unreadable',
    c => {
      c.messages[1]!.contextTokens = -1;
    },
  ],
  [
    'a stranger’s message',
    'imported-message-unreadable',
    c => {
      c.messages[1]!.conversationId = 'other';
    },
  ],
  [
    'a parent that is not there',
    'imported-branches-broken',
    c => {
      c.messages[1]!.parentId = 'nobody';
    },
  ],
  [
    'a ring',
    'imported-branches-broken',
    c => {
      c.messages[0]!.parentId = 'q2';
    },
  ],
  [
    'a message twice',
    'imported-branches-broken',
    c => {
      c.messages[1]!.id = 'q1';
    },
  ],
  [
    'an image of other bytes',
    'imported-image-unreadable',
    c => {
      c.images[0]!.data = 'AQID'.replace('Q', 'R');
    },
  ],
  [
    'an image that is no Base64',
    'imported-image-unreadable',
    c => {
      c.images[0]!.data = '????';
    },
  ],
  [
    'an image that could run',
    'imported-image-unreadable',
    c => {
      c.images[0]!.mediaType = 'image/svg+xml';
    },
  ],
  [
    'an image without a name',
    'imported-image-unreadable',
    c => {
      delete c.images[0]!.name;
    },
  ],
  [
    'an image twice',
    'imported-image-twice',
    c => {
      c.images.push(c.images[0]!);
    },
  ],
];

test.each(brokenConversations)('refuses %s in a conversation', async (_, reason, change) => {
  const file = JSON.parse(sample) as File;
  change(file.conversations[0]!);
  expect(await reasonOf(read(file))).toBe(reason);
});

test('refuses what is no JSON, too deep or too large', async () => {
  expect(await reasonOf(readFile(new Blob([sample.slice(0, -9)]), now))).toBe('imported-file-is-not-json');
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  expect(await reasonOf(readFile(new Blob([deep]), now))).toBe('imported-file-too-deep');
  expect(mostLevels).toBeLessThan(100);
  const large = { size: mostFileBytes + 1 } as Blob;
  expect(await reasonOf(readFile(large, now))).toBe('imported-file-too-large');
});

test('whatever is changed in a file, it is read or refused in words', async () => {
  const change = fc.record({ at: fc.nat(), length: fc.nat(30), put: fc.string({ maxLength: 12 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async changes => {
      let text = sample;
      for (const { at, length, put } of changes) {
        const start = at % text.length;
        text = text.slice(0, start) + put + text.slice(start + length);
      }
      await reasonOf(readFile(new Blob([text]), now));
    }),
    { numRuns: 300 },
  );
});

test('whatever value stands in a field, it is read or refused in words', async () => {
  const paths = pathsOf(JSON.parse(sample));
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), fc.jsonValue(), async (path, put) => {
      const file = JSON.parse(sample) as RawObject;
      let place = file;
      for (const key of path.slice(0, -1)) place = place[key] as RawObject;
      place[path.at(-1)!] = put;
      await reasonOf(read(file));
    }),
    { numRuns: 500 },
  );
});

function pathsOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return path.length > 0 ? [path] : [];
  const below = Object.entries(value).flatMap(([key, each]) => pathsOf(each, [...path, key]));
  return path.length > 0 ? [path, ...below] : below;
}
