import { useId } from 'react';
import { signed } from './change-in-words.ts';
import { type Tone, toneLimit } from './tone.ts';

interface ToneSlidersProps {
  tone: Tone;
  onChange: (tone: Partial<Tone>) => void;
}

export function ToneSliders({ tone, onChange }: ToneSlidersProps) {
  return (
    <section className="viewer-section" aria-label="Brightness and contrast">
      <ToneSlider
        name="Brightness"
        value={tone.brightness}
        onChange={brightness => onChange({ brightness })}
      />
      <ToneSlider name="Contrast" value={tone.contrast} onChange={contrast => onChange({ contrast })} />
    </section>
  );
}

interface ToneSliderProps {
  name: string;
  value: number;
  onChange: (value: number) => void;
}

function ToneSlider({ name, value, onChange }: ToneSliderProps) {
  const id = useId();
  return (
    <div className="viewer-slider">
      <label htmlFor={id}>{name}</label>
      <input
        id={id}
        type="range"
        min={-toneLimit}
        max={toneLimit}
        step={1}
        value={Math.round(value)}
        onChange={event => onChange(event.currentTarget.valueAsNumber)}
      />
      <span className="figure" aria-hidden="true">
        {signed(value)}
      </span>
    </div>
  );
}
