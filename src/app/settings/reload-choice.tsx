import { memoryNames } from '../format/memory-names.ts';
import { formatCount } from '../format/quantities.ts';
import { useApp, useModel, useSettings } from '../state/app-context.tsx';

/** Offers to load the model again where it was loaded with another memory for the conversation than is now set. */
export function ReloadChoice() {
  const { chatController, modelController } = useApp();
  const info = useModel(state => state.info);
  const loaded = useModel(state => state.loadedWith);
  const suggested = useModel(state => state.entry?.contextTokens);
  const precision = useSettings(state => state.settings.precision);
  const wanted = useSettings(state => state.settings.contextTokens) || suggested;
  if (!info || !loaded || wanted === undefined) return null;
  // Asked for more than its own limit, a model takes its limit: what differs beyond that is no difference.
  const isAtLimit = loaded.contextTokens > info.plan.wantedContextTokens;
  const limit = isAtLimit ? info.plan.wantedContextTokens : Number.POSITIVE_INFINITY;
  const contextTokens = Math.min(wanted, limit);
  const changes = [
    loaded.precision !== precision && memoryNames[precision],
    contextTokens !== Math.min(loaded.contextTokens, limit) && `up to ${formatCount(contextTokens)} tokens`,
  ].filter(change => change !== false);
  if (changes.length === 0) return null;
  return (
    <button
      type="button"
      className="button"
      onClick={() => {
        chatController.stop();
        void modelController.reload();
      }}
    >
      Load the model again with: {changes.join(', ')}
    </button>
  );
}
