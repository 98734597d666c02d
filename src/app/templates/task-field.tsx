import { useId } from 'react';
import type { TaskField } from '../../client/index.ts';
import { usePrivateText } from '../input/private-text.ts';

interface TaskFieldInputProps {
  field: TaskField;
  value: string;
  /** It has to be filled in, and that was said. */
  isMissed: boolean;
  /** When its dialog opens. */
  takesFocus: boolean;
  onChange: (value: string) => void;
}

/** One field of a template. */
export function TaskFieldInput({ field, value, isMissed, takesFocus, onChange }: TaskFieldInputProps) {
  const id = useId();
  const privateText = usePrivateText();
  const { label, kind, options = [], isRequired, hint } = field;
  const words = isMissed ? `This is needed. ${hint ?? ''}`.trim() : hint;
  const shared = {
    id,
    value,
    'data-focus-first': takesFocus || undefined,
    'aria-invalid': isMissed,
    'aria-describedby': words === undefined ? undefined : `${id}-hint`,
    onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
  };
  return (
    <div className="task-field">
      <label htmlFor={id}>
        {label}
        {!isRequired && <span className="muted"> (optional)</span>}
      </label>
      {kind === 'choice' ? (
        <select {...shared}>
          {options.map(option => (
            <option key={option}>{option}</option>
          ))}
        </select>
      ) : kind === 'text' ? (
        <textarea {...shared} {...privateText} aria-required={isRequired} rows={3} dir="auto" />
      ) : (
        <input {...shared} {...privateText} type="text" aria-required={isRequired} dir="auto" />
      )}
      {words !== undefined && (
        <p className={isMissed ? 'field-error' : 'muted'} id={`${id}-hint`}>
          {words}
        </p>
      )}
    </div>
  );
}
