import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { addMessage, type ConversationTree, createConversation } from '../../client/index.ts';
import { ConversationIndex, mostFound } from './conversation-index.ts';
import { fold, foldWithPlaces } from './fold.ts';
import { lookIn, parseQuery, score } from './query.ts';
import { Slices, sliceCharacters } from './slices.ts';
import { marksIn, snippetOf } from './snippet.ts';

const never = new AbortController().signal;

function conversation(id: string, title: string, ...texts: string[]): ConversationTree {
  let tree = createConversation({ id, title, now: 1000 });
  for (const [i, text] of texts.entries()) {
    const role = i % 2 === 0 ? 'user' : 'assistant';
    const parentId = tree.conversation.currentLeafId;
    ({ tree } = addMessage(tree, { id: `${id}-${i}`, parentId, role, text, now: 1000 + i }));
  }
  return tree;
}

async function indexOf(...trees: ConversationTree[]) {
  const slices = new Slices();
  const index = new ConversationIndex(slices);
  for (const tree of trees) await index.put(tree, never);
  return { index, slices };
}

const idsOf = async (index: ConversationIndex, typed: string) =>
  (await index.search(typed, never)).found.map(found => found.messageId ?? found.conversationId);

test.each([
  ['Café', 'CAFE'],
  ['STRASSE', 'straße'],
  ['ΟΔΟΣ', 'οδος'],
  ['Ёлка', 'елка'],
  ['İstanbul', 'istanbul'],
  ['ＣＴ', 'ct'],
  ['שָׁלוֹם', 'שלום'],
  ['مُحَمَّد', 'محمد'],
  ['أحمد', 'احمد'],
  ['كتاب', 'کتاب'],
  ['한국', '한국'],
  ['ガン', 'ｶﾞﾝ'],
])('%s is found as %s', (a, b) => {
  expect(fold(a)).toBe(fold(b));
});

test('what makes another word stays', () => {
  expect(fold('が')).not.toBe(fold('か'));
  expect(fold('कि')).not.toBe(fold('का'));
});

test('folding with places folds as folding does, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), text => {
      const { folded, places } = foldWithPlaces(text);
      expect(folded).toBe(fold(text));
      expect(places).toHaveLength(folded.length + 1);
      expect([...places]).toEqual([...places].sort((a, b) => a - b));
    }),
    { numRuns: 500 },
  );
});

test('a snippet has the text itself, marked where it was found', () => {
  const query = parseQuery('strasse café')!;
  const parts = snippetOf('In der Straße\nwar ein CAFÉ offen.', query);
  expect(parts.map(({ text }) => text).join('')).toBe('In der Straße war ein CAFÉ offen.');
  expect(parts.filter(({ isMatch }) => isMatch).map(({ text }) => text)).toEqual(['Straße', 'CAFÉ']);
  const long = snippetOf(`${'word '.repeat(9000)}needle ${'word '.repeat(9000)}`, parseQuery('needle')!);
  const shown = long.map(({ text }) => text).join('');
  expect(shown).toMatch(/^….* needle .*…$/);
  expect(shown.length).toBeLessThan(260);
});

test('marks hold whole characters', () => {
  expect(marksIn('e\u0301te\u0301', parseQuery('ete')!)).toEqual([[0, 5]]);
  expect(marksIn('肺結核', parseQuery('肺結核')!)).toEqual([[0, 3]]);
});

test('titles and messages are found in any writing, by parts of words, all words needed', async () => {
  const { index } = await indexOf(
    conversation('a', 'Asthma', 'Was hilft bei Asthma?', 'Kortison hilft.'),
    conversation('b', '質問', '肺結核の治療について', '結核は…'),
    conversation('c', 'سؤال', 'ما هو الربو؟', 'الرَّبْو مرض'),
  );
  expect(await idsOf(index, 'asth')).toEqual(['a', 'a-0']);
  expect(await idsOf(index, 'hilft KORTISON')).toEqual(['a-1']);
  expect(await idsOf(index, 'hilft nirgends')).toEqual([]);
  expect(await idsOf(index, '結核')).toEqual(['b-1', 'b-0']);
  expect(await idsOf(index, '肺結核')).toEqual(['b-0']);
  expect(await idsOf(index, 'الربو')).toEqual(['c-1', 'c-0']);
  expect(await idsOf(index, '   ')).toEqual([]);
});

test('writing without spaces is found where its pairs stand, whole first', async () => {
  const { index } = await indexOf(conversation('a', 'x', '急性の肺炎、性肺', '急性肺炎'));
  expect(await idsOf(index, '急性肺炎')).toEqual(['a-1', 'a-0']);
});

test('what has changed is found as it is now, what is gone is not found', async () => {
  const { index } = await indexOf(conversation('a', 'x', 'first'), conversation('b', 'y', 'first'));
  await index.put(conversation('a', 'x', 'second'), never);
  expect(await idsOf(index, 'first')).toEqual(['b-0']);
  index.keepOnly(new Set(['a']));
  expect(await idsOf(index, 'first')).toEqual([]);
});

const texts = (count: number, length: number) =>
  Array.from({ length: count }, (_, i) => `${i} ${'lorem ipsum dolor é '.repeat(length / 20)}`);

test('a text without one of the words is not looked through for the others, and one in pieces is, for each of them', () => {
  const query = parseQuery('absent fever')!;
  const found = new Set<string>();
  lookIn('she has a fever', query, found, true);
  expect([...found]).toEqual([]);
  lookIn('she has a fever', query, found, false);
  expect([...found]).toEqual(['fever']);
  expect(score(query, found)).toBe(0);
  lookIn('it was absent', query, found, false);
  expect(score(query, found)).toBe(3);
});

test('10,000 messages are searched in slices of their characters, and no more', async () => {
  const trees = Array.from({ length: 100 }, (_, i) => conversation(`c${i}`, 't', ...texts(100, 400)));
  const { index, slices } = await indexOf(...trees);
  const characters = 100 * 100 * 405;
  expect(slices.count).toBeGreaterThan(characters / sliceCharacters / 2);
  slices.count = 0;
  const { found, hasMore } = await index.search('dolor', never);
  expect([found.length, hasMore]).toEqual([mostFound, true]);
  expect(slices.count).toBeGreaterThan(characters / sliceCharacters / 2);
  expect(slices.count).toBeLessThan((characters / sliceCharacters) * 2);
  expect(await idsOf(index, '99 lorem')).toHaveLength(mostFound);
});

test('a long text is no longer slice than others, and is found at the seams of its pieces', async () => {
  const rests: number[] = [];
  const rest = vi.fn(async () => void rests.push(1));
  const index = new ConversationIndex(new Slices(rest));
  const long = `${'x'.repeat(sliceCharacters / 4 - 3)}needle${'y'.repeat(sliceCharacters * 3)} far`;
  await index.put(conversation('a', 't', long), never);
  expect(rest.mock.calls.length).toBeGreaterThanOrEqual(3);
  expect(await idsOf(index, 'needle far')).toEqual(['a-0']);
});

test('a search that nobody wants any more ends at the next slice', async () => {
  const { index } = await indexOf(conversation('a', 't', ...texts(100, 20_000)));
  const stop = new AbortController();
  const searching = index.search('dolor', stop.signal);
  stop.abort(new Error('newer'));
  await expect(searching).rejects.toThrow('newer');
});
