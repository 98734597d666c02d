import { useId } from 'react';

interface SpellingSwitchProps {
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}

/** Off unless asked for: a page cannot know whether the browser checks spelling on the device or sends the text away. */
export function SpellingSwitch({ isOn, onChange }: SpellingSwitchProps) {
  const id = useId();
  return (
    <div className="check-field">
      <input
        id={id}
        type="checkbox"
        checked={isOn}
        aria-describedby={`${id}-hint`}
        onChange={event => onChange(event.currentTarget.checked)}
      />
      <label htmlFor={id}>Check spelling while I type</label>
      <p className="muted" id={`${id}-hint`}>
        The browser does this, not Bedside. Some browsers send what is typed to their maker for it (Chrome
        with “enhanced spell check”, Edge with “Microsoft Editor”), and a page cannot tell whether yours does.
        Look into the browser’s own settings before you switch it on.
      </p>
    </div>
  );
}
