/** Rated answers as comma-separated values (RFC 4180), in UTF-8, a row an answer. */
import { answerOf, type ConversationTree, findMessage } from '../../client/index.ts';
import { authorOf } from '../format/author.ts';
import { quotedCell } from '../markdown/table-text.ts';

export const ratingColumns = [
  'date',
  'conversation',
  'model',
  'SHA-256',
  'rating',
  'note',
  'question',
  'answer',
  'edited by the reader',
] as const;

/** A header, then `count` rows. */
export interface RatingsTable {
  csv: string;
  count: number;
}

export function writeRatings(trees: Iterable<ConversationTree>): RatingsTable {
  const rows: string[][] = [];
  for (const tree of trees) rows.push(...rowsOf(tree));
  const lines = [[...ratingColumns], ...rows].map(row => row.map(inertCell).map(quotedCell).join(','));
  return { csv: `${lines.join('\r\n')}\r\n`, count: rows.length };
}

function rowsOf(tree: ConversationTree): string[][] {
  return tree.messages.flatMap(answer => {
    const { rating, parentId, identity } = answer;
    if (!rating) return [];
    return [
      [
        new Date(rating.ratedAt).toISOString(),
        tree.conversation.title,
        authorOf(answer) ?? '',
        (identity?.sha256 ?? []).join(' '),
        rating.verdict,
        rating.note,
        (parentId && findMessage(tree, parentId)?.text) || '',
        answerOf(answer.text),
        answer.edit ? 'yes' : 'no',
      ],
    ];
  });
}

/**
 * Spreadsheets compute what begins like a formula, also behind white space and in full-width letters, and these words may be anybody's:
 * an apostrophe in front makes it text.
 */
const inertCell = (cell: string): string =>
  /^\s*[=+\-@＝＋－＠|%]|^[\t\r\n]/u.test(cell) ? `'${cell}` : cell;
