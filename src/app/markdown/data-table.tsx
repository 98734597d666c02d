import type { Tokens } from 'marked';
import { renderInline } from './render-inline.tsx';

/** A table in a region of its own that scrolls sideways, with the keyboard too. */
export function DataTable({ table }: { table: Tokens.Table }) {
  const align = (index: number) => table.align[index] ?? undefined;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a <section> per table would not read better
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without a tab stop the hidden columns are out of reach
    <div className="md-table" role="region" aria-label="Table" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {table.header.map((cell, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns keep their place
              <th key={index} scope="col" style={{ textAlign: align(index) }}>
                {renderInline(cell.tokens)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, rowIndex) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows only ever come at the end
            <tr key={rowIndex}>
              {row.map((cell, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns keep their place
                <td key={index} style={{ textAlign: align(index) }}>
                  {renderInline(cell.tokens)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
