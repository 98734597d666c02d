import { useEffect, useState } from 'react';
import { useApp } from '../state/app-context.tsx';

export type StoredPixels = { status: 'loading' | 'missing'; blob: null } | { status: 'there'; blob: Blob };

/** The pixels of an image that a message refers to. */
export function useStoredImage(conversationId: string, id: string): StoredPixels {
  const { imageCache } = useApp();
  const [pixels, setPixels] = useState<StoredPixels>({ status: 'loading', blob: null });
  useEffect(() => {
    let isCurrent = true;
    imageCache
      .find(conversationId, id)
      // Without storage there is no image; what fails because of it says so itself.
      .catch(() => undefined)
      .then(blob => {
        if (isCurrent) setPixels(blob ? { status: 'there', blob } : { status: 'missing', blob: null });
      });
    return () => {
      isCurrent = false;
    };
  }, [imageCache, conversationId, id]);
  return pixels;
}
