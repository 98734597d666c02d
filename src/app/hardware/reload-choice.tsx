import type { Settings } from '../../client/index.ts';
import { memoryNames } from '../format/memory-names.ts';
import { formatCount } from '../format/quantities.ts';
import { useApp, useModel, useSettings } from '../state/app-context.tsx';
import type { LoadSettings, ModelState } from '../state/model/model-store.ts';
import { choicesInWords, roundingNames } from './choice-names.ts';

/** Offers to load the model again where it was loaded with other settings than those that are now set. */
export function ReloadChoice() {
  const { chatController, modelController } = useApp();
  const info = useModel(state => state.info);
  const loaded = useModel(state => state.loadedWith);
  const suggested = useModel(state => state.entry?.contextTokens);
  const settings = useSettings(state => state.settings);
  const contextTokens = settings.contextTokens || suggested;
  if (!info || !loaded || contextTokens === undefined) return null;
  const changes = changesInWords(loaded, { ...settings, contextTokens }, info);
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

function changesInWords(
  loaded: LoadSettings,
  set: Pick<Settings, keyof LoadSettings>,
  { plan, device }: NonNullable<ModelState['info']>,
): string[] {
  // Asked for more than its own limit, a model takes its limit: what differs beyond that is no difference.
  const isAtLimit = loaded.contextTokens > plan.wantedContextTokens;
  const limit = isAtLimit ? plan.wantedContextTokens : Number.POSITIVE_INFINITY;
  const contextTokens = Math.min(set.contextTokens, limit);
  const isRounding = set.device === 'processor' || (set.device === 'auto' && device.kind === 'processor');
  return [
    loaded.device !== set.device && choicesInWords[set.device],
    isRounding && loaded.activationBits !== set.activationBits && roundingNames[set.activationBits],
    loaded.precision !== set.precision && memoryNames[set.precision],
    contextTokens !== Math.min(loaded.contextTokens, limit) && `up to ${formatCount(contextTokens)} tokens`,
  ].filter(change => change !== false);
}
