import { memo, useState } from 'react';
import { NumberField } from '../../controls/number-field.tsx';
import { formatCount } from '../../format/quantities.ts';
import { type AskedSeries, askedSeries, type SeriesSight, seriesViews } from '../state/asked-series.ts';
import type { AskedView } from '../state/asked-view.ts';
import type { ReadingState } from '../state/reading-state.ts';

interface SeriesPanelProps {
  state: ReadingState;
  /** Null where no model that sees is loaded. */
  sight: SeriesSight | null;
  /** They go beside the question. */
  onAsk: (views: readonly AskedView[]) => Promise<void>;
}

/** Asks about the series of the pane: how many of its slices a question has room for, and how the model is shown them. */
export const SeriesPanel = memo(function SeriesPanel({ state, sight, onAsk }: SeriesPanelProps) {
  // How many there are is known once all files were read.
  const series = state.study.isReading ? null : askedSeries(state, sight);
  const [chosen, setChosen] = useState<number | null>(null);
  const [isBusy, setBusy] = useState(false);
  if (!series || !sight) return null;
  const { most, count } = series;
  const slices = Math.min(most, chosen ?? most);
  return (
    <section className="viewer-section" aria-label="The whole series">
      <h3>The whole series</h3>
      {most < 2 ? (
        <p className="muted">{sight.model} has no room for several of its images in one question.</p>
      ) : (
        <>
          <NumberField
            label="Images to ask about"
            unit={`of ${formatCount(count)}`}
            value={slices}
            min={2}
            max={most}
            step={1}
            hint={seriesInWords(series, sight.model)}
            onChange={setChosen}
          />
          <button
            type="button"
            className="button"
            disabled={isBusy}
            onClick={() => {
              setBusy(true);
              void onAsk(seriesViews(state, series, slices)).finally(() => setBusy(false));
            }}
          >
            Ask about this series
          </button>
        </>
      )}
    </section>
  );
});

function seriesInWords({ count, most, isInColours }: AskedSeries, model: string): string {
  const room =
    most < count
      ? `Evenly over the series: more than ${formatCount(most)} of its ${formatCount(count)} do not fit in a question to ${model}. What lies between them is not seen.`
      : 'All of the series fit in one question.';
  return isInColours
    ? `${room} Each is shown in three windows at once, as red, green and blue: −1024 to 1024, −135 to 215 and 0 to 80 HU.`
    : `${room} Each is shown as this image is.`;
}
