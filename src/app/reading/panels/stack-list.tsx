import { memo, useId } from 'react';
import { formatCount } from '../../format/quantities.ts';
import type { ReadingAction } from '../state/reading-actions.ts';
import { activePane, type ReadingState } from '../state/reading-state.ts';
import { ReadingProgress } from './reading-progress.tsx';

interface StackListProps {
  state: ReadingState;
  /** No more of the study is read. */
  onStop: () => void;
  act: (action: ReadingAction) => void;
}

/** The series and pictures of the study; what is chosen is shown in the pane at hand. */
export const StackList = memo(function StackList({ state, onStop, act }: StackListProps) {
  const titleId = useId();
  const shown = activePane(state).stack;
  const { passedOver, refused, toCome, isReading } = state.study;
  return (
    <nav className="reading-stacks" aria-labelledby={titleId}>
      <h3 id={titleId}>Series</h3>
      <ul>
        {state.stacks.map(stack => (
          <li key={stack.id}>
            <button
              type="button"
              aria-current={stack.id === shown}
              onClick={() => act({ type: 'show-stack', stack: stack.id })}
            >
              <bdi>{stack.name}</bdi>
              <span className="muted">{stack.detail}</span>
            </button>
          </li>
        ))}
      </ul>
      {isReading && (
        <div className="reading-progress">
          <ReadingProgress study={state.study} />
          <button type="button" className="button" onClick={onStop}>
            Stop
          </button>
        </div>
      )}
      {!isReading && toCome > 0 && (
        <p className="muted">
          {toCome === 1 ? '1 file was not read.' : `${formatCount(toCome)} files were not read.`}
        </p>
      )}
      {passedOver > 0 && (
        <p className="muted">
          {passedOver === 1 ? '1 file is no image.' : `${passedOver} files are no images.`}
        </p>
      )}
      {refused.length > 0 && (
        <details>
          <summary>
            {refused.length === 1 ? '1 file cannot be shown' : `${refused.length} files cannot be shown`}
          </summary>
          <ul className="reading-refused">
            {refused.slice(0, 50).map(({ path, error }) => (
              <li key={path} data-code={error.code} data-reason={error.reason}>
                <bdi>{path}</bdi>: {error.message}
              </li>
            ))}
          </ul>
        </details>
      )}
    </nav>
  );
});
