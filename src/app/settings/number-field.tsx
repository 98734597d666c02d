import { useId, useState } from 'react';

interface NumberFieldProps {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  unit?: string;
  hint?: string;
  onChange: (value: number) => void;
}

/** A number in a range. What is typed takes effect when it is a number in range; otherwise the field says so. */
export function NumberField({ label, value, min, max, step, unit, hint, onChange }: NumberFieldProps) {
  const id = useId();
  // What is being typed, while it is not (yet) a value.
  const [draft, setDraft] = useState<string | null>(null);
  return (
    <div className="number-field">
      <label htmlFor={id}>{label}</label>
      <div className="number-input">
        <input
          id={id}
          type="number"
          inputMode="decimal"
          min={min}
          max={max}
          step={step}
          value={draft ?? value}
          aria-invalid={draft !== null}
          aria-describedby={`${id}-hint`}
          onChange={event => {
            const typed = event.currentTarget.value;
            const number = Number(typed);
            const isWhole = !Number.isInteger(step) || Number.isInteger(number);
            if (typed.trim() !== '' && number >= min && number <= max && isWhole) {
              setDraft(null);
              onChange(number);
            } else setDraft(typed);
          }}
          onBlur={() => setDraft(null)}
        />
        {unit && <span className="muted">{unit}</span>}
      </div>
      <p className="muted" id={`${id}-hint`}>
        {draft === null ? hint : `A number from ${min} to ${max}.`}
      </p>
    </div>
  );
}
