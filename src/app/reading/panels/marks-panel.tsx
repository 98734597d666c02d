import { memo, useId } from 'react';
import { DeleteIcon } from '../../controls/icons.tsx';
import { handleKey } from '../../input/input-method.ts';
import { usePrivateText } from '../../input/private-text.ts';
import type { ImagePoint, ImageScale } from '../geometry/plane.ts';
import { type Mark, markNames } from '../marks/mark.ts';
import { measure } from '../marks/mark-values.ts';
import { valueInWords } from '../marks/values-in-words.ts';
import type { KeyedValues } from '../panes/use-values.ts';
import type { ReadingAction } from '../state/reading-actions.ts';
import { activePane, factsOf, imageOf, marksOf, type ReadingState } from '../state/reading-state.ts';
import { scaleOf } from '../study/image-scale.ts';
import { unitOf } from '../study/units.ts';

/** Longer outlines are changed by drawing them anew. */
const mostTyped = 4;

interface MarksPanelProps {
  state: ReadingState;
  values: KeyedValues | null;
  act: (action: ReadingAction) => void;
  /** Below the list, where there are marks. */
  children?: React.ReactNode;
}

/** The marks of the image: what they measure, their notes, and their places as figures. */
export const MarksPanel = memo(function MarksPanel({ state, values, act, children }: MarksPanelProps) {
  const pane = activePane(state);
  const image = imageOf(state, pane);
  const marks = marksOf(state, pane);
  if (!image || marks.length === 0) return null;
  const scale = scaleOf(state.study, image);
  const unit = unitOf(factsOf(state, pane));
  return (
    <section className="viewer-section" aria-label="Marks">
      <h3>Marks on this image</h3>
      <ol className="reading-mark-list">
        {marks.map(mark => (
          <MarkRow
            key={mark.id}
            mark={mark}
            isChosen={mark.id === state.chosenMark}
            scale={scale}
            unit={unit}
            values={values}
            act={act}
          />
        ))}
      </ol>
      {children}
    </section>
  );
});

interface MarkRowProps {
  mark: Mark;
  isChosen: boolean;
  scale: ImageScale;
  unit: string;
  values: KeyedValues | null;
  act: (action: ReadingAction) => void;
}

function MarkRow({ mark, isChosen, scale, unit, values, act }: MarkRowProps) {
  const noteId = useId();
  const privateText = usePrivateText();
  const name = `${markNames[mark.kind]} ${mark.number}`;
  const value = measure(mark, scale, values);
  return (
    <li data-kind={mark.kind} data-chosen={isChosen}>
      <div className="reading-mark-head">
        <button
          type="button"
          className="reading-mark-name"
          aria-expanded={isChosen}
          onClick={() => act({ type: 'choose-mark', id: isChosen ? null : mark.id })}
        >
          {name}
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label={`Remove ${name}`}
          title="Remove (Delete)"
          onClick={() => act({ type: 'delete-mark', id: mark.id })}
        >
          <DeleteIcon size={16} />
        </button>
      </div>
      {value &&
        valueInWords(value, scale, unit).map(line => (
          <p key={line} className="figure">
            {line}
          </p>
        ))}
      {isChosen && mark.kind !== 'redaction' && (
        <>
          <label htmlFor={noteId}>Note</label>
          <input
            id={noteId}
            type="text"
            dir="auto"
            maxLength={400}
            value={mark.note}
            {...privateText}
            onChange={event =>
              act({ type: 'change-mark', id: mark.id, change: { note: event.currentTarget.value } })
            }
          />
        </>
      )}
      {!isChosen && mark.note && <p dir="auto">{mark.note}</p>}
      {isChosen && mark.points.length <= mostTyped && <PlaceFields mark={mark} act={act} />}
    </li>
  );
}

/** Each point in pixels: what can be dragged can be typed. */
function PlaceFields({ mark, act }: Pick<MarkRowProps, 'mark' | 'act'>) {
  const set = (at: number, axis: 0 | 1, typed: number) => {
    if (!Number.isFinite(typed)) return;
    const points = mark.points.map((point, each): ImagePoint => {
      if (each !== at) return point;
      return axis === 0 ? [typed, point[1]] : [point[0], typed];
    });
    act({ type: 'change-mark', id: mark.id, change: { points } });
  };
  return (
    <fieldset className="reading-places">
      <legend>Places in pixels</legend>
      {mark.points.map((point, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: points have no name but their place
        <div key={at}>
          {(['x', 'y'] as const).map((axis, place) => (
            <label key={axis}>
              {axis}
              <input
                type="number"
                step={0.5}
                aria-label={`${axis} of point ${at + 1}`}
                value={Math.round(point[place]! * 100) / 100}
                onChange={event => set(at, place as 0 | 1, event.currentTarget.valueAsNumber)}
                onKeyDown={handleKey(event => {
                  // The dialog is not closed from within a figure.
                  if (event.key === 'Escape') event.currentTarget.blur();
                })}
              />
            </label>
          ))}
        </div>
      ))}
    </fieldset>
  );
}
