import { CopyTextButton } from '../controls/copy-text-button.tsx';
import { WarningIcon } from '../controls/icons.tsx';
import { conversationsAsText } from '../format/conversation-text.ts';
import { useApp, useStorage } from '../state/app-context.tsx';
import { errorPresentations } from './error-actions.ts';

/** While the browser stores nothing: said once, for as long as it lasts, with what can be done about it. */
export function StorageNotice() {
  const { problem, since, hasUnsaved, isTrying } = useStorage(state => state);
  const { debts, listUnsaved, saveFile, ui } = useApp();
  if (!problem) return null;
  const time = new Date(since).toLocaleTimeString('en', { hour: '2-digit', minute: '2-digit' });
  return (
    <section
      className="alert storage-notice"
      aria-label="Storage"
      data-code={problem.code}
      data-reason={problem.reason}
    >
      <WarningIcon />
      <div className="alert-text">
        <p className="alert-title">{errorPresentations[problem.code].title}</p>
        <p>
          {problem.message} {problem.advice}
        </p>
        <p>
          {hasUnsaved
            ? `What could not be stored since ${time} is kept in this page, and is stored by itself as soon as that works. Until then, do not close or reload the page.`
            : 'It is tried again by itself.'}
        </p>
        <div className="alert-actions">
          <button
            type="button"
            className="button"
            aria-disabled={isTrying}
            onClick={() => void debts.tryAgain()}
          >
            {isTrying ? 'Trying…' : 'Try again'}
          </button>
          {problem.code === 'storage-full' && (
            <button
              type="button"
              className="button"
              onClick={() => ui.getState().openDialog({ kind: 'models' })}
            >
              Free storage
            </button>
          )}
          {hasUnsaved && (
            <>
              <CopyTextButton
                label="Copy what is not stored"
                text={() => conversationsAsText(listUnsaved())}
              />
              <button
                type="button"
                className="button"
                onClick={() => {
                  const text = conversationsAsText(listUnsaved());
                  saveFile(new Blob([text], { type: 'text/markdown' }), 'bedside-not-stored.md');
                }}
              >
                Save it as a file
              </button>
            </>
          )}
        </div>
      </div>
    </section>
  );
}
