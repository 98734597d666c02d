import { useMemo } from 'react';
import type { SourceText } from '../../client/index.ts';
import { formatCount, plural } from '../format/quantities.ts';
import { partName } from '../format/source-in-words.ts';
import { useApp, useDraft } from '../state/app-context.tsx';
import { chooseParts } from '../state/drafts/attach-sources.ts';
import { isReadySource } from '../state/drafts/draft-source.ts';
import { partsThatFit, tokensOfParts } from './parts-that-fit.ts';
import { useRoom } from './use-room.ts';

interface PartChoiceProps {
  source: SourceText;
  draftKey: string;
}

/** Which pages or passages of a text the model is given. */
export function PartChoice({ source, draftKey }: PartChoiceProps) {
  const { drafts } = useApp();
  const attachment = useDraft(state => state.sources.find(({ key }) => key === draftKey));
  const room = useRoom();
  const all = useMemo(() => source.parts.map(({ number }) => number), [source]);
  if (!attachment || !isReadySource(attachment)) return null;
  const chosen = attachment.source.chosen ?? all;
  const choose = (numbers: readonly number[]) =>
    chooseParts(drafts, draftKey, numbers.length === all.length ? null : numbers);
  const name = partName(source.kind);
  const tokens = room?.measure ? tokensOfParts(source.parts, chosen, room.measure) : null;
  return (
    <details className="part-choice">
      <summary>
        The model is given {formatCount(chosen.length)} of {plural(all.length, name)}
      </summary>
      <p className={room?.isTooLong ? 'image-notice' : 'muted'} role="status">
        {room?.words}
      </p>
      <p className="part-buttons">
        <button type="button" className="button" onClick={() => choose(all)}>
          All
        </button>
        <button type="button" className="button" onClick={() => choose([])}>
          None
        </button>
        {tokens && room?.measure && (
          <button
            type="button"
            className="button"
            onClick={() => choose(partsThatFit(source.parts, chosen, room.measure!))}
          >
            The first that fit
          </button>
        )}
      </p>
      <ul>
        {source.parts.map(({ number, text }, at) => (
          <li key={number}>
            <label>
              <input
                type="checkbox"
                checked={chosen.includes(number)}
                onChange={event => {
                  const isChosen = event.currentTarget.checked;
                  choose(all.filter(each => (each === number ? isChosen : chosen.includes(each))));
                }}
              />
              <span>
                {name === 'page' ? 'Page' : 'Passage'} {number}
                {tokens && <span className="muted"> about {formatCount(tokens[at]!)} tokens</span>}
                <span className="part-begin" dir="auto">
                  {text.replace(/\s+/g, ' ').trim().slice(0, 90)}
                </span>
              </span>
            </label>
          </li>
        ))}
      </ul>
    </details>
  );
}
