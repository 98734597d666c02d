import type { ReactNode } from 'react';
import { toErrorData } from '../../client/index.ts';
import { CopyTextButton } from '../controls/copy-text-button.tsx';
import { WarningIcon } from '../controls/icons.tsx';
import type { Failure } from './boundary.tsx';

interface FailedPartProps extends Failure {
  /** What could not be shown, as the beginning of a sentence. */
  what: string;
  /** What holds all the same. */
  children?: ReactNode;
  /** What can be copied instead of being shown. */
  text?: () => string;
  /** Further ways on. */
  actions?: ReactNode;
}

/** In the place of what could not be shown: words, and a way on. */
export function FailedPart({ what, children, text, actions, error, tryAgain }: FailedPartProps) {
  return (
    <div className="alert" role="alert">
      <WarningIcon />
      <div className="alert-text">
        <p className="alert-title">{what} could not be shown</p>
        {children}
        <details>
          <summary>Technical details</summary>
          <pre>{error instanceof Error ? `${error.name}: ${error.message}` : toErrorData(error).cause}</pre>
        </details>
        <div className="alert-actions">
          <button type="button" className="button" onClick={tryAgain}>
            Try again
          </button>
          {text && <CopyTextButton label="Copy the text" text={text} />}
          {actions}
        </div>
      </div>
    </div>
  );
}

export function ReloadButton() {
  return (
    <button type="button" className="button" onClick={() => location.reload()}>
      Reload the page
    </button>
  );
}
