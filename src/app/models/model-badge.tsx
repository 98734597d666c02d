import { formatSpeed } from '../format/quantities.ts';
import { ChevronIcon } from '../shell/icons.tsx';
import { useApp, useModel } from '../state/app-context.tsx';

/** Which model answers, in the header; opens the model panel. */
export function ModelBadge() {
  const { ui } = useApp();
  const phase = useModel(state => state.phase);
  const entry = useModel(state => state.entry);
  const speed = useModel(state => state.tokensPerSecond);
  const name = entry?.name ?? 'No model';
  const words = { empty: 'none loaded', loading: 'loading', ready: 'ready', failed: 'not loaded' }[phase];
  return (
    <button
      type="button"
      className="model-badge"
      data-phase={phase}
      aria-label={`Model: ${name}, ${words}. Choose a model`}
      onClick={() => ui.getState().openDialog({ kind: 'models' })}
    >
      <span className="model-light" aria-hidden="true" />
      <span className="model-name">{name}</span>
      {entry?.kind === 'demonstration' && <span className="tag">demonstration</span>}
      {speed !== null && phase === 'ready' && <span className="model-speed">{formatSpeed(speed)}</span>}
      <ChevronIcon size={16} />
    </button>
  );
}
