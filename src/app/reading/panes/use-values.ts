import { useEffect, useState } from 'react';
import type { FrameValues, ImageReader } from '../../../client/index.ts';
import { hasWindow, imageOf, type Pane, type ReadingState } from '../state/reading-state.ts';
import { imageKey } from '../study/image-key.ts';

export interface KeyedValues extends FrameValues {
  /** Of which image. */
  key: string;
}

/** Scrolling on, nobody reads values. */
const pauseMs = 120;

/** The values of a pane's image, once it is stayed at; null of a coloured one, and until they are there. */
export function useValues(reader: ImageReader, state: ReadingState, pane: Pane): KeyedValues | null {
  const [found, setFound] = useState<KeyedValues | null>(null);
  const image = imageOf(state, pane);
  const key = image && imageKey(image);
  const file = image && state.study.files[image.file]!.file;
  const frame = image?.frame ?? 0;
  const hasValues = hasWindow(pane);

  useEffect(() => {
    if (!file || key === null || !hasValues) return;
    let isWanted = true;
    const timer = setTimeout(() => {
      reader.frameValues(file, frame).then(
        values => {
          if (isWanted) setFound(values && { ...values, key });
        },
        // The picture says what is wrong with the file.
        () => undefined,
      );
    }, pauseMs);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [reader, file, key, frame, hasValues]);
  return found?.key === key ? found : null;
}

/** At a point of the image; null outside of it. */
export function valueAt(
  { width, height, values }: Pick<FrameValues, 'width' | 'height' | 'values'>,
  [x, y]: readonly [number, number],
): number | null {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  if (column < 0 || row < 0 || column >= width || row >= height) return null;
  return values[row * width + column] ?? null;
}
