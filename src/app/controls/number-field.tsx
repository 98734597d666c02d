import { useEffect, useId, useState } from 'react';
import { handleKey } from '../input/input-method.ts';

interface NumberFieldProps {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  unit?: string;
  hint?: string;
  /** Where the whole range is of use. */
  hasSlider?: boolean;
  onChange: (value: number) => void;
}

/**
 * A number in a range. What is typed takes effect when it is one. Until then it stays as it was typed, and the field says
 * why it is not taken, what the range is, and which value holds meanwhile.
 */
export function NumberField({
  label,
  value,
  min,
  max,
  step,
  unit,
  hint,
  hasSlider,
  onChange,
}: NumberFieldProps) {
  const id = useId();
  const [refused, setRefused] = useState<{ typed: string; why: string } | null>(null);
  // Set from elsewhere ("Reset to defaults"): what was typed before is no longer meant.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the value alone decides
  useEffect(() => setRefused(null), [value]);

  const whyNot = (typed: string, isNoNumber: boolean): string | null => {
    const number = Number(typed);
    if (isNoNumber || Number.isNaN(number)) return 'This is not a number.';
    if (typed.trim() === '') return 'A number is missing.';
    if (number < min) return `${typed} is too small.`;
    if (number > max) return `${typed} is too large.`;
    return Number.isInteger(step) && !Number.isInteger(number) ? `${typed} is not a whole number.` : null;
  };

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
          value={refused?.typed ?? value}
          aria-invalid={refused !== null}
          aria-describedby={`${id}-hint`}
          onChange={event => {
            const { value: typed, validity } = event.currentTarget;
            const why = whyNot(typed, validity.badInput);
            setRefused(why === null ? null : { typed, why });
            if (why === null) onChange(Number(typed));
          }}
          onKeyDown={handleKey(event => {
            if (event.key !== 'Escape' || !refused) return;
            // Back to the value that holds; the dialog stays.
            event.preventDefault();
            setRefused(null);
          })}
        />
        {unit && <span className="muted">{unit}</span>}
      </div>
      {hasSlider && (
        // The same number for who points at it; the keyboard and screen readers have the field, whose arrow keys do the same.
        <input
          type="range"
          aria-hidden="true"
          tabIndex={-1}
          min={min}
          max={max}
          step={step}
          value={value}
          onChange={event => {
            setRefused(null);
            onChange(event.currentTarget.valueAsNumber);
          }}
        />
      )}
      <p className={refused ? 'field-error' : 'muted'} id={`${id}-hint`} aria-live="polite">
        {refused ? `${refused.why} Type a number from ${min} to ${max}; until then ${value} is used.` : hint}
      </p>
    </div>
  );
}
