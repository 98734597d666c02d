import { memo, useEffect, useId, useState } from 'react';
import type { HeaderRow, ImageReader } from '../../../client/index.ts';
import { CopyTextButton } from '../../controls/copy-text-button.tsx';
import { usePrivateText } from '../../input/private-text.ts';

/** More rows make a page slow; the search finds the others. */
const mostShown = 300;

interface HeaderPanelProps {
  reader: ImageReader;
  file: Blob;
}

/** What a file says beside its pixels, for the reader alone. */
export const HeaderPanel = memo(function HeaderPanel({ reader, file }: HeaderPanelProps) {
  const [rows, setRows] = useState<HeaderRow[] | null>(null);
  const [query, setQuery] = useState('');
  const [isOpen, setOpen] = useState(false);
  const searchId = useId();
  const privateText = usePrivateText();
  useEffect(() => {
    setRows(null);
    if (!isOpen) return;
    let isWanted = true;
    reader.listHeaders(file).then(
      found => isWanted && setRows(found),
      () => isWanted && setRows([]),
    );
    return () => {
      isWanted = false;
    };
  }, [reader, file, isOpen]);

  const found = searchRows(rows ?? [], query);
  return (
    <details
      className="viewer-section reading-header-rows"
      onToggle={event => setOpen(event.currentTarget.open)}
    >
      <summary>What the file says</summary>
      <p className="muted">For you alone: none of it is given to a model.</p>
      {rows === null && <p className="muted">Reading…</p>}
      {rows?.length === 0 && <p className="muted">Nothing.</p>}
      {rows && rows.length > 0 && (
        <>
          <div className="reading-search">
            <label htmlFor={searchId}>Find</label>
            <input
              id={searchId}
              type="search"
              dir="auto"
              value={query}
              {...privateText}
              onChange={event => setQuery(event.currentTarget.value)}
            />
            <CopyTextButton text={() => rowsAsText(found)} label="Copy" />
          </div>
          <p className="muted" role="status">
            {found.length} of {rows.length}
          </p>
          <dl>
            {found.slice(0, mostShown).map(row => (
              <div key={`${row.tag} ${row.name} ${row.value}`} data-private={row.name === ''}>
                <dt>
                  {row.name || 'Private'} <span className="figure muted">{row.tag}</span>
                  {row.identifies && <span className="reading-identifies">identifies</span>}
                </dt>
                <dd dir="auto">{row.value}</dd>
              </div>
            ))}
          </dl>
          {found.length > mostShown && <p className="muted">The first {mostShown} are shown.</p>}
        </>
      )}
    </details>
  );
});

/** By tag, name or value, whatever its case. */
export function searchRows(rows: readonly HeaderRow[], query: string): HeaderRow[] {
  const wanted = query.trim().toLowerCase();
  return rows.filter(({ tag, name, value }) => `${tag} ${name} ${value}`.toLowerCase().includes(wanted));
}

export function rowsAsText(rows: readonly HeaderRow[]): string {
  return rows.map(({ tag, name, value }) => `${tag}\t${name || 'Private'}\t${value}`).join('\n');
}
