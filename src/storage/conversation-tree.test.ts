import { describe, expect, test } from 'vitest';
import { titleFrom } from './conversation-title.ts';
import {
  addMessage,
  branchesOf,
  type ConversationTree,
  createConversation,
  mergeTrees,
  newestLeaf,
  pathTo,
  replaceMessage,
  siblings,
  switchBranch,
} from './conversation-tree.ts';
import { newId } from './random-id.ts';

/** "q1>a1": each id under the one before it; a message per new id, all at the same clock time. */
function grow(tree: ConversationTree, ...branches: string[]): ConversationTree {
  for (const branch of branches) {
    let parentId: string | null = null;
    for (const id of branch.split('>')) {
      if (!tree.messages.some(message => message.id === id)) {
        tree = addMessage(tree, {
          id,
          parentId,
          role: id.startsWith('q') ? 'user' : 'assistant',
          text: id,
          now: 100,
        }).tree;
      }
      parentId = id;
    }
  }
  return tree;
}

const ids = (messages: readonly { id: string }[]) => messages.map(({ id }) => id).join(' ');
const empty = createConversation({ id: 'c', now: 100 });

describe('addMessage', () => {
  test('shows the branch of the new message and changes nothing in the old tree', () => {
    const before = grow(empty, 'q1>a1');
    const after = grow(before, 'q1>a1>q2');
    expect(ids(pathTo(after))).toBe('q1 a1 q2');
    expect(ids(pathTo(before))).toBe('q1 a1');
    expect(empty.messages).toEqual([]);
  });

  test('orders messages by time even when the clock stands still or goes back', () => {
    const tree = grow(empty, 'q1>a1');
    const late = addMessage(tree, { parentId: 'a1', role: 'user', text: '', now: 50 });
    expect(tree.messages.map(({ createdAt }) => createdAt)).toEqual([100, 101]);
    expect(late.message.createdAt).toBe(102);
    expect(late.tree.conversation.updatedAt).toBe(102);
  });

  test('counts an edited first question among the roots', () => {
    expect(grow(empty, 'q1>a1', 'q2>a2').conversation.rootIds).toEqual(['q1', 'q2']);
  });

  test.each([
    ['an unknown parent', { id: 'x', parentId: 'nobody' }],
    ['an id that is taken', { id: 'q1', parentId: null }],
  ])('refuses %s', (_, fields) => {
    expect(() => addMessage(grow(empty, 'q1'), { ...fields, role: 'user', text: '' })).toThrow(RangeError);
  });
});

describe('pathTo', () => {
  const tree = grow(empty, 'q1>a1>q2>a2', 'q1>a3');

  test('goes from the first message to the one asked for', () => {
    expect(ids(pathTo(tree))).toBe('q1 a3');
    expect(ids(pathTo(tree, 'a2'))).toBe('q1 a1 q2 a2');
    expect(pathTo(tree, null)).toEqual([]);
    expect(pathTo(tree, 'nobody')).toEqual([]);
  });

  test('survives a lost message and a ring', () => {
    const lost = { ...tree, messages: tree.messages.filter(({ id }) => id !== 'a1') };
    expect(ids(pathTo(lost, 'a2'))).toBe('q2 a2');
    const ring = {
      ...tree,
      messages: tree.messages.map(message =>
        message.id === 'q1' ? { ...message, parentId: 'a2' } : message,
      ),
    };
    expect(ids(pathTo(ring, 'a2'))).toBe('q1 a1 q2 a2');
    // Where the ring itself is shown, each of its messages still has the path that it had.
    const shown = { ...ring, conversation: { ...ring.conversation, currentLeafId: 'a2' } };
    expect(ids(pathTo(shown))).toBe('q1 a1 q2 a2');
    expect(ids(pathTo(shown, 'a1'))).toBe('q2 a2 q1 a1');
  });

  test('walks through a conversation once, whichever of its messages is asked for', () => {
    let looks = 0;
    const watched = tree.messages.map(
      message =>
        new Proxy(message, {
          get(target, key, receiver) {
            if (key === 'parentId') looks++;
            return Reflect.get(target, key, receiver);
          },
        }),
    );
    const long = {
      messages: watched,
      conversation: { ...tree.conversation, currentLeafId: 'a2' },
    };
    expect(ids(pathTo(long))).toBe('q1 a1 q2 a2');
    expect(looks).toBe(4);
    expect(ids(pathTo(long, 'q2'))).toBe('q1 a1 q2');
    expect(ids(pathTo(long, 'a1'))).toBe('q1 a1');
    expect(looks).toBe(4);
    // What is handed out is the caller's own.
    pathTo(long).pop();
    expect(ids(pathTo(long))).toBe('q1 a1 q2 a2');
    // Another branch is not the one that is shown.
    expect(ids(pathTo(long, 'a3'))).toBe('q1 a3');
    expect(ids(pathTo({ ...long, conversation: { ...long.conversation, currentLeafId: 'a3' } }))).toBe(
      'q1 a3',
    );
  });
});

