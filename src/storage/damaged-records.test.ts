import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { viewsOf } from '../../test/support/image-views.ts';
import { findMessage, newestLeaf, pathTo, siblings } from './conversation-tree.ts';
import { createConversationStore } from './conversations.ts';
import { openDatabase } from './database.ts';
import { readImage } from './images.ts';
import { createModelRecordStore } from './model-records.ts';
import { readSettings } from './settings-record.ts';
import { migrateManifest } from './weight-manifest.ts';

const usage = {
  promptTokens: 40,
  cachedTokens: 0,
  generatedTokens: 12,
  prefillMs: 10,
  timeToFirstTokenMs: 12.5,
  decodeMs: 100,
  tokensPerSecond: 30,
};
const image = { id: 'a'.repeat(64), name: 'scan.png', width: 640, height: 480 };
const use = {
  id: image.id,
  views: viewsOf(image, { detailed: [4, 3], adaptive: [3, 2] }),
  keptTokens: 9,
  cached: false,
};
const presentation = {
  frame: 1,
  window: { kind: 'level', centre: 40, width: 400, function: 'LINEAR' },
  isInverted: true,
  turns: 3,
  isFlipped: false,
  redactions: [{ x: 0, y: 0, width: 9, height: 9 }],
  region: { x: 1, y: 2, width: 3, height: 4 },
};
const regions = [{ number: 1, note: 'n', frame: 1, shape: { kind: 'arrow', from: [1, 2], to: [3, 4] } }];
const useOfVersion1 = {
  id: image.id,
  detailed: [4, 3],
  adaptive: [3, 2],
  tiles: 19,
  visualTokens: 9,
  keptTokens: 9,
  cached: false,
};
const turn = (id: string, parentId: string | null, createdAt: number, more: object) => ({
  v: 4,
  id,
  conversationId: 'c',
  parentId,
  role: createdAt % 2 === 1 ? 'user' : 'assistant',
  text: `text of ${id}`,
  createdAt,
  ...more,
});

/** One conversation with every kind of field, of both versions, and a sound neighbour. */
const sound: Readonly<Record<string, unknown>> = {
  'conversation/c': {
    v: 4,
    id: 'c',
    title: 'About c',
    createdAt: 1,
    updatedAt: 4,
    modelId: 'nano',
    rootIds: ['q1'],
    currentLeafId: 'a2',
  },
  'message/c/q1': turn('q1', null, 1, { images: [image, { ...image, presentation, regions }] }),
  'message/c/a1': turn('a1', 'q1', 2, {
    stopReason: 'end',
    usage,
    model: 'nano',
    modelKind: 'own',
    identity: { quantisation: 'Q4_1', parameterCount: 5, sha256: ['x'], template: 'file' },
    computedOn: [{ kind: 'processor', threads: 4, activationBits: 16 }],
    vision: { images: [use, { ...use, presentation }], decodeMs: 1, encodeMs: 1, compressed: true },
  }),
  'message/c/q2': turn('q2', 'a1', 3, { v: 1 }),
  'message/c/a2': turn('a2', 'q2', 4, {
    v: 1,
    tokenIds: [1, 2],
    vision: { images: [useOfVersion1], decodeMs: 1, encodeMs: 1, compressed: true, tileSize: 448 },
    error: { code: 'device-lost', message: 'm', advice: 'a' },
  }),
  'conversation/n': {
    v: 4,
    id: 'n',
    title: 'Neighbour',
    createdAt: 1,
    updatedAt: 1,
    rootIds: ['m'],
    currentLeafId: 'm',
  },
  'message/n/m': { ...turn('m', null, 1, {}), conversationId: 'n' },
};

type Path = (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, inner]) => pathsOf(inner, [...path, name]))];
}

function withAt(value: unknown, [name, ...rest]: Path, put: unknown): unknown {
  if (name === undefined) return put;
  const copy = structuredClone(value) as Record<string, unknown>;
  copy[name] = withAt(copy[name], rest, put);
  return copy;
}

