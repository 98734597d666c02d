import { memo } from 'react';
import type { VoiChoice } from '../../../client/index.ts';
import { NumberField } from '../../controls/number-field.tsx';
import type { ReadingAction } from '../state/reading-actions.ts';
import { activePane, factsOf, type ReadingState, rangeOf, voiOf } from '../state/reading-state.ts';
import { distinctVois, isSameVoi, leastWidth, levelOf, voiInWords, voiLabel } from '../state/voi.ts';
import { unitOf } from '../study/units.ts';

/** Farther than any scanner's values. */
const farthest = 1e9;

interface WindowPanelProps {
  state: ReadingState;
  act: (action: ReadingAction) => void;
}

/** Which values become black, white and the greys between: by name, or by figures. */
export const WindowPanel = memo(function WindowPanel({ state, act }: WindowPanelProps) {
  const pane = activePane(state);
  const facts = factsOf(state, pane);
  const voi = voiOf(pane);
  if (!facts || !voi) {
    return (
      <section className="viewer-section" aria-label="Window">
        <h3>Window</h3>
        <p className="muted">{pane.info ? 'A coloured picture has no window.' : 'No image is shown yet.'}</p>
      </section>
    );
  }
  const level = levelOf(voi, rangeOf(state, pane));
  const unit = unitOf(facts);
  const set = (next: VoiChoice | null) => act({ type: 'set-voi', voi: next });
  return (
    <section className="viewer-section" aria-label="Window">
      <h3>Window</h3>
      <div className="reading-presets">
        {distinctVois(pane.info?.windows ?? []).map(view => (
          <button
            key={view.name}
            type="button"
            className="button"
            aria-pressed={isSameVoi(view.choice, voi)}
            title={voiInWords(view.choice)}
            onClick={() => set(view.choice)}
          >
            {voiLabel(view)}
          </button>
        ))}
      </div>
      {level && (
        <div className="reading-figures">
          <NumberField
            label="Centre"
            value={level.centre}
            min={-farthest}
            max={farthest}
            step={Number.isInteger(level.centre) ? 1 : 0.001}
            unit={unit}
            onChange={centre => set({ ...level, centre })}
          />
          <NumberField
            label="Width"
            value={level.width}
            min={leastWidth(level.function)}
            max={farthest}
            step={Number.isInteger(level.width) ? 1 : 0.001}
            unit={unit}
            onChange={width => set({ ...level, width })}
          />
        </div>
      )}
    </section>
  );
});
