import { memoryNames } from '../format/memory-names.ts';
import { formatCount } from '../format/quantities.ts';
import { useApp, useModel, useSettings } from '../state/app-context.tsx';

/** Offers to load the model again where it was loaded with another memory for the conversation than is now set. */
export function ReloadChoice() {
  const { chatController, modelController } = useApp();
  const info = useModel(state => state.info);
  const suggested = useModel(state => state.entry?.contextTokens);
  const precision = useSettings(state => state.settings.precision);
  const wanted = useSettings(state => state.settings.contextTokens) || suggested;
  if (!info || wanted === undefined) return null;
  const changes = [
    info.precision !== precision && memoryNames[precision],
    info.plan.wantedContextTokens !== wanted && `up to ${formatCount(wanted)} tokens`,
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
