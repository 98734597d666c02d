import type { Block, Inline } from './tokens.ts';

/** The words of blocks, without the markup and the code between them. */
export function textOf(blocks: readonly Block[]): string {
  return blocks.map(textOfBlock).join('\n');
}

function textOfBlock(block: Block): string {
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      return textOfInlines(block.inlines);
    case 'quote':
      return textOf(block.blocks);
    case 'list':
      return block.items.map(({ blocks }) => textOf(blocks)).join('\n');
    case 'table':
      return [block.header, ...block.rows.map(row => ('cells' in row ? row.cells : [row.text]))]
        .flat()
        .map(textOfInlines)
        .join('\n');
    default:
      return '';
  }
}

function textOfInlines(inlines: readonly Inline[]): string {
  return inlines
    .map(inline => {
      if ('children' in inline) return textOfInlines(inline.children);
      if (inline.type === 'mark') return '';
      return inline.type === 'text' ? inline.text : ' ';
    })
    .join('');
}
