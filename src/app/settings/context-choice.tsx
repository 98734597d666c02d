import { useId } from 'react';
import { formatCount } from '../format/quantities.ts';

const choices = [1024, 2048, 4096, 8192, 16384, 32768];

interface ContextChoiceProps {
  /** In tokens; 0 is what the list of models says. */
  value: number;
  /** What holds the loaded model to less, in words. */
  border: string | null;
  onChange: (contextTokens: number) => void;
}

/** How long a conversation may become: most of what a model takes beside its weights. */
export function ContextChoice({ value, border, onChange }: ContextChoiceProps) {
  const id = useId();
  // A model that found no room may have been given a length between these.
  const offered =
    value === 0 || choices.includes(value) ? choices : [...choices, value].sort((a, b) => a - b);
  return (
    <div className="select-field">
      <label htmlFor={id}>Longest conversation</label>
      <select
        id={id}
        value={value}
        aria-describedby={`${id}-hint`}
        onChange={event => onChange(Number(event.currentTarget.value))}
      >
        <option value={0}>As each model suggests</option>
        {offered.map(tokens => (
          <option key={tokens} value={tokens}>
            {formatCount(tokens)} tokens
          </option>
        ))}
      </select>
      <p className="muted" id={`${id}-hint`}>
        A model’s own limit if that is smaller. Longer takes more memory: the table of each model says how
        much. Applies when a model is loaded.{border && ` The loaded model: ${border}`}
      </p>
    </div>
  );
}
