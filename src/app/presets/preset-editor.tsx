import { useId, useState } from 'react';
import { type Preset, presetLimits } from '../../client/index.ts';
import { Modal } from '../controls/modal.tsx';
import { NumberField } from '../controls/number-field.tsx';
import { SegmentedChoice } from '../controls/segmented-choice.tsx';
import { usePrivateText } from '../input/private-text.ts';
import { SamplingFields } from '../settings/sampling-fields.tsx';

interface PresetEditorProps {
  /** What is changed, or from which a new one is made. */
  preset: Preset;
  isNew: boolean;
  onSave: (preset: Preset) => void;
  onBack: () => void;
  onClose: () => void;
}

type Thinks = 'model' | 'yes' | 'no';
const thinksOf: Readonly<Record<Thinks, boolean | undefined>> = { model: undefined, yes: true, no: false };

export function PresetEditor({ preset, isNew, onSave, onBack, onClose }: PresetEditorProps) {
  const id = useId();
  const privateText = usePrivateText();
  const [edited, setEdited] = useState(preset);
  const [isRefused, setRefused] = useState(false);
  const { name, sampling, maxTokens, thoughtTokens, thinks, system } = edited;
  const change = (part: { [K in keyof Preset]?: Preset[K] | undefined }) => {
    setRefused(false);
    const kept = Object.entries({ ...edited, ...part }).filter(([, value]) => value !== undefined);
    setEdited(Object.fromEntries(kept) as unknown as Preset);
  };
  const save = () => {
    if (name.trim() === '') return setRefused(true);
    onSave({ ...edited, name: name.trim() });
  };
  return (
    <Modal
      title={isNew ? 'New preset' : 'Edit a preset'}
      className="modal-wide"
      onClose={onClose}
      footer={
        <>
          <button type="button" className="button" onClick={onBack}>
            Cancel
          </button>
          <button type="button" className="button button-primary" onClick={save}>
            Save
          </button>
        </>
      }
    >
      <p className="field-error" role="alert" hidden={!isRefused}>
        It needs a name.
      </p>
      <div className="task-field">
        <label htmlFor={`${id}-name`}>Name</label>
        <input
          id={`${id}-name`}
          data-focus-first
          type="text"
          dir="auto"
          maxLength={presetLimits.name}
          {...privateText}
          value={name}
          onChange={event => change({ name: event.currentTarget.value })}
        />
      </div>
      <SamplingFields
        chosen={sampling ?? null}
        onChange={chosen => change({ sampling: chosen ?? undefined })}
      />
      <NumberField
        label="Answer limit"
        unit="tokens"
        hint=""
        value={maxTokens}
        min={16}
        max={presetLimits.maxTokens}
        step={16}
        hasSlider
        onChange={next => change({ maxTokens: next })}
      />
      <NumberField
        label="Thinking limit"
        unit="tokens"
        hint=""
        value={thoughtTokens}
        min={64}
        max={presetLimits.thoughtTokens}
        step={64}
        hasSlider
        onChange={next => change({ thoughtTokens: next })}
      />
      <SegmentedChoice<Thinks>
        legend="Thinks before it answers"
        name={`${id}-thinks`}
        options={[
          { value: 'model', label: 'As chosen for the model' },
          { value: 'yes', label: 'Yes' },
          { value: 'no', label: 'No' },
        ]}
        value={thinks === undefined ? 'model' : thinks ? 'yes' : 'no'}
        hint="Of models that can think."
        onChange={next => change({ thinks: thinksOf[next] })}
      />
      <div className="task-field">
        <label htmlFor={`${id}-role`}>
          Role<span className="muted"> (optional)</span>
        </label>
        <textarea
          id={`${id}-role`}
          rows={4}
          dir="auto"
          maxLength={presetLimits.system}
          aria-describedby={`${id}-where`}
          {...privateText}
          value={system ?? ''}
          onChange={event => change({ system: event.currentTarget.value || undefined })}
        />
        <p className="muted" id={`${id}-where`}>
          Where the model’s template has a place for one. Small models may not follow it.
        </p>
      </div>
    </Modal>
  );
}
