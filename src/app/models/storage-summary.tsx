import { formatBytes } from '../format/quantities.ts';
import { useApp, useLibrary } from '../state/app-context.tsx';
import { browserFamily, evictionInWords } from './eviction.ts';

/** How much is stored, and whether the browser may clear it. */
export function StorageSummary() {
  const { libraryController } = useApp();
  const estimate = useLibrary(state => state.estimate);
  const isPersistent = useLibrary(state => state.isPersistent);
  return (
    <div className="storage-summary">
      {estimate && (
        <p className="muted">The browser reports {formatBytes(estimate.usedBytes)} in use by this site.</p>
      )}
      {isPersistent === true && (
        <p className="muted">
          Protected: the browser does not clear it by itself, even when the disk is nearly full.
        </p>
      )}
      {isPersistent === false && (
        <>
          <p className="muted">{evictionInWords[browserFamily(navigator.userAgent)]}</p>
          <button type="button" className="button" onClick={() => void libraryController.askForPersistence()}>
            Ask the browser to protect it
          </button>
        </>
      )}
    </div>
  );
}
