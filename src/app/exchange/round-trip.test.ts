import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sampleAnswerRecord } from '../../../test/support/answer-record.ts';
import { imageRecord, sampleRecords } from '../../../test/support/conversation-records.ts';
import {
  type ConversationRecords,
  conversationVersion,
  plainPresentation,
  type RawObject,
  readTree,
} from '../../client/index.ts';
import { chooseMessages } from './choose-messages.ts';
import { openRecords } from './open-records.ts';
import { readFile } from './read-file.ts';
import { writeConversation, writeJson } from './write-json.ts';

const now = Date.UTC(2026, 0, 2);

async function written(...opened: ReturnType<typeof openRecords>[]): Promise<Blob> {
  return new Blob(writeJson(await Promise.all(opened.map(writeConversation)), now));
}

const treeOf = ({ id, index, messages }: ConversationRecords) => readTree(id, index, messages);
const byKey = (records: readonly [string, unknown][]) => new Map(records);
const bytesOf = (record: unknown) => (record as { blob: Blob }).blob.arrayBuffer();

/** Whatever a version to come may write beside what this one knows. */
const laterFields = fc
  .dictionary(fc.constantFrom('annotations', 'later', '__proto__'), fc.jsonValue({ maxDepth: 3 }))
  .map(fields => JSON.parse(JSON.stringify(fields)) as RawObject);

const answerFields = fc.record(
  {
    stopReason: fc.constantFrom('end', 'aborted', 'max-tokens'),
    model: fc.string(),
    modelKey: fc.string(),
    modelKind: fc.constantFrom('demonstration', 'own', 'installed'),
    identity: fc.record({ quantisation: fc.string(), sha256: fc.array(fc.string()) }, { requiredKeys: [] }),
    droppedMessages: fc.nat(),
    tokenIds: fc.array(fc.nat()),
    withoutImages: fc.boolean(),
  },
  { requiredKeys: [] },
);

/** Of an image: how it is shown, and what is marked on it. */
const setUp = fc.record(
  {
    presentation: fc
      .record({ frame: fc.nat(9), turns: fc.constantFrom(0, 1, 2, 3), isInverted: fc.boolean() })
      .map(changes => ({ ...plainPresentation, ...changes })),
    regions: fc.constant([{ number: 1, note: 'here', frame: 0, shape: { kind: 'point', at: [1, 2] } }]),
  },
  { requiredKeys: [] },
);

const text = fc.string({ unit: 'binary', maxLength: 40 });

/** Texts of the reader's own, beside a question. */
const sources = fc.array(
  fc
    .record({
      id: fc.string({ minLength: 1 }),
      name: text,
      kind: fc.constantFrom('pdf', 'text', 'html', 'pasted'),
      partCount: fc.integer({ min: 1, max: 100_000 }),
      parts: fc.array(fc.record({ number: fc.integer({ min: 1, max: 100_000 }), text }), { maxLength: 3 }),
      later: laterFields,
    })
    .map(({ later, ...source }) => ({ ...later, ...source })),
  { maxLength: 2 },
);

const node = fc.record({
  parent: fc.nat(),
  text,
  answer: answerFields,
  later: laterFields,
  gap: fc.nat(9),
  setUp,
});

const conversation = fc
  .record({
    title: text,
    nodes: fc.array(node, { maxLength: 14 }),
    leaf: fc.nat(),
    later: laterFields,
    version: fc.constantFrom(3, conversationVersion, conversationVersion + 5),
    pixels: fc.uniqueArray(fc.uint8Array({ minLength: 1, maxLength: 50 }), {
      maxLength: 2,
      selector: each => each.join(),
    }),
  })
  .map(({ title, nodes, leaf, later, version, pixels }): ConversationRecords => {
    const images = pixels.map(bytes => ({ ...later, ...imageRecord('c', new Uint8Array(bytes)) }));
    let at = 10;
    const messages = nodes.map((each, i) => {
      at += each.gap + 1;
      const parent = each.parent % (i + 1);
      return {
        ...each.later,
        ...(i % 2 ? each.answer : {}),
        ...(i === 0 && images.length > 0
          ? {
              images: images.map(({ id, name, width, height }) => ({
                id,
                name,
                width,
                height,
                ...each.setUp,
                ...each.later,
              })),
            }
          : {}),
        v: version,
        id: `m${i}`,
        conversationId: 'c',
        parentId: parent === 0 ? null : `m${parent - 1}`,
        role: i % 2 ? 'assistant' : 'user',
        text: each.text,
        createdAt: at,
      };
    });
    const roots = messages.filter(({ parentId }) => parentId === null).map(({ id }) => id);
    const index = {
      ...later,
      v: version,
      id: 'c',
      title,
      createdAt: 10,
      updatedAt: at,
      rootIds: roots,
      currentLeafId: messages.length > 0 ? messages[leaf % messages.length]!.id : null,
    };
    return {
      id: 'c',
      index,
      messages: messages.map(each => [each.id, each]),
      images: images.map(each => [each.id, each]),
      answerRecords: messages
        .filter(({ role, createdAt }) => role === 'assistant' && createdAt % 2 === 0)
        .map(({ id }) => [id, { ...later, ...sampleAnswerRecord('c', id) }]),
    };
  });

