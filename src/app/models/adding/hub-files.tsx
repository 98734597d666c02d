import { useId, useState } from 'react';
import type { HubRepository } from '../../../client/index.ts';
import { choiceLabel, type HubChoice } from './hub-choices.ts';

interface HubFilesProps {
  repository: HubRepository;
  choices: readonly HubChoice[];
  onChoose: (text: HubChoice, vision: HubChoice | null) => void;
}

/** The model files of a repository, to choose from. */
export function HubFiles({ repository, choices, onChoose }: HubFilesProps) {
  const texts = choices.filter(({ half }) => half === 'text');
  const visions = choices.filter(({ half }) => half === 'vision');
  const [textName, setTextName] = useState(texts[0]?.name ?? '');
  const [visionName, setVisionName] = useState(visions[0]?.name ?? '');
  const text = texts.find(({ name }) => name === textName);
  const vision = visions.find(({ name }) => name === visionName) ?? null;
  if (texts.length === 0) {
    return (
      <p className="field-error" role="alert">
        {repository.id} holds no GGUF file of a language model. Where it holds the publisher’s checkpoint
        (.safetensors), enter its address under “From a publisher’s checkpoint”.
      </p>
    );
  }
  return (
    <>
      <p className="muted" role="status">
        {repository.id} holds {texts.length === 1 ? 'one model file' : `${texts.length} model files`}. What is
        fetched is compared with the SHA-256 that the server lists for it.
      </p>
      <Choice
        label={visions.length > 0 ? 'Language half' : 'File'}
        choices={texts}
        value={textName}
        onChange={setTextName}
      />
      {visions.length > 0 && (
        <Choice
          label="Image half (mmproj)"
          none="None: for text alone"
          choices={visions}
          value={visionName}
          onChange={setVisionName}
        />
      )}
      <button type="button" className="button" onClick={() => text && onChoose(text, vision)}>
        Look what it is
      </button>
    </>
  );
}

interface ChoiceProps {
  label: string;
  /** What it is called to choose none; absent where one has to be chosen. */
  none?: string;
  choices: readonly HubChoice[];
  value: string;
  onChange: (name: string) => void;
}

function Choice({ label, none, choices, value, onChange }: ChoiceProps) {
  const id = useId();
  return (
    <div className="select-field">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={event => onChange(event.currentTarget.value)}>
        {none && <option value="">{none}</option>}
        {choices.map(choice => (
          <option key={choice.name} value={choice.name}>
            {choiceLabel(choice)}
          </option>
        ))}
      </select>
    </div>
  );
}
