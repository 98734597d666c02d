import { privateText } from '../../input/private-text.ts';

interface AddressFieldProps {
  label: string;
  isOptional?: boolean;
  value: string;
  onChange: (value: string) => void;
}

/** A line for an address. */
export function AddressField({ label, isOptional = false, value, onChange }: AddressFieldProps) {
  return (
    <label>
      {label}
      <input
        type="text"
        inputMode="url"
        required={!isOptional}
        dir="ltr"
        {...privateText}
        placeholder="https://"
        value={value}
        onChange={event => onChange(event.currentTarget.value)}
      />
    </label>
  );
}
