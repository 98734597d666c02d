import { useEffect, useState } from 'react';
import { imageKey, plainPresentation, presentedSize, type Size } from '../../client/index.ts';
import { useApp } from '../state/app-context.tsx';
import { type FileToShow, showsItself } from '../state/images/shown-pictures.ts';

/** The picture of an image as a file that the browser shows: the file itself where it shows that. Null until it is there. */
export function usePicture(image: FileToShow): Blob | null {
  const { pictures } = useApp();
  const { blob, id, presentation } = image;
  const isItself = showsItself(image);
  const key = imageKey(id ?? '', presentation);
  const [picture, setPicture] = useState<{ of: Blob; key: string; blob: Blob } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another object of the same presentation shows the same.
  useEffect(() => {
    if (isItself) return;
    let isCurrent = true;
    pictures
      .find({ blob, ...(id === undefined ? {} : { id }), ...(presentation ? { presentation } : {}) })
      // What cannot be shown has no picture; why is said where it is asked about.
      .catch(() => null)
      .then(found => {
        if (isCurrent) setPicture(found && { of: blob, key, blob: found });
      });
    return () => {
      isCurrent = false;
    };
  }, [pictures, blob, key, isItself]);
  if (isItself) return blob;
  return picture?.of === blob && picture.key === key ? picture.blob : null;
}

/** Of the picture, which is turned as the image is shown. */
export function pictureSize(image: Size & Pick<FileToShow, 'presentation'>): Size {
  return presentedSize(image, image.presentation ?? plainPresentation);
}
