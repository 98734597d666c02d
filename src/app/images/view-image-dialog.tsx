import { lazy, Suspense } from 'react';
import { Modal } from '../shell/modal.tsx';
import type { ShownImage } from '../state/ui-store.ts';
import { useObjectUrl } from './use-object-url.ts';

/** Fetched when the first image is opened: most visits need none. */
const ImageViewer = lazy(() =>
  import('../viewer/image-viewer.tsx').then(
    ({ ImageViewer }) => ({ default: ImageViewer }),
    // React and the browser both remember the failure: only a reload can end it.
    () => ({ default: MissingViewer }),
  ),
);

/** The host has moved on to another version, or is gone, and the browser has not kept this part. */
function MissingViewer({ onClose }: { onClose: () => void }) {
  return (
    <Modal
      title="The image viewer could not be loaded"
      className="modal-small"
      onClose={onClose}
      footer={
        <button type="button" className="button button-primary" onClick={() => location.reload()}>
          Reload the page
        </button>
      }
    >
      <p>A part of this page is missing, probably because Bedside was updated. The conversation is kept.</p>
    </Modal>
  );
}

export function ViewImageDialog({ image, onClose }: { image: ShownImage; onClose: () => void }) {
  const url = useObjectUrl(image.blob);
  if (!url) return null;
  const { name, width, height, plan } = image;
  return (
    <Suspense fallback={null}>
      <ImageViewer key={url} image={{ url, name, width, height, plan }} onClose={onClose} />
    </Suspense>
  );
}
