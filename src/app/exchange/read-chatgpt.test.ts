import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BedsideError, pathTo, type RawObject, readTree } from '../../client/index.ts';
import { readFile } from './read-file.ts';

const now = 1e12;

const node = (id: string, parent: string | null, children: string[], message: RawObject | null = null) => ({
  id,
  parent,
  children,
  message,
});
const said = (role: string, text: unknown, at: number | null, more: RawObject = {}) => ({
  author: { role, name: null, metadata: {} },
  create_time: at,
  content: { content_type: 'text', parts: [text] },
  recipient: 'all',
  metadata: role === 'assistant' ? { model_slug: 'gpt-4o' } : {},
  ...more,
});
const list = (...nodes: ReturnType<typeof node>[]) => Object.fromEntries(nodes.map(each => [each.id, each]));

const conversation = {
  title: 'Übersicht',
  create_time: 1_700_000_000.5,
  update_time: 1_700_000_100,
  conversation_id: '6f0c9d4e-0000-4000-8000-000000000001',
  current_node: 'a3',
  mapping: list(
    node('root', null, ['system']),
    node(
      'system',
      'root',
      ['q1'],
      said('system', '', null, { metadata: { is_visually_hidden_from_conversation: true } }),
    ),
    node('q1', 'system', ['a1', 'call'], said('user', 'What is asthma?', 1_700_000_001)),
    node('a1', 'q1', [], said('assistant', 'First version.', 1_700_000_002)),
    node(
      'call',
      'q1',
      ['tool'],
      said('assistant', 'search("asthma")', 1_700_000_003, { recipient: 'browser' }),
    ),
    node('tool', 'call', ['a2'], said('tool', 'result', 1_700_000_004)),
    node('a2', 'tool', ['a3'], said('assistant', 'Second version,', 1_700_000_005)),
    node('a3', 'a2', [], said('assistant', 'continued.', 1_700_000_006)),
    node('q0', 'root', [], said('user', 'Another start', 1_700_000_050)),
  ),
};

const read = (value: unknown) => readFile(new Blob([JSON.stringify(value)]), now);

async function treeOf(value: unknown) {
  const { conversations, leftOut } = await read(value);
  const { id, index, messages } = conversations[0]!;
  return { tree: readTree(id, index, messages), leftOut };
}

test('a tree comes over with its branches, without what nobody said', async () => {
  const { tree } = await treeOf([conversation]);
  expect(tree.conversation).toMatchObject({ title: 'Übersicht', id: conversation.conversation_id });
  expect(tree.messages.map(({ id, parentId, role, text }) => [id, parentId, role, text])).toEqual([
    ['q1', null, 'user', 'What is asthma?'],
    ['a1', 'q1', 'assistant', 'First version.'],
    ['a3', 'q1', 'assistant', 'Second version,\n\ncontinued.'],
    ['q0', null, 'user', 'Another start'],
  ]);
  expect(pathTo(tree).map(({ id }) => id)).toEqual(['q1', 'a3']);
  expect(tree.messages[1]).toMatchObject({
    model: 'gpt-4o (ChatGPT)',
    stopReason: 'end',
    createdAt: 1_700_000_002_000,
  });
  expect(tree.messages.every(({ condition }) => condition === undefined)).toBe(true);
});

test('what is no text is named where it stood, or counted', async () => {
  const picture = { content_type: 'image_asset_pointer', asset_pointer: 'file-service://x' };
  const mapping = list(
    node('q', null, ['t'], {
      ...said('user', '', 5),
      content: { content_type: 'multimodal_text', parts: [picture, 'What is this?'] },
    }),
    node('t', 'q', ['a'], {
      ...said('assistant', '', 6),
      content: { content_type: 'thoughts', thoughts: [] },
    }),
    node('a', 't', [], said('assistant', 'A picture.', 7)),
  );
  const { tree, leftOut } = await treeOf({ mapping });
  expect(leftOut).toBe(1);
  expect(tree.messages.map(({ text }) => text)).toEqual([
    '[Something that is no text, and is not in the export]\n\nWhat is this?',
    'A picture.',
  ]);
});

test('a clock that goes back does not change who answers whom', async () => {
  const mapping = list(
    node('q', null, ['a'], said('user', 'Q', 50)),
    node('a', 'q', ['r'], said('assistant', 'A', 10)),
    node('r', 'a', [], said('user', 'R', null)),
  );
  const { tree } = await treeOf([{ mapping }]);
  expect(tree.messages.map(({ id, createdAt }) => [id, createdAt])).toEqual([
    ['q', 50_000],
    ['a', 50_001],
    ['r', 50_002],
  ]);
});

test.each<[string, unknown]>([
  ['no node', { mapping: { q: 5 } }],
  ['a ring', { mapping: list(node('a', 'b', ['b'], said('user', 'A', 1)), node('b', 'a', ['a'])) }],
  ['nobody', { mapping: list(node('a', null, [], { content: {} })) }],
  [
    'parts that are none',
    {
      mapping: list(
        node('a', null, [], { ...said('user', '', 1), content: { content_type: 'text', parts: 5 } }),
      ),
    },
  ],
  ['a path for an id', { mapping: list(node('../a', null, [], said('user', 'A', 1))) }],
])('refuses %s', async (_, value) => {
  await expect(read([value])).rejects.toMatchObject({
    code: 'not-importable',
    reason: 'chatgpt-conversation-unreadable',
  });
});

test('any tree of roles comes over whole: nobody speaks twice in a row, and no text is lost', async () => {
  const any = fc.array(
    fc.record({ parent: fc.nat(), role: fc.constantFrom('user', 'assistant', 'tool', 'none') }),
    { minLength: 1, maxLength: 25 },
  );
  await fc.assert(
    fc.asyncProperty(any, async nodes => {
      const made = nodes.map(({ parent, role }, i) => {
        const above = parent % (i + 1);
        const message = role === 'none' ? null : said(role, `text ${i}.`, (i * 7) % 5);
        return node(`n${i}`, above === 0 ? null : `n${above - 1}`, [], message);
      });
      const { conversations } = await read([{ mapping: list(...made), current_node: 'n0' }]);
      const spoken = nodes.flatMap(({ role }, i) =>
        role === 'user' || role === 'assistant' ? [`text ${i}.`] : [],
      );
      if (spoken.length === 0) {
        expect(conversations).toEqual([]);
        return;
      }
      const { id, index, messages } = conversations[0]!;
      const tree = readTree(id, index, messages);
      const all = tree.messages.map(({ text }) => text).join('\n');
      for (const each of spoken) expect(all).toContain(each);
      for (const message of tree.messages) {
        expect(message.condition).toBeUndefined();
        const parent = tree.messages.find(each => each.id === message.parentId);
        expect(parent?.role).not.toBe(message.role);
      }
    }),
    { numRuns: 300 },
  );
});

test('whatever stands in an export, it is read or refused in words', async () => {
  const changed = fc.record({
    key: fc.constantFrom('mapping', 'title', 'create_time', 'current_node'),
    put: fc.jsonValue(),
  });
  await fc.assert(
    fc.asyncProperty(changed, fc.jsonValue(), async ({ key, put }, message) => {
      const mapping = list(
        node('q', null, ['a'], said('user', 'Q', 1)),
        node('a', 'q', [], message as RawObject),
      );
      await read([{ ...conversation, mapping, [key]: put }]).catch((thrown: unknown) => {
        expect(thrown).toBeInstanceOf(BedsideError);
        expect((thrown as BedsideError).code).toBe('not-importable');
      });
    }),
    { numRuns: 300 },
  );
});
