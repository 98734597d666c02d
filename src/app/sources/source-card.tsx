import { useMemo } from 'react';
import { CloseIcon, FileIcon, WarningIcon } from '../controls/icons.tsx';
import { plural } from '../format/quantities.ts';
import { countWords, inRanges, partsInWords } from '../format/source-in-words.ts';
import { type SourceAttachment, sourceTextOf } from '../state/drafts/draft-source.ts';

interface SourceCardProps {
  attachment: SourceAttachment;
  onOpen: () => void;
  onRemove: () => void;
}

/** One text, folded: its name, how much of it the model is given, and what is wrong with it if it cannot be used. */
export function SourceCard({ attachment, onOpen, onRemove }: SourceCardProps) {
  const { key, name, status } = attachment;
  return (
    <li
      className="attachment source-card"
      data-key={key}
      data-status={status}
      aria-busy={status === 'reading'}
    >
      <span className="source-sign" aria-hidden="true">
        {status === 'failed' ? <WarningIcon /> : <FileIcon />}
      </span>
      <div className="attachment-text">
        <p className="attachment-name" dir="auto" title={name}>
          {name}
        </p>
        <SourceState attachment={attachment} />
      </div>
      <div className="attachment-controls">
        {status === 'ready' && (
          <button
            type="button"
            className="text-button"
            data-control="open"
            aria-label={`Open ${name}`}
            onClick={onOpen}
          >
            {attachment.parts.length > 1 ? 'Open or choose' : 'Open'}
          </button>
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

function SourceState({ attachment }: { attachment: SourceAttachment }) {
  const facts = useMemo(() => (attachment.status === 'ready' ? factsOf(attachment) : []), [attachment]);
  if (attachment.status === 'reading') return <p className="muted">Reading the text…</p>;
  if (attachment.status === 'failed') {
    const { code, reason, message, advice } = attachment.error;
    return (
      <p className="attachment-error" role="alert" data-code={code} data-reason={reason}>
        <strong>{message}</strong> {advice}
      </p>
    );
  }
  return facts.map(fact => (
    <p key={fact} className="muted">
      {fact}
    </p>
  ));
}

function factsOf({ source, parts }: Extract<SourceAttachment, { status: 'ready' }>): string[] {
  const given = sourceTextOf({ source, parts });
  const { emptyPages = [], guessedEncoding } = source;
  const size = [partsInWords(given), plural(countWords(given), 'word')].filter(Boolean).join(', ');
  return [
    size,
    ...(emptyPages.length > 0
      ? [
          `No text on ${emptyPages.length === 1 ? 'page' : 'pages'} ${inRanges(emptyPages)}: pictures, perhaps.`,
        ]
      : []),
    ...(guessedEncoding ? [`Read as ${guessedEncoding}: look whether its letters are right.`] : []),
  ];
}
