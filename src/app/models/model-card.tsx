import { bytesOfEntry, type CatalogueEntry } from '../../client/index.ts';
import { formatBytes, formatCount } from '../format/quantities.ts';
import { CardDetails } from './describing/card-details.tsx';
import { FetchPublishedFile } from './fetch-published-file.tsx';
import { MemoryPreview } from './memory-preview.tsx';
import { OwnFilePicker } from './own-file-picker.tsx';
import { TermsGate } from './terms-gate.tsx';

interface ModelCardProps {
  entry: CatalogueEntry;
  isCurrent: boolean;
  /** Of a model that comes with the site. */
  onUse: () => void;
  /** Of one whose publisher gives out a checkpoint: the way to have it converted here. */
  onConvert: () => void;
}

export function ModelCard({ entry, isCurrent, onUse, onConvert }: ModelCardProps) {
  const isOwn = entry.kind === 'bring-your-own';
  return (
    <article className="model-card" aria-label={entry.name} data-current={isCurrent}>
      <header>
        <h3>{entry.name}</h3>
        <span className="tag">{isOwn ? 'bring your own' : 'demonstration'}</span>
        {entry.vision && <span className="tag tag-plain">sees images</span>}
        <span className="muted">
          {isOwn && !entry.publisher?.file && 'about '}
          {formatBytes(bytesOfEntry(entry))}
        </span>
      </header>
      <p>{entry.summary}</p>
      {entry.card && <CardDetails url={entry.card} />}
      <details>
        <summary>Licence and requirements</summary>
        <p>{entry.license}</p>
        {entry.expects && <p>{entry.expects.requirements}</p>}
        <p>Context: {formatCount(entry.contextTokens)} tokens.</p>
      </details>
      {!isOwn && <MemoryPreview entry={entry} />}
      <footer>
        {isOwn ? (
          <TermsGate subject={entry}>
            <OwnFilePicker entry={entry} />
            <FetchPublishedFile entry={entry} />
            {entry.publisher?.checkpoint && (
              <button type="button" className="text-button" onClick={onConvert}>
                Make it from the published checkpoint…
              </button>
            )}
          </TermsGate>
        ) : (
          <button type="button" className="button" disabled={isCurrent} onClick={onUse}>
            {isCurrent ? 'In use' : 'Use this model'}
          </button>
        )}
      </footer>
    </article>
  );
}
