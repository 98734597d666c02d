import { useId } from 'react';
import { formatCount, formatDuration } from '../../format/quantities.ts';
import { useModel, useSettings } from '../../state/app-context.tsx';

interface ThinkingSwitchProps {
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}

/** Of a model that can think before it answers, with what that costs on this device. */
export function ThinkingSwitch({ isOn, onChange }: ThinkingSwitchProps) {
  const id = useId();
  const limit = useSettings(({ settings }) => settings.thoughtTokens);
  const speed = useModel(({ tokensPerSecond }) => tokensPerSecond);
  return (
    <div className="check-field">
      <input
        id={id}
        type="checkbox"
        checked={isOn}
        aria-describedby={`${id}-hint`}
        onChange={event => onChange(event.currentTarget.checked)}
      />
      <label htmlFor={id}>Think before answering</label>
      <p className="muted" id={`${id}-hint`}>
        The model writes to itself first, which takes time: up to {formatCount(limit)} tokens before each
        answer
        {speed ? `, about ${formatDuration((limit * 1000) / speed)} at the speed of its last answer` : ''}. A
        thought can be wrong as an answer can. Its limit is in the settings.
      </p>
    </div>
  );
}
