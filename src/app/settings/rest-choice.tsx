import { useId } from 'react';

const choices: readonly [minutes: number, label: string][] = [
  [5, 'After 5 minutes'],
  [15, 'After 15 minutes'],
  [60, 'After an hour'],
  [0, 'Never'],
];

interface RestChoiceProps {
  minutes: number;
  onChange: (minutes: number) => void;
}

/** When a page that nobody looks at gives the model's memory back. */
export function RestChoice({ minutes, onChange }: RestChoiceProps) {
  const id = useId();
  return (
    <div className="select-field">
      <label htmlFor={id}>Free the model’s memory while this page is hidden</label>
      <select
        id={id}
        value={minutes}
        aria-describedby={`${id}-hint`}
        onChange={event => onChange(Number(event.currentTarget.value))}
      >
        {choices.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      <p className="muted" id={`${id}-hint`}>
        Other programs can use it then. The model loads again by itself when you ask.
      </p>
    </div>
  );
}
