import { useId } from 'react';
import type { ReadingAction } from '../state/reading-actions.ts';
import { activePane, type ReadingState, stackOf } from '../state/reading-state.ts';

export const cineRates = [2, 5, 10, 15, 25] as const;

interface StackPanelProps {
  state: ReadingState;
  act: (action: ReadingAction) => void;
  isPlaying: boolean;
  rate: number;
  onPlay: (isPlaying: boolean) => void;
  onRate: (rate: number) => void;
}

/** Where in its stack an image is; and the stack as a film. */
export function StackPanel({ state, act, isPlaying, rate, onPlay, onRate }: StackPanelProps) {
  const sliderId = useId();
  const rateId = useId();
  const pane = activePane(state);
  const stack = stackOf(state, pane);
  const count = stack?.images.length ?? 0;
  if (count < 2) return null;
  return (
    <section className="viewer-section" aria-label="Image of the stack">
      <div className="viewer-slider">
        <label htmlFor={sliderId}>Image</label>
        <input
          id={sliderId}
          type="range"
          min={1}
          max={count}
          step={1}
          value={pane.index + 1}
          aria-valuetext={`${pane.index + 1} of ${count}`}
          onChange={event => act({ type: 'scroll-to', index: event.currentTarget.valueAsNumber - 1 })}
        />
        <span className="figure" aria-hidden="true">
          {pane.index + 1}
        </span>
      </div>
      <div className="reading-cine">
        <button type="button" className="button" aria-pressed={isPlaying} onClick={() => onPlay(!isPlaying)}>
          {isPlaying ? 'Stop' : 'Play'}
        </button>
        <label htmlFor={rateId}>Images a second</label>
        <select id={rateId} value={rate} onChange={event => onRate(Number(event.currentTarget.value))}>
          {cineRates.map(each => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </select>
      </div>
    </section>
  );
}
