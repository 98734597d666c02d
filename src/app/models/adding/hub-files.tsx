import { useId, useState } from 'react';
import type { CatalogueEntry, HubRepository } from '../../../client/index.ts';
import { choiceLabel, type HubChoice } from './hub-choices.ts';

interface HubFilesProps {
  kind: CatalogueEntry;
  repository: HubRepository;
  choices: readonly HubChoice[];
  onFetch: (text: HubChoice, vision: HubChoice | null) => void;
}

/** The model files of a repository, to choose from. */
export function HubFiles({ kind, repository, choices, onFetch }: HubFilesProps) {
  const texts = choices.filter(({ half }) => half === 'text');
  const visions = kind.vision ? choices.filter(({ half }) => half === 'vision') : [];
  const [textName, setTextName] = useState(texts[0]?.name ?? '');
  const [visionName, setVisionName] = useState(visions[0]?.name ?? '');
  const text = texts.find(({ name }) => name === textName);
  const vision = visions.find(({ name }) => name === visionName) ?? null;
  const lacking = kind.vision && visions.length === 0;
  if (texts.length === 0 || lacking) {
    return (
      <p className="field-error" role="alert">
        {texts.length === 0
          ? `${repository.id} holds no GGUF file of a language model. Where it holds the publisher’s checkpoint (.safetensors), enter its address above, under “From the publisher’s checkpoint”.`
          : `${kind.name} comes in two files, and ${repository.id} holds no image half (mmproj).`}
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
        label={kind.vision ? 'Text half' : 'File'}
        choices={texts}
        value={textName}
        onChange={setTextName}
      />
      {kind.vision && (
        <Choice label="Image half (mmproj)" choices={visions} value={visionName} onChange={setVisionName} />
      )}
      <button type="button" className="button" onClick={() => text && onFetch(text, vision)}>
        Fetch what is chosen
      </button>
    </>
  );
}

interface ChoiceProps {
  label: string;
  choices: readonly HubChoice[];
  value: string;
  onChange: (name: string) => void;
}

function Choice({ label, choices, value, onChange }: ChoiceProps) {
  const id = useId();
  return (
    <div className="select-field">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={event => onChange(event.currentTarget.value)}>
        {choices.map(choice => (
          <option key={choice.name} value={choice.name}>
            {choiceLabel(choice)}
          </option>
        ))}
      </select>
    </div>
  );
}
