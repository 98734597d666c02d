import { useRef } from 'react';
import { flushSync } from 'react-dom';
import { WarningIcon } from '../controls/icons.tsx';
import { useApp, useDraft } from '../state/app-context.tsx';
import { removeSource } from '../state/drafts/attach-sources.ts';
import { isReadySource } from '../state/drafts/draft-source.ts';
import { openDraftSource } from './open-draft-source.ts';
import { SourceCard } from './source-card.tsx';
import { useRoom } from './use-room.ts';

/** Above the question: what it will be asked about, how much of it there is, and whether the model can read that at once. */
export function SourcePanel() {
  const app = useApp();
  const sources = useDraft(state => state.sources);
  const room = useRoom();
  const ref = useRef<HTMLUListElement>(null);
  const longest = sources
    .filter(isReadySource)
    .filter(({ parts }) => parts.length > 1)
    .sort((a, b) => b.parts.length - a.parts.length)[0];
  return (
    <div className="source-panel">
      <ul className="sources" ref={ref} aria-label="Texts to ask about">
        {sources.map((source, place) => (
          <SourceCard
            key={source.key}
            attachment={source}
            onOpen={() => openDraftSource(app, source.key)}
            onRemove={() => {
              const neighbour = sources[place + 1] ?? sources[place - 1];
              flushSync(() => removeSource(app.drafts, source.key));
              const next =
                neighbour && ref.current?.querySelector(`[data-key="${neighbour.key}"] [data-control]`);
              (next as HTMLElement | null | undefined)?.focus();
              if (!next) document.querySelector<HTMLElement>('#question')?.focus();
            }}
          />
        ))}
      </ul>
      <div className="source-room" role="status" aria-label="Room for the texts">
        {room && (
          <p className={room.isTooLong ? 'image-notice' : 'muted'}>
            {room.isTooLong && <WarningIcon size={16} />}
            <span>{room.words}</span>
          </p>
        )}
      </div>
      {room?.isTooLong && longest && (
        <button type="button" className="button" onClick={() => openDraftSource(app, longest.key)}>
          Choose what the model is given
        </button>
      )}
    </div>
  );
}
