import { useMemo } from 'react';
import { plainPresentation, viewsOf } from '../../client/index.ts';
import { lateDialog } from '../controls/late-dialog.tsx';
import { useModel, useSettings } from '../state/app-context.tsx';
import type { ShownImage } from '../state/page/ui-store.ts';
import type { ViewedImage } from '../viewer/viewed-image.ts';
import { useObjectUrl } from './use-object-url.ts';
import { pictureSize, usePicture } from './use-picture.ts';

const ImageViewer = lateDialog(
  () => import('../viewer/image-viewer.tsx').then(({ ImageViewer }) => ImageViewer),
  'The image viewer',
);

/** With what the loaded model would see of it: one that comes while the image is open is told of too. */
export function ShownImageDialog({ image, onClose }: { image: ShownImage; onClose: () => void }) {
  const { width, height, presentation = plainPresentation } = image;
  const vision = useModel(state => state.info?.vision);
  const loaded = useModel(({ phase, entry }) => (phase === 'ready' ? entry?.name : undefined));
  const tiling = useSettings(({ settings }) => settings.tiling);
  const isCompressed = useSettings(({ settings }) => settings.compressImages && !vision?.showsWhole);
  const views = useMemo(
    () => (vision ? viewsOf({ width, height }, presentation, vision, tiling) : null),
    [vision, width, height, presentation, tiling],
  );
  const picture = usePicture(image);
  if (!picture) return null;
  const { id: _, presentation: __, ...shown } = image;
  return (
    <ViewImageDialog
      image={{ ...shown, ...pictureSize(image), blob: picture, views, loaded, isCompressed }}
      onClose={onClose}
    />
  );
}

interface ViewImageDialogProps {
  image: ShownImage & Omit<ViewedImage, 'url'>;
  onClose: () => void;
}

export function ViewImageDialog({ image: { blob, ...image }, onClose }: ViewImageDialogProps) {
  const url = useObjectUrl(blob);
  if (!url) return null;
  return <ImageViewer key={url} image={{ url, ...image }} onClose={onClose} />;
}
