import { useRef } from 'react';
import type { CatalogueEntry } from '../../client/index.ts';
import { formatBytes } from '../format/quantities.ts';
import { FileIcon } from '../shell/icons.tsx';

interface ModelCardProps {
  entry: CatalogueEntry;
  isCurrent: boolean;
  droppedFile: File | null;
  /** With the file that the reader picked, for a model that the site does not bring. */
  onChoose: (file?: File) => void;
}

export function ModelCard({ entry, isCurrent, droppedFile, onChoose }: ModelCardProps) {
  const picker = useRef<HTMLInputElement>(null);
  const isOwn = entry.kind === 'bring-your-own';
  return (
    <article className="model-card" aria-label={entry.name} data-current={isCurrent}>
      <header>
        <h3>{entry.name}</h3>
        <span className="tag">{isOwn ? 'bring your own' : 'demonstration'}</span>
        {entry.file && <span className="muted">{formatBytes(entry.file.bytes)}</span>}
      </header>
      <p>{entry.summary}</p>
      <details>
        <summary>Licence and requirements</summary>
        <p>{entry.license}</p>
        {entry.expects && <p>{entry.expects.requirements}</p>}
        <p>Context: {entry.contextTokens.toLocaleString('en')} tokens.</p>
      </details>
      <footer>
        {isOwn && !droppedFile && (
          <>
            <button type="button" className="button" onClick={() => picker.current?.click()}>
              <FileIcon size={18} />
              Open a GGUF file…
            </button>
            <input
              ref={picker}
              type="file"
              hidden
              accept=".gguf,application/octet-stream"
              aria-label={`GGUF file of ${entry.name}`}
              onChange={event => {
                const file = event.currentTarget.files?.[0];
                if (file) onChoose(file);
              }}
            />
          </>
        )}
        {isOwn && droppedFile && (
          <button type="button" className="button button-primary" onClick={() => onChoose()}>
            Open as {entry.name}
          </button>
        )}
        {!isOwn && (
          <button type="button" className="button" disabled={isCurrent} onClick={() => onChoose()}>
            {isCurrent ? 'In use' : 'Use this model'}
          </button>
        )}
      </footer>
    </article>
  );
}
