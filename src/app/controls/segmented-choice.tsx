import { useId } from 'react';

interface SegmentedChoiceProps<T extends string> {
  legend: string;
  name: string;
  options: { value: T; label: string; disabled?: boolean }[];
  value: T;
  hint?: string;
  onChange: (value: T) => void;
}

/** Radio buttons that look like one switch. */
export function SegmentedChoice<T extends string>(props: SegmentedChoiceProps<T>) {
  const { legend, name, options, value, hint, onChange } = props;
  const hintId = useId();
  return (
    <fieldset className="segmented" aria-describedby={hint ? hintId : undefined}>
      <legend>{legend}</legend>
      <div className="segments">
        {options.map(option => (
          <label key={option.value} data-disabled={option.disabled}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              disabled={option.disabled}
              onChange={() => onChange(option.value)}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
      {hint && (
        <p className="muted" id={hintId}>
          {hint}
        </p>
      )}
    </fieldset>
  );
}
