import { memo, useId } from 'react';
import type { ReadingAction } from './state/reading-actions.ts';
import { type Layout, type Links, layouts, type ReadingState } from './state/reading-state.ts';

const layoutNames: Readonly<Record<Layout, string>> = { 1: 'One', 2: 'Two', 4: 'Four' };
const linkNames: Readonly<Record<keyof Links, string>> = {
  scroll: 'Scroll together',
  zoom: 'Zoom together',
  window: 'Same window',
};

interface RoomControlsProps {
  state: ReadingState;
  act: (action: ReadingAction) => void;
}

/** How many panes there are, and what of one the others follow. */
export const RoomControls = memo(function RoomControls({ state, act }: RoomControlsProps) {
  const name = useId();
  return (
    <div className="reading-room-controls">
      <fieldset className="segmented reading-layouts" aria-label="Panes">
        <div className="segments reading-layout-choices">
          {layouts.map(layout => (
            <label key={layout}>
              <input
                type="radio"
                name={name}
                checked={state.layout === layout}
                onChange={() => act({ type: 'lay-out', layout })}
              />
              <span>{layoutNames[layout]}</span>
            </label>
          ))}
        </div>
      </fieldset>
      {state.layout > 1 &&
        (Object.keys(linkNames) as (keyof Links)[]).map(what => (
          <label key={what} className="viewer-check">
            <input
              type="checkbox"
              checked={state.links[what]}
              onChange={event => act({ type: 'link', what, isOn: event.currentTarget.checked })}
            />
            {linkNames[what]}
          </label>
        ))}
      {state.marks.length > 0 && (
        <label className="viewer-check">
          <input
            type="checkbox"
            checked={state.areMarksShown}
            onChange={event => act({ type: 'show-marks', areShown: event.currentTarget.checked })}
          />
          Marks
        </label>
      )}
    </div>
  );
});
