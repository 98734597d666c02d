import { bytesOfEntry, type CatalogueEntry } from '../../client/index.ts';
import { formatBytes, formatCount } from '../format/quantities.ts';
import type { ModelFiles } from '../state/model/model-choice.ts';
import type { PickedFile } from '../state/model/picked-model.ts';
import { CardDetails } from './card-details.tsx';
import { FetchPublishedFile } from './fetch-published-file.tsx';
import { MemoryPreview } from './memory-preview.tsx';
import { OwnFilePicker } from './own-file-picker.tsx';

interface ModelCardProps {
  entry: CatalogueEntry;
  isCurrent: boolean;
  dropped: ModelFiles | null;
  /** With what the reader picked or dropped, for a model that the site does not bring. */
  onChoose: (file?: PickedFile, visionFile?: PickedFile) => void;
  /** Of a model that the site does not bring: the ways to have it on this device for good. */
  onKeep: () => void;
}

export function ModelCard({ entry, isCurrent, dropped, onChoose, onKeep }: ModelCardProps) {
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
      <MemoryPreview entry={entry} dropped={dropped} onChoose={onChoose} />
      <footer>
        {isOwn ? (
          <>
            <OwnFilePicker entry={entry} dropped={dropped} onChoose={onChoose} />
            {!dropped && <FetchPublishedFile entry={entry} />}
            {!dropped && (
              <button type="button" className="text-button" onClick={onKeep}>
                {entry.publisher?.file ? 'Other ways to keep it…' : 'Fetch it, or keep it on this device…'}
              </button>
            )}
          </>
        ) : (
          <button type="button" className="button" disabled={isCurrent} onClick={() => onChoose()}>
            {isCurrent ? 'In use' : 'Use this model'}
          </button>
        )}
      </footer>
    </article>
  );
}
