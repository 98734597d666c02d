import { formatBytes } from '../format/quantities.ts';
import { useApp, useModelLibrary } from '../state/app-context.tsx';
import { browserFamily, evictionInWords } from './eviction.ts';

/** How much is stored, and whether the browser may clear it. */
export function StorageSummary() {
  const { modelLibraryController } = useApp();
  const estimate = useModelLibrary(state => state.estimate);
  const isPersistent = useModelLibrary(state => state.isPersistent);
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
          <button
            type="button"
            className="button"
            onClick={() => void modelLibraryController.askForPersistence()}
          >
            Ask the browser to protect it
          </button>
        </>
      )}
    </div>
  );
}
