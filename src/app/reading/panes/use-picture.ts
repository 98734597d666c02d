import { type RefObject, startTransition, useEffect, useLayoutEffect, useRef, useState } from 'react';
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
import { drawPicture } from './draw-picture.ts';
import { NewestOnly } from './newest-only.ts';

export interface Picture {
  /** Of which image. */
  key: string;
  pixels: ShownFrame | null;
  /** Why there are none. */
  error: ErrorData | null;
}

/** One is made while the one before it crosses to the page and is drawn. */
const madeAtOnce = 2;

/**
 * The pixels of a pane's image under its window; those of before until they are there. Turning and black boxes are drawn over them.
 * They are on the canvas as they come; what the page says of them follows when it has time, which a scroll leaves it little of.
 * @param onPicture hears of each as it is taken, so that both are shown at once: told after it was shown, a fast scroll would be one chain
 * of updates, which React ends after fifty
 */
export function usePicture(
  reader: ImageReader,
  state: ReadingState,
  pane: Pane,
  canvas: RefObject<HTMLCanvasElement | null>,
  onPicture: (picture: Picture) => void,
): Picture | null {
  const [picture, setPicture] = useState<Picture | null>(null);
  const queue = useRef<NewestOnly>(null);
  queue.current ??= new NewestOnly(madeAtOnce);
  const asked = useRef(0);
  const taken = useRef(0);
  const image = imageOf(state, pane);
  const key = image && imageKey(image);
  const file = image && state.study.files[image.file]!.file;
  const frame = image?.frame ?? 0;
  const { stack, voi, isInverted } = pane;
  const shownStack = useRef(stack);
  shownStack.current = stack;

  // Asked for before the page is laid out and painted: that takes as long as it takes to make a picture.
  useLayoutEffect(() => {
    const jobs = queue.current!;
    if (!file || key === null) {
      setPicture(null);
      return;
    }
    const presentation: ImagePresentation = { ...plainPresentation, frame, window: voi, isInverted };
    jobs.run(async () => {
      const place = ++asked.current;
      const made = await reader.showFrame(file, presentation).then(
        pixels => ({ key, pixels, error: null }),
        (thrown: unknown) => ({ key, pixels: null, error: toErrorData(thrown) }),
      );
      // One of a drag or a scroll that went on is shown all the same: it is nearer than the one before. One that was overtaken is not.
      if (shownStack.current !== stack || place < taken.current) return;
      taken.current = place;
      const isDrawn = made.pixels && canvas.current && drawPicture(canvas.current, made.pixels);
      const take = () => {
        setPicture(made);
        onPicture(made);
      };
      if (isDrawn) startTransition(take);
      else take();
    });
  }, [reader, file, key, frame, stack, voi, isInverted, canvas, onPicture]);
  useEffect(() => () => queue.current?.clear(), []);
  return picture;
}
