/** An answer's words without its markup, for programs that know none. Formulas are their LaTeX. */
import { parseBlocks } from '../markdown/parse-blocks.ts';
import { tableAsTsv, wordsOf } from '../markdown/table-text.ts';
import type { Block, List } from '../markdown/tokens.ts';

export function plainTextOf(markdown: string): string {
  return parseBlocks(markdown)
    .map(block => (block.type === 'plain' ? block.raw : textOfBlock(block)))
    .join('\n\n');
}

function textOfBlock(block: Block): string {
  switch (block.type) {
    case 'heading':
    case 'paragraph':
      return wordsOf(block.inlines);
    case 'list':
      return textOfList(block);
    case 'quote':
      return textOfBlocks(block.blocks);
    case 'code':
      return block.text;
    case 'table':
      return tableAsTsv(block);
    case 'rule':
      return '---';
    case 'formula':
      return block.source + block.after;
    case 'plain':
      return '';
  }
}

const textOfBlocks = (blocks: readonly Block[]): string => blocks.map(textOfBlock).join('\n');

/** With the marks that were written: numbers count, and a minus may be one. What is below the first line is set in. */
function textOfList({ items }: List): string {
  return items
    .map(({ marker, blocks }) => `${marker} ${textOfBlocks(blocks).replaceAll('\n', '\n  ')}`)
    .join('\n');
}
