import { Fragment, type ReactNode } from 'react';
import { CopyButton } from '../controls/copy-button.tsx';
import { FileIcon } from '../controls/icons.tsx';
import { renderInline } from './render-inline.tsx';
import { tableAsCsv, tableAsTsv } from './table-text.ts';
import { directionOf } from './text-direction.ts';
import { textOf } from './text-of.ts';
import type { Table } from './tokens.ts';

/** A table in a region of its own that scrolls sideways, with the keyboard too. */
export function DataTable({ table }: { table: Table }) {
  const dir = directionOf(textOf([table]));
  const align = (index: number) => {
    const written = table.align[index] ?? undefined;
    if (dir !== 'rtl' || written === 'center') return written;
    return written && (written === 'left' ? 'right' : 'left');
  };
  return (
    <div className="md-table-frame">
      {/* biome-ignore lint/a11y/useSemanticElements: a <section> per table would not read better */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: without a tab stop the hidden columns are out of reach */}
      <div className="md-table" role="region" aria-label="Table" tabIndex={0} dir={dir}>
        <table>
          <thead>
            <tr>
              {table.header.map((cell, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns keep their place
                <th key={index} scope="col" style={{ textAlign: align(index) }}>
                  {renderInline(cell, wholeWords)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.map((row, rowIndex) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows only ever come at the end
              <tr key={rowIndex}>
                {'text' in row ? (
                  <td colSpan={table.header.length}>{renderInline(row.text, wholeWords)}</td>
                ) : (
                  row.cells.map((cell, index) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: columns keep their place
                    <td key={index} style={{ textAlign: align(index) }}>
                      {renderInline(cell, wholeWords)}
                    </td>
                  ))
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="md-table-actions">
        <CopyButton text={tableAsTsv(table)} label="Copy table" />
        <CopyButton text={tableAsCsv(table)} label="Copy table as CSV" icon={<FileIcon size={18} />} />
      </div>
    </div>
  );
}

/** Browsers break lines behind the slash of "mmol/L" and the hyphen of "HLA-B": here they may only at spaces. */
const unbroken = /^(?=.*[^\p{L}\p{M}\p{N}])[^\s\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]{2,40}$/u;

function wholeWords(text: string): ReactNode {
  if (!/\S[^\p{L}\p{M}\p{N}\s]|[^\p{L}\p{M}\p{N}\s]\S/u.test(text)) return text;
  return text.split(/(\s+)/).map((word, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a word has no identity but its place
    <Fragment key={index}>{unbroken.test(word) ? <span className="md-word">{word}</span> : word}</Fragment>
  ));
}
