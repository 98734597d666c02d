import { useEffect, useRef, useState } from 'react';
import {
  type ErrorData,
  type ImagePresentation,
  type ImageReader,
  plainPresentation,
  type ShownFrame,
  toErrorData,
} from '../../../client/index.ts';
import { imageOf, type Pane, type ReadingState } from '../state/reading-state.ts';
import { imageKey } from '../study/image-key.ts';
import { NewestOnly } from './newest-only.ts';

export interface Picture {
  /** Of which image. */
  key: string;
  pixels: ShownFrame | null;
  /** Why there are none. */
  error: ErrorData | null;
}

/**
 * The pixels of a pane's image under its window; those of before until they are there. Turning and black boxes are drawn over them.
 * @param onPicture hears of each as it is taken, so that both are shown at once: told after it was shown, a fast scroll would be one chain
 * of updates, which React ends after fifty
 */
export function usePicture(
  reader: ImageReader,
  state: ReadingState,
  pane: Pane,
  onPicture: (picture: Picture) => void,
): Picture | null {
  const [picture, setPicture] = useState<Picture | null>(null);
  const queue = useRef<NewestOnly>(null);
  queue.current ??= new NewestOnly();
  const image = imageOf(state, pane);
  const key = image && imageKey(image);
  const file = image && state.study.files[image.file]!.file;
  const frame = image?.frame ?? 0;
  const { stack, voi, isInverted } = pane;
  const shownStack = useRef(stack);
  shownStack.current = stack;

  useEffect(() => {
    const jobs = queue.current!;
    if (!file || key === null) {
      setPicture(null);
      return;
    }
    const presentation: ImagePresentation = { ...plainPresentation, frame, window: voi, isInverted };
    jobs.run(async () => {
      const made = await reader.showFrame(file, presentation).then(
        pixels => ({ key, pixels, error: null }),
        (thrown: unknown) => ({ key, pixels: null, error: toErrorData(thrown) }),
      );
      // One of a drag or a scroll that went on is shown all the same: it is nearer than the one before.
      if (shownStack.current !== stack) return;
      setPicture(made);
      onPicture(made);
    });
  }, [reader, file, key, frame, stack, voi, isInverted, onPicture]);
  useEffect(() => () => queue.current?.clear(), []);
  return picture;
}
