/** An answer's Markdown as HTML of a file: nothing in it can be followed or fetched, and all of its text is escaped. */
import { parseBlocks } from '../markdown/parse-blocks.ts';
import type { Block, Inline, ListItem, Table } from '../markdown/tokens.ts';

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

export function markdownAsHtml(text: string): string {
  return parseBlocks(text)
    .map(block =>
      block.type === 'plain' ? `<p class="text" dir="auto">${escapeHtml(block.raw)}</p>` : blockAsHtml(block),
    )
    .join('\n');
}

function blockAsHtml(block: Block): string {
  switch (block.type) {
    case 'heading':
      return `<p class="heading" dir="auto">${inlinesAsHtml(block.inlines)}</p>`;
    case 'paragraph':
      return `<p dir="auto">${inlinesAsHtml(block.inlines)}</p>`;
    case 'list': {
      const items = block.items.map(item => itemAsHtml(item, block.isOrdered)).join('');
      return block.isOrdered ? `<ol>${items}</ol>` : `<ul>${items}</ul>`;
    }
    case 'quote':
      return `<blockquote>${block.blocks.map(blockAsHtml).join('')}</blockquote>`;
    case 'code':
      return `<pre><code>${escapeHtml(block.text)}</code></pre>`;
    case 'table':
      return tableAsHtml(block);
    case 'rule':
      return '<hr>';
    case 'plain':
      return '';
  }
}

function itemAsHtml({ marker, blocks }: ListItem, isOrdered: boolean): string {
  const number = Number.parseInt(marker, 10);
  const value = isOrdered && Number.isSafeInteger(number) ? ` value="${number}"` : '';
  // A sign such as "+" or "-" may be part of what is said: it is written as it was.
  const sign = isOrdered ? '' : `<span class="marker">${escapeHtml(marker)} </span>`;
  const [first, ...rest] = blocks;
  const begun = first?.type === 'paragraph' ? inlinesAsHtml(first.inlines) : first ? blockAsHtml(first) : '';
  return `<li${value} dir="auto">${sign}${begun}${rest.map(blockAsHtml).join('')}</li>`;
}

function tableAsHtml({ header, rows }: Table): string {
  const cells = (row: Inline[][], tag: 'th' | 'td') =>
    row.map(cell => `<${tag} dir="auto">${inlinesAsHtml(cell)}</${tag}>`).join('');
  const body = rows.map(row =>
    'cells' in row
      ? `<tr>${cells(row.cells, 'td')}</tr>`
      : `<tr><td colspan="${header.length}" dir="auto">${inlinesAsHtml(row.text)}</td></tr>`,
  );
  return `<table><thead><tr>${cells(header, 'th')}</tr></thead><tbody>${body.join('')}</tbody></table>`;
}

function inlinesAsHtml(inlines: readonly Inline[]): string {
  return inlines.map(inlineAsHtml).join('');
}

function inlineAsHtml(inline: Inline): string {
  switch (inline.type) {
    case 'text':
      return escapeHtml(inline.text);
    case 'strong':
    case 'em':
    case 'del':
      return `<${inline.type}>${inlinesAsHtml(inline.children)}</${inline.type}>`;
    case 'code':
      return `<code>${escapeHtml(inline.text)}</code>`;
    case 'break':
      return '<br>';
    case 'check':
      return inline.isChecked ? '☑ ' : '☐ ';
    case 'image':
      return `[image not shown${inline.text ? `: ${escapeHtml(inline.text)}` : ''}]`;
    case 'link':
      // As text alone: a file that is passed on must not lead anywhere.
      return `${inlinesAsHtml(inline.children)}${inline.url ? ` (${escapeHtml(inline.url)})` : ''}`;
  }
}
