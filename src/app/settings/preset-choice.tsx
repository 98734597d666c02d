import { useId } from 'react';
import { presetInWords } from '../format/preset-in-words.ts';
import { useApp, useChat, useSettings } from '../state/app-context.tsx';
import { builtInPresets } from '../state/settings/built-in-presets.ts';

/** The preset of the conversation that is shown. */
export function PresetChoice() {
  const { chatController, ui } = useApp();
  const id = useId();
  const own = useSettings(state => state.settings.ownPresets);
  const chosen = useChat(({ tree }) => tree.conversation.preset);
  const all = [...builtInPresets, ...own];
  // It may have been changed or deleted since: the conversation keeps it as it was.
  const isListed = chosen === undefined || all.some(each => each.id === chosen.id);
  return (
    <div className="task-field">
      <label htmlFor={id}>Preset of this conversation</label>
      <div className="preset-choice select-field">
        <select
          id={id}
          value={chosen?.id ?? ''}
          onChange={event => {
            const wanted = event.currentTarget.value;
            void chatController.choosePreset(all.find(each => each.id === wanted) ?? null);
          }}
        >
          <option value="">None</option>
          {!isListed && <option value={chosen.id}>{chosen.name}</option>}
          {all.map(preset => (
            <option key={preset.id} value={preset.id}>
              {preset.name}
            </option>
          ))}
        </select>
        <button
          type="button"
          className="button"
          onClick={() => ui.getState().openDialog({ kind: 'presets' })}
        >
          Presets…
        </button>
      </div>
      {chosen && <p className="muted">{presetInWords(chosen)}</p>}
    </div>
  );
}
