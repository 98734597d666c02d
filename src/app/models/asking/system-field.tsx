import { useId } from 'react';
import { usePrivateText } from '../../input/private-text.ts';

interface SystemFieldProps {
  /** What becomes of it, in a sentence. */
  place: string;
  /** What is said where the reader says nothing; empty where nothing is. */
  byItself: string;
  /** The reader's own; undefined where it is left to the template. */
  value: string | undefined;
  onChange: (system: string | undefined) => void;
}

/** The message that stands before a conversation, as the model has it by itself or as the reader wants it. */
export function SystemField({ place, byItself, value, onChange }: SystemFieldProps) {
  const id = useId();
  const privateText = usePrivateText();
  return (
    <div className="system-field">
      <label htmlFor={id}>System message</label>
      <textarea
        id={id}
        {...privateText}
        dir="auto"
        rows={4}
        aria-describedby={`${id}-hint`}
        value={value ?? byItself}
        onChange={event => {
          const { value: text } = event.currentTarget;
          onChange(text === byItself ? undefined : text);
        }}
      />
      <p className="muted" id={`${id}-hint`}>
        {place} {sourceInWords(byItself, value)}
      </p>
      {value !== undefined && (
        <button type="button" className="text-button" onClick={() => onChange(undefined)}>
          {byItself ? 'Put back the model’s own' : 'Leave it out'}
        </button>
      )}
    </div>
  );
}

function sourceInWords(byItself: string, value: string | undefined): string {
  if (value === undefined) return byItself ? 'This is the model’s own.' : 'It has none by itself.';
  return value === '' ? 'None is given.' : 'This is yours, and is kept with the model’s file.';
}
