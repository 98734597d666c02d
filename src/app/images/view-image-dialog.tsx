import { lazy, Suspense, useMemo } from 'react';
import { chooseViews } from '../../client/index.ts';
import { Modal } from '../controls/modal.tsx';
import { useModel, useSettings } from '../state/app-context.tsx';
import type { ShownImage } from '../state/page/ui-store.ts';
import type { ViewedImage } from '../viewer/viewed-image.ts';
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

/** With what the loaded model would see of it: one that comes while the image is open is told of too. */
export function ShownImageDialog({ image, onClose }: { image: ShownImage; onClose: () => void }) {
  const { width, height } = image;
  const vision = useModel(state => state.info?.vision);
  const loaded = useModel(({ phase, entry }) => (phase === 'ready' ? entry?.name : undefined));
  const tiling = useSettings(({ settings }) => settings.tiling);
  const isCompressed = useSettings(({ settings }) => settings.compressImages);
  const views = useMemo(
    () => (vision ? chooseViews({ width, height }, vision, tiling) : null),
    [vision, width, height, tiling],
  );
  return <ViewImageDialog image={{ ...image, views, loaded, isCompressed }} onClose={onClose} />;
}

interface ViewImageDialogProps {
  image: ShownImage & Omit<ViewedImage, 'url'>;
  onClose: () => void;
}

export function ViewImageDialog({ image: { blob, ...image }, onClose }: ViewImageDialogProps) {
  const url = useObjectUrl(blob);
  if (!url) return null;
  return (
    <Suspense fallback={null}>
      <ImageViewer key={url} image={{ url, ...image }} onClose={onClose} />
    </Suspense>
  );
}
