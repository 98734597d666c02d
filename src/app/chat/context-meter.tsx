import { useMemo } from 'react';
import { pathTo } from '../../client/index.ts';
import { formatCount } from '../format/quantities.ts';
import { useChat, useModel, useSettings } from '../state/app-context.tsx';
import { hasWritten, isSameModel } from '../state/model/model-identity.ts';
import { onDuty } from '../state/model/model-store.ts';
import { useNextAnswerer } from '../state/use-next-answerer.ts';

const explanation =
  'How much of the model’s limit this conversation fills. When it is full, the oldest turns are left out first; ' +
  'the question itself is never cut.';

/** Tokens used, as of the latest answer on the branch that is shown, of the limit of the model that will answer. */
export function ContextMeter() {
  const tree = useChat(state => state.tree);
  const { model } = useNextAnswerer();
  const wanted = useSettings(({ settings }) => settings.contextTokens);
  // Of a model that is not loaded, what it would be loaded for.
  const limit = useModel(state => {
    if (!model) return undefined;
    const isLoaded = state.info !== null && isSameModel(model, onDuty(state));
    return isLoaded ? state.info?.contextTokens : wanted || model.entry.contextTokens;
  });
  const counted = useMemo(() => pathTo(tree).findLast(({ usedTokens }) => usedTokens !== undefined), [tree]);
  const used = counted?.usedTokens;
  if (used === undefined || limit === undefined) return null;
  const share = Math.min(1, used / limit);
  // Counted by another model, which cuts text into other tokens.
  const about = model && counted && !hasWritten(model, counted) ? 'about ' : '';
  return (
    <div className="context-meter" title={explanation}>
      {/* biome-ignore lint/a11y/useSemanticElements: a meter element cannot hold the ring */}
      <div
        className="context-ring"
        role="meter"
        aria-label="Context used"
        aria-valuemin={0}
        aria-valuemax={limit}
        aria-valuenow={Math.min(used, limit)}
        aria-valuetext={`${about}${formatCount(used)} of ${formatCount(limit)} tokens. ${explanation}`}
        data-full={share > 0.85}
      >
        <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
          <circle cx="10" cy="10" r="7.5" className="ring-track" />
          <circle
            cx="10"
            cy="10"
            r="7.5"
            className="ring-value"
            pathLength={100}
            strokeDasharray={`${share * 100} 100`}
          />
        </svg>
      </div>
      <span className="context-figures" aria-hidden="true">
        {about}
        {formatCount(used)} / {formatCount(limit)}
      </span>
    </div>
  );
}