const keys = Object.keys(sound).filter(key => !key.includes('/n'));
/** Values that a mistake, another version or a damaged disk could leave; what IndexedDB can hold. */
const wrong = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    '',
    0,
    -1,
    Number.NaN,
    Infinity,
    -Infinity,
    1e300,
    2 ** 53,
    9e15,
    'q1',
    'a2',
    true,
    [],
    {},
    [null],
    { length: 3 },
    new Date(Number.NaN),
    new Uint8Array(3),
    new Map([[1, 2]]),
  ),
  fc.anything({ withDate: true, withBigInt: true, withTypedArray: true, withSparseArray: true, maxDepth: 2 }),
);
const mutation = fc
  .constantFrom(...keys)
  .chain(key => fc.tuple(fc.constant(key), fc.constantFrom(...pathsOf(sound[key])), wrong));

test('whatever happens to stored records, all is listed and opened, and every text that is there is shown', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 4 }), async mutations => {
      globalThis.indexedDB = new IDBFactory();
      const database = openDatabase('bedside-chats');
      const store = createConversationStore(database);
      const records: Record<string, unknown> = { ...sound };
      for (const [key, path, value] of mutations) {
        try {
          records[key] = withAt(structuredClone(records[key]), path, structuredClone(value));
        } catch {
          // An earlier one has taken away what this one would change.
        }
      }
      // What is undefined was never stored by Bedside, and means that there is no record.
      await database.setMany(Object.entries(records).map(([key, value]) => [key, value ?? null]));
      const before = await database.getEntriesByPrefix('');
      // As they lie there: storing leaves out what was put onto a date or a list.
      const stored = new Map<string, unknown>(before);
      const listed = await store.listConversations();
      expect(listed.map(({ id }) => id).sort()).toEqual(['c', 'n']);
      for (const { title, updatedAt } of listed) {
        expect(typeof title).toBe('string');
        expect(new Date(updatedAt).toISOString()).toBeDefined();
      }
      const tree = (await store.loadConversation('c'))!;
      expect(tree.messages.map(({ id }) => id).sort()).toEqual(['a1', 'a2', 'q1', 'q2']);
      for (const message of tree.messages) {
        const raw = stored.get(`message/c/${message.id}`) as { text?: unknown } | null | undefined;
        if (typeof raw?.text === 'string') expect(message.text).toBe(raw.text);
        // Each can be reached: on the way from a newest leaf there are no gaps, and first ones are alternatives.
        const path = pathTo(tree, newestLeaf(tree, message.id));
        expect(path.map(({ id }) => id)).toContain(message.id);
        expect(path[0]?.parentId).toBeNull();
        expect(siblings(tree, message.id).messages).toContain(message);
        expect(new Date(message.createdAt).toISOString()).toBeDefined();
        const { usage: cost, vision, images } = message;
        if (cost) for (const figure of Object.values(cost)) expect(Number.isFinite(figure)).toBe(true);
        for (const { name, grid, tokens, rectangle } of vision?.images.flatMap(each => each.views) ?? []) {
          expect(typeof name).toBe('string');
          expect(grid).toHaveLength(2);
          expect(tokens).toBeGreaterThanOrEqual(0);
          if (rectangle) expect(Math.min(rectangle.width, rectangle.height)).toBeGreaterThan(0);
        }
        for (const each of images ?? []) expect(typeof each.name).toBe('string');
      }
      const { currentLeafId } = tree.conversation;
      expect(findMessage(tree, currentLeafId ?? '')).toBeDefined();
      expect((await store.loadConversation('n'))?.messages[0]).toEqual(sound['message/n/m']);
      // Reading has changed nothing.
      expect(await database.getEntriesByPrefix('')).toEqual(before);
    }),
    { numRuns: 300 },
  );
});

const anything = fc.oneof(wrong, fc.dictionary(fc.constantFrom('v', 'id', 'blob', 'text', 'bytes'), wrong));

test('whatever lies in the place of another record, it is read or left out', async () => {
  await fc.assert(
    fc.asyncProperty(anything, async value => {
      expect(readSettings(value).v).toBe(1);
      const manifest = migrateManifest(value);
      if (manifest)
        expect(manifest.sha256.length).toBeLessThanOrEqual(manifest.bytes / manifest.chunkBytes + 1);
      expect(readImage(value, 'c', image.id)?.blob ?? null).toBeNull();
      globalThis.indexedDB = new IDBFactory();
      const database = openDatabase('bedside-settings');
      await database.setMany([['model/m', structuredClone(value) ?? null]]);
      expect(await createModelRecordStore(database).listRecords()).toMatchObject([{ id: 'm', text: [] }]);
    }),
    { numRuns: 200 },
  );
});
