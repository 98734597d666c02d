import { lazy, Suspense } from 'react';
import { CloseIcon, NextIcon, PreviousIcon, WarningIcon } from '../controls/icons.tsx';
import { formatCount } from '../format/quantities.ts';
import { viewsInWords } from '../format/vision.ts';
import { type Attachment, questionImage } from '../state/drafts/attachment.ts';
import { drawnMarks } from '../state/images/drawn-shapes.ts';
import { Thumbnail } from './thumbnail.tsx';

const PlaceInText = lazy(() =>
  import('./place-in-text.tsx').then(
    ({ PlaceInText }) => ({ default: PlaceInText }),
    () => ({ default: () => <></> }),
  ),
);

export type CardControl = 'left' | 'right' | 'remove';

interface AttachmentCardProps {
  attachment: Attachment;
  place: number;
  count: number;
  /** The model that answers takes images among the words of the question. */
  isPlaceable: boolean;
  onMove: (step: 1 | -1) => void;
  onRemove: () => void;
}

/** One attached image: its picture, how it will be cut, and what is wrong with it if it cannot be used. */
export function AttachmentCard({
  attachment,
  place,
  count,
  isPlaceable,
  onMove,
  onRemove,
}: AttachmentCardProps) {
  const { name, status } = attachment;
  return (
    <li
      className="attachment"
      data-key={attachment.key}
      data-status={status}
      aria-busy={status === 'reading'}
    >
      <AttachmentPicture attachment={attachment} />
      <div className="attachment-text">
        <p className="attachment-name" dir="auto" title={name}>
          {name}
        </p>
        {isPlaceable && status === 'ready' && (
          <Suspense fallback={null}>
            <PlaceInText place={place} />
          </Suspense>
        )}
        <AttachmentState attachment={attachment} />
      </div>
      <div className="attachment-controls">
        {count > 1 && (
          <>
            <button
              type="button"
              className="icon-button"
              data-control="left"
              aria-label={`Move ${name} to the left`}
              disabled={place === 0}
              onClick={() => onMove(-1)}
            >
              <PreviousIcon size={16} />
            </button>
            <button
              type="button"
              className="icon-button"
              data-control="right"
              aria-label={`Move ${name} to the right`}
              disabled={place === count - 1}
              onClick={() => onMove(1)}
            >
              <NextIcon size={16} />
            </button>
          </>
        )}
        <button
          type="button"
          className="icon-button"
          data-control="remove"
          aria-label={`Remove ${name}`}
          title="Remove"
          onClick={onRemove}
        >
          <CloseIcon size={16} />
        </button>
      </div>
    </li>
  );
}

function AttachmentPicture({ attachment }: { attachment: Attachment }) {
  if (attachment.status === 'ready') {
    const { regions: _, ...image } = questionImage(attachment);
    const shapes = drawnMarks(questionImage(attachment));
    return <Thumbnail image={{ blob: attachment.blob, ...image, shapes }} />;
  }
  const hasFailed = attachment.status === 'failed';
  return (
    <span className={hasFailed ? 'thumbnail thumbnail-failed' : 'thumbnail'} aria-hidden="true">
      {hasFailed ? <WarningIcon /> : <span className="thumbnail-busy" />}
    </span>
  );
}

function AttachmentState({ attachment }: { attachment: Attachment }) {
  switch (attachment.status) {
    case 'reading':
      return <p className="muted">Reading the image…</p>;
    case 'failed': {
      const { code, reason, message, advice } = attachment.error;
      return (
        <p className="attachment-error" role="alert" data-code={code} data-reason={reason}>
          <strong>{message}</strong> {advice}
        </p>
      );
    }
    case 'ready': {
      const { views, report } = attachment;
      const { isAnimated, width, height, stretchedBits } = report;
      return (
        <>
          <p className="muted">
            {views ? viewsInWords(views) : `${formatCount(width)} × ${formatCount(height)} pixels`}
            {isAnimated && ' · first picture only'}
          </p>
          {stretchedBits && (
            <p className="muted" data-stretched={stretchedBits}>
              <strong>Brightened:</strong> the file holds {stretchedBits}-bit values in 16 bits, which would
              look black. The model sees what you see.
            </p>
          )}
        </>
      );
    }
  }
}
