import { formatBytes, plural } from '../format/quantities.ts';
import { useApp, useLibrary } from '../state/app-context.tsx';
import { browserFamily, evictionInWords } from './eviction.ts';

/** How much is stored, and whether the browser may clear it. */
export function StorageSummary() {
  const { libraryController } = useApp();
  const estimate = useLibrary(state => state.estimate);
  const features = useLibrary(state => state.imageFeatures);
  const isPersistent = useLibrary(state => state.isPersistent);
  return (
    <div className="storage-summary">
      {estimate && (
        <p className="muted">The browser reports {formatBytes(estimate.usedBytes)} in use by this site.</p>
      )}
      {features && features.images > 0 && (
        <>
          <p className="muted">
            {formatBytes(features.bytes)} of that is what models computed of{' '}
            {plural(features.images, 'image')}. With it a question about an image is answered sooner after a
            restart; it is deleted with the conversations that have the image.
          </p>
          <button
            type="button"
            className="button"
            onClick={() => void libraryController.clearImageFeatures()}
          >
            Delete what was computed of images
          </button>
        </>
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
