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

/** What a file has for a formula; null where it is written as it was. */
export type WriteFormula = (
  formula: { raw: string; tex: string; isDisplay: boolean },
  escaped: (text: string) => string,
) => string | null;

export function markdownAsHtml(text: string, writeFormula: WriteFormula = () => null): string {
  return parseBlocks(text)
    .map(block =>
      block.type === 'plain'
        ? `<p class="text" dir="auto">${escapeHtml(block.raw)}</p>`
        : blockAsHtml(block, writeFormula),
    )
    .join('\n');
}

function blockAsHtml(block: Block, write: WriteFormula): string {
  switch (block.type) {
    case 'heading':
      return `<p class="heading" dir="auto">${inlinesAsHtml(block.inlines, write)}</p>`;
    case 'paragraph':
      return `<p dir="auto">${inlinesAsHtml(block.inlines, write)}</p>`;
    case 'list': {
      const items = block.items.map(item => itemAsHtml(item, block.isOrdered, write)).join('');
      return block.isOrdered ? `<ol>${items}</ol>` : `<ul>${items}</ul>`;
    }
    case 'quote':
      return `<blockquote>${block.blocks.map(each => blockAsHtml(each, write)).join('')}</blockquote>`;
    case 'code':
      return `<pre><code>${escapeHtml(block.text)}</code></pre>`;
    case 'table':
      return tableAsHtml(block, write);
    case 'rule':
      return '<hr>';
    case 'formula': {
      const { source: raw, tex, after } = block;
      return `<p>${formulaAsHtml({ raw, tex, isDisplay: true }, write)}${after}</p>`;
    }
    case 'plain':
      return '';
  }
}

function itemAsHtml({ marker, blocks }: ListItem, isOrdered: boolean, write: WriteFormula): string {
  const number = Number.parseInt(marker, 10);
  const value = isOrdered && Number.isSafeInteger(number) ? ` value="${number}"` : '';
  // A sign such as "+" or "-" may be part of what is said: it is written as it was.
  const sign = isOrdered ? '' : `<span class="marker">${escapeHtml(marker)} </span>`;
  const [first, ...rest] = blocks;
  const begun =
    first?.type === 'paragraph'
      ? inlinesAsHtml(first.inlines, write)
      : first
        ? blockAsHtml(first, write)
        : '';
  const behind = rest.map(block => blockAsHtml(block, write)).join('');
  return `<li${value} dir="auto">${sign}${begun}${behind}</li>`;
}

function tableAsHtml({ header, rows }: Table, write: WriteFormula): string {
  const cells = (row: Inline[][], tag: 'th' | 'td') =>
    row.map(cell => `<${tag} dir="auto">${inlinesAsHtml(cell, write)}</${tag}>`).join('');
  const body = rows.map(row =>
    'cells' in row
      ? `<tr>${cells(row.cells, 'td')}</tr>`
      : `<tr><td colspan="${header.length}" dir="auto">${inlinesAsHtml(row.text, write)}</td></tr>`,
  );
  return `<table><thead><tr>${cells(header, 'th')}</tr></thead><tbody>${body.join('')}</tbody></table>`;
}

function inlinesAsHtml(inlines: readonly Inline[], write: WriteFormula): string {
  return inlines.map(inline => inlineAsHtml(inline, write)).join('');
}

function inlineAsHtml(inline: Inline, write: WriteFormula): string {
  switch (inline.type) {
    case 'text':
      return escapeHtml(inline.text);
    case 'strong':
    case 'em':
    case 'del':
      return `<${inline.type}>${inlinesAsHtml(inline.children, write)}</${inline.type}>`;
    case 'code':
      return `<code>${escapeHtml(inline.text)}</code>`;
    case 'formula':
      return formulaAsHtml(inline, write);
    case 'mark':
      return '';
    case 'break':
      return '<br>';
    case 'check':
      return inline.isChecked ? '☑ ' : '☐ ';
    case 'image':
      return `[image not shown${inline.text ? `: ${escapeHtml(inline.text)}` : ''}]`;
    case 'link':
      // As text alone: a file that is passed on must not lead anywhere.
      return `${inlinesAsHtml(inline.children, write)}${inline.url ? ` (${escapeHtml(inline.url)})` : ''}`;
  }
}

const formulaAsHtml = (formula: Parameters<WriteFormula>[0], write: WriteFormula): string =>
  write(formula, escapeHtml) ?? escapeHtml(formula.raw);
