import { expect, test } from 'vitest';
import { addMessage, type ConversationTree, createConversation } from '../../client/index.ts';
import { writeRatings } from './write-ratings.ts';

function rated(note: string, text = 'Text', question = 'Question'): ConversationTree {
  const asked = addMessage(createConversation({ id: 'c', title: 'Title', now: 1 }), {
    parentId: null,
    role: 'user',
    text: question,
    now: 2,
  });
  return addMessage(asked.tree, {
    parentId: asked.message.id,
    role: 'assistant',
    text,
    model: 'Model',
    identity: { sha256: ['ab'.repeat(32)] },
    rating: { verdict: 'incorrect', note, ratedAt: Date.UTC(2026, 0, 2) },
    now: 3,
  }).tree;
}

/** As RFC 4180 reads it. */
function readCsv(csv: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === '\r\n') rows.push([]);
    if (end === '') break;
  }
  return rows.slice(0, -1);
}

test('a row an answer that is rated, read back as it was', () => {
  const { csv, count } = writeRatings([
    rated('Says "5", not 50\r\nsecond line', '| a |\nb', 'Why, then?'),
    createConversation({ id: 'empty' }),
    rated('', '<think>hidden</think>Said'),
  ]);
  expect(count).toBe(2);
  expect(csv.endsWith('\r\n')).toBe(true);
  const [head, first, second, ...more] = readCsv(csv);
  expect(more).toEqual([]);
  expect(head).toEqual([
    'date',
    'conversation',
    'model',
    'SHA-256',
    'rating',
    'note',
    'question',
    'answer',
    'edited by the reader',
  ]);
  expect(first).toEqual([
    '2026-01-02T00:00:00.000Z',
    'Title',
    'Model',
    'ab'.repeat(32),
    'incorrect',
    'Says "5", not 50\r\nsecond line',
    'Why, then?',
    "'| a |\nb",
    'no',
  ]);
  expect(second?.[7]).toBe('Said');
});

test.each([
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  ' =1',
  '=cmd|"/c calc"!A1',
  '＝1',
  '－1',
  '%0A=1',
  '|calc',
])('a spreadsheet computes nothing of %j', formula => {
  const [, row] = readCsv(writeRatings([rated(formula, formula, formula)]).csv);
  for (const column of [5, 6, 7]) expect(row![column]).toBe(`'${formula}`);
});
