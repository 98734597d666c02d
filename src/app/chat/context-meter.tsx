import { useMemo } from 'react';
import { pathTo } from '../../client/index.ts';
import { formatCount } from '../format/quantities.ts';
import { useChat, useModel } from '../state/app-context.tsx';

const explanation =
  'How much of the model’s limit this conversation fills. When it is full, the oldest turns are left out first; ' +
  'the question itself is never cut.';

/** Tokens used of the model's limit, as of the latest answer on the branch that is shown. */
export function ContextMeter() {
  const tree = useChat(state => state.tree);
  const limit = useModel(state => state.info?.contextTokens);
  const used = useMemo(() => {
    return pathTo(tree).findLast(message => message.usedTokens !== undefined)?.usedTokens;
  }, [tree]);
  if (used === undefined || limit === undefined) return null;
  const share = Math.min(1, used / limit);
  return (
    <div className="context-meter" title={explanation}>
      {/* biome-ignore lint/a11y/useSemanticElements: a meter element cannot hold the ring */}
      <div
        className="context-ring"
        role="meter"
        aria-label="Context used"
        aria-valuemin={0}
        aria-valuemax={limit}
        aria-valuenow={used}
        aria-valuetext={`${formatCount(used)} of ${formatCount(limit)} tokens. ${explanation}`}
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
        {formatCount(used)} / {formatCount(limit)}
      </span>
    </div>
  );
}
