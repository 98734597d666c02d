import { lazy, Suspense } from 'react';
import type { ShownImage } from '../state/ui-store.ts';
import { useObjectUrl } from './use-object-url.ts';

/** Fetched when the first image is opened: most visits need none. */
const ImageViewer = lazy(async () => {
  const { ImageViewer } = await import('../viewer/image-viewer.tsx');
  return { default: ImageViewer };
});

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