// A thousand at once take longer than a test has on a machine that does much else.
test.each(Array.from({ length: 10 }, (_, at) => at + 1))(
  '100 trees come back as they were, with what only later versions know: %i of ten times',
  async () => {
    await fc.assert(
      fc.asyncProperty(conversation, async records => {
        const opened = openRecords(records);
        const { conversations } = await readFile(await written(opened), now);
        if (records.messages.length === 0) {
          expect(conversations).toEqual([]);
          return;
        }
        const [back] = conversations;
        expect(treeOf(back!)).toEqual(treeOf(records));
        expect(back!.index).toEqual(records.index);
        expect(byKey(back!.messages)).toEqual(byKey(records.messages));
        expect(byKey(back!.answerRecords)).toEqual(byKey(records.answerRecords));
        for (const [id, record] of back!.images) {
          const original = byKey(records.images).get(id) as RawObject;
          expect({ ...(record as RawObject), blob: null }).toEqual({ ...original, blob: null });
          expect(await bytesOf(record)).toEqual(await bytesOf(original));
        }
      }),
      { numRuns: 100 },
    );
  },
);

test('texts of the reader’s own come back whole with the question that was asked about them', async () => {
  await fc.assert(
    fc.asyncProperty(sources, async texts => {
      const records = sampleRecords();
      (records.messages[0]![1] as RawObject).sources = texts;
      const { conversations } = await readFile(await written(openRecords(records)), now);
      expect(byKey(conversations[0]!.messages).get('q1')).toMatchObject({ sources: texts });
      expect(treeOf(conversations[0]!)).toEqual(treeOf(records));
      expect(treeOf(conversations[0]!).messages[0]!.sources).toHaveLength(texts.length);
    }),
    { numRuns: 50 },
  );
});

test('any part of a tree is a conversation again, in the same order', async () => {
  await fc.assert(
    fc.asyncProperty(conversation, fc.array(fc.boolean(), { maxLength: 14 }), async (records, wanted) => {
      const ids = new Set(records.messages.filter((_, i) => wanted[i]).map(([id]) => id));
      const { conversations } = await readFile(await written(chooseMessages(openRecords(records), ids)), now);
      const found = conversations[0]?.messages.map(([id]) => id) ?? [];
      expect(found).toEqual(records.messages.map(([id]) => id).filter(id => ids.has(id)));
    }),
    { numRuns: 200 },
  );
});

test('chosen messages answer the nearest one that was chosen, and bring no image that none of them is about', () => {
  const chosen = chooseMessages(openRecords(sampleRecords()), new Set(['a2', 'q2']));
  expect(chosen.tree.messages.map(({ id, parentId }) => [id, parentId])).toEqual([
    ['a2', null],
    ['q2', null],
  ]);
  expect(chosen.index).toMatchObject({ rootIds: ['a2', 'q2'], currentLeafId: 'q2' });
  expect(chosen.images.size).toBe(0);
  expect(chosen.answerRecords.size).toBe(0);
});

test('several conversations go into one file', async () => {
  const records = [sampleRecords('one'), sampleRecords('two')];
  const { conversations } = await readFile(await written(...records.map(openRecords)), now);
  expect(conversations.map(({ id }) => id)).toEqual(['one', 'two']);
});

test('what is damaged is given out as far as it can be read', async () => {
  const records = sampleRecords();
  const [, second] = records.messages[1] as [string, RawObject];
  second.tokenIds = 'broken';
  (records.messages[3]![1] as RawObject).parentId = 'lost';
  const { conversations } = await readFile(await written(openRecords(records)), now);
  const back = treeOf(conversations[0]!);
  expect(back.messages).toHaveLength(4);
  expect(back.messages.every(({ condition }) => condition === undefined)).toBe(true);
  expect(back.messages[3]).toMatchObject({ id: 'q2', parentId: null, text: 'And?' });
});
