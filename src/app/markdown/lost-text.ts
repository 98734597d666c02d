import type { Block, Inline } from './tokens.ts';

/**
 * Whether every letter, digit and sign of a block's lines is in what was made of them: shown, or counted as markup by
 * the rule that took it. What marks a block (bullets, pipes, fences) is the only thing left out.
 */
export function isComplete(raw: string, block: Block): boolean {
  return withoutMarks(raw) === withoutMarks(writtenIn(block, raw));
}

const withoutMarks = (text: string) => text.replace(/[\s>|\-:#`~=+*_\\]+/g, '');

function writtenIn(block: Block, raw: string): string {
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      return rawOf(block.inlines);
    case 'code':
      // The settings behind a language's name.
      return (block.language === undefined ? '' : (raw.split('\n', 1)[0] ?? '')) + block.text;
    case 'quote':
      return block.blocks.map(each => writtenIn(each, '')).join('');
    case 'list':
      return block.items
        .map(
          ({ marker, isSign, blocks }) =>
            (isSign ? '' : marker) + blocks.map(each => writtenIn(each, '')).join(''),
        )
        .join('');
    case 'table':
      return (
        block.header.map(rawOf).join('') +
        block.rows.map(row => ('cells' in row ? row.cells.map(rawOf).join('') : rawOf(row.text))).join('')
      );
    case 'rule':
      return '';
    case 'formula':
      return block.source + block.after;
    case 'plain':
      return raw;
  }
}

const rawOf = (inlines: readonly Inline[]) => inlines.map(({ raw }) => raw).join('');