describe('branches', () => {
  const tree = grow(empty, 'q1>a1>q2>a2', 'q1>a1>q3>a3', 'q1>a4', 'q5');

  test('are alternatives at the same place, oldest first', () => {
    expect(siblings(tree, 'a4')).toMatchObject({ messages: [{ id: 'a1' }, { id: 'a4' }], index: 1 });
    expect(ids(siblings(tree, 'q1').messages)).toBe('q1 q5');
    expect(siblings(tree, 'nobody')).toEqual({ messages: [], index: -1 });
    for (const { id } of tree.messages) {
      const { messages, index } = siblings(tree, id);
      expect(branchesOf(tree).get(id)).toEqual({ index, count: messages.length });
    }
  });

  test('are shown down to what was added last', () => {
    expect(newestLeaf(tree, 'q1')).toBe('a4');
    expect(newestLeaf(tree, 'a1')).toBe('a3');
    const first = switchBranch(tree, 'a1');
    expect(ids(pathTo(first))).toBe('q1 a1 q3 a3');
    expect(ids(pathTo(switchBranch(first, 'q2')))).toBe('q1 a1 q2 a2');
    expect(switchBranch(tree, 'nobody')).toBe(tree);
  });

  test('go on from where they are', () => {
    const continued = grow(switchBranch(tree, 'q2'), 'q1>a1>q2>a2>q6');
    expect(ids(pathTo(continued))).toBe('q1 a1 q2 a2 q6');
  });
});

describe('mergeTrees', () => {
  const base = grow(empty, 'q1>a1');

  test('brings what another tab wrote, and its branch', () => {
    const stored = grow(base, 'q2>a2');
    const merged = mergeTrees(base, stored, null);
    expect(merged.messages.map(({ id }) => id)).toEqual(['q1', 'a1', 'q2', 'a2']);
    expect(merged.conversation).toMatchObject({ currentLeafId: 'a2', rootIds: ['q1', 'q2'] });
  });

  test('keeps what is being written here, and where', () => {
    const mine = replaceMessage(grow(base, 'q2>a2'), { ...grow(base, 'q2>a2').messages[3]!, text: 'newer' });
    const stored = { ...grow(base, 'q3>a3'), conversation: { ...base.conversation, title: 'Renamed' } };
    const merged = mergeTrees(mine, { ...stored, messages: [...stored.messages] }, 'a2');
    expect(merged.messages.map(({ id }) => id).sort()).toEqual(['a1', 'a2', 'a3', 'q1', 'q2', 'q3']);
    expect(merged.messages.find(({ id }) => id === 'a2')?.text).toBe('newer');
    expect(merged.conversation).toMatchObject({ currentLeafId: 'a2', title: 'Renamed' });
  });
});

test('replaceMessage changes one message, in a new tree', () => {
  const tree = grow(empty, 'q1>a1');
  const updated = replaceMessage(tree, { ...tree.messages[1]!, text: 'more', stopReason: 'end' });
  expect(updated.messages[1]).toMatchObject({ text: 'more', stopReason: 'end', parentId: 'q1' });
  expect(updated.messages[0]).toBe(tree.messages[0]);
  expect(tree.messages[1]?.text).toBe('a1');
});

test.each([
  ['  What is asthma? \n Thanks', 'What is asthma?'],
  ['', 'New chat'],
  ['a'.repeat(70), `${'a'.repeat(60)}…`],
  ['🫁'.repeat(61), `${'🫁'.repeat(60)}…`],
  [
    'Which findings distinguish nephrotic syndrome from nephritic syndrome?',
    'Which findings distinguish nephrotic syndrome from nephritic…',
  ],
])('titleFrom(%j)', (question, title) => {
  expect(titleFrom(question)).toBe(title);
});

test('newId gives 128 bits that do not repeat', () => {
  const many = new Set(Array.from({ length: 1000 }, newId));
  expect(many.size).toBe(1000);
  for (const id of many) expect(id).toMatch(/^[0-9a-f]{32}$/);
});
