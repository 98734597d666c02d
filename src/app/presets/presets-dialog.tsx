import { useState } from 'react';
import { newId, type Preset, presetLimits, toErrorData } from '../../client/index.ts';
import { FilePickerButton } from '../controls/file-picker-button.tsx';
import { Modal } from '../controls/modal.tsx';
import { presetInWords } from '../format/preset-in-words.ts';
import { useApp, useChat, useSettings } from '../state/app-context.tsx';
import { builtInPresets, isBuiltIn } from '../state/settings/built-in-presets.ts';
import { PresetEditor } from './preset-editor.tsx';
import { readPresetFile, withPresets, writePresetFile } from './preset-file.ts';

/** Presets: chosen for the conversation that is shown, made, changed, deleted, and as a file. */
export function PresetsDialog({ onClose }: { onClose: () => void }) {
  const { chatController, saveFile, settings, settingsController, ui } = useApp();
  const own = useSettings(state => state.settings.ownPresets);
  const chosenId = useChat(({ tree }) => tree.conversation.preset?.id);
  const [edited, setEdited] = useState<Preset | null>(null);
  const { showToast } = ui.getState();
  const store = (ownPresets: readonly Preset[]) => void settingsController.update({ ownPresets });
  const isFull = own.length >= presetLimits.presets;

  if (edited) {
    const isNew = !own.some(({ id }) => id === edited.id);
    return (
      <PresetEditor
        preset={edited}
        isNew={isNew}
        onBack={() => setEdited(null)}
        onClose={onClose}
        onSave={saved => {
          store(isNew ? [...own, saved] : own.map(each => (each.id === saved.id ? saved : each)));
          setEdited(null);
        }}
      />
    );
  }

  const copy = (preset: Preset) => setEdited({ ...preset, id: newId(), name: `${preset.name}, changed` });
  const remove = (preset: Preset) => {
    const place = own.indexOf(preset);
    store(own.filter(each => each !== preset));
    showToast(`“${preset.name}” was deleted. Conversations that have it keep it.`, {
      label: 'Undo',
      run: () => store(settings.getState().settings.ownPresets.toSpliced(place, 0, preset)),
    });
  };
  const takeIn = async (file: File) => {
    try {
      const all = withPresets(own, await readPresetFile(file), builtInPresets);
      store(all);
      showToast(`${all.length - own.length} presets were added.`);
    } catch (thrown) {
      const { message, advice } = toErrorData(thrown);
      showToast(`${message} ${advice}`);
    }
  };

  return (
    <Modal
      title="Presets"
      className="modal-wide"
      onClose={onClose}
      footer={
        <>
          <FilePickerButton
            label="A file of presets"
            accept="application/json,.json"
            onPick={([file]) => void (file && takeIn(file))}
          >
            Import…
          </FilePickerButton>
          <button
            type="button"
            className="button"
            disabled={own.length === 0}
            onClick={() => saveFile(writePresetFile(own), 'bedside-presets.json')}
          >
            Export your own…
          </button>
        </>
      }
    >
      <p className="muted">
        How answers are written, under a name. Chosen for the conversation that is shown.
      </p>
      <ul className="presets">
        {[...builtInPresets, ...own].map(preset => (
          <li key={preset.id}>
            <div>
              <strong dir="auto">{preset.name}</strong>
              <p className="muted">{presetInWords(preset)}</p>
            </div>
            <div className="preset-actions">
              <button
                type="button"
                className="button"
                aria-pressed={preset.id === chosenId}
                aria-label={`Use “${preset.name}”`}
                onClick={() => void chatController.choosePreset(preset.id === chosenId ? null : preset)}
              >
                {preset.id === chosenId ? 'In use' : 'Use'}
              </button>
              {isBuiltIn(preset) ? (
                <button
                  type="button"
                  className="button"
                  disabled={isFull}
                  aria-label={`Copy “${preset.name}”`}
                  onClick={() => copy(preset)}
                >
                  Copy…
                </button>
              ) : (
                <>
                  <button
                    type="button"
                    className="button"
                    aria-label={`Edit “${preset.name}”`}
                    onClick={() => setEdited(preset)}
                  >
                    Edit…
                  </button>
                  <button
                    type="button"
                    className="button"
                    aria-label={`Delete “${preset.name}”`}
                    onClick={() => remove(preset)}
                  >
                    Delete
                  </button>
                </>
              )}
            </div>
          </li>
        ))}
      </ul>
    </Modal>
  );
}
