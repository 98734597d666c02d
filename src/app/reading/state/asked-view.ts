import type { ImagePresentation, Rectangle, Region, Size } from '../../../client/index.ts';
import { boundsOf } from '../geometry/regions.ts';
import type { ValueGrid } from '../geometry/statistics.ts';
import type { Mark } from '../marks/mark.ts';
import { regionOf } from '../marks/mark-values.ts';
import { sizeOf } from '../study/image-facts.ts';
import { imageKey } from '../study/image-key.ts';
import { folderOf } from '../study/natural-order.ts';
import { activePane, imageOf, marksOf, type ReadingState } from './reading-state.ts';
import { regionsOn } from './regions-on.ts';

/**
 * What is asked about: the image of the active pane as it is shown there, with what is covered; closely, the region that is chosen. Null
 * of an empty pane. An answer says in numbers through which window its image was seen, so it has what the file means once that is known.
 */
export interface AskedView {
  file: Blob;
  name: string;
  /** Of the image, upright. */
  size: Size;
  presentation: ImagePresentation;
  /** What is marked on it. */
  regions: readonly Region[];
}

/** `values`: of that image, where they are known. */
export function askedView(state: ReadingState, values: ValueGrid | null = null): AskedView | null {
  const pane = activePane(state);
  const image = imageOf(state, pane);
  if (!image) return null;
  const meant = pane.info?.key === imageKey(image) ? pane.info.windows[0] : undefined;
  const file = state.study.files[image.file]!;
  const { width, height } = sizeOf(file);
  const marks = marksOf(state, pane);
  const boxes = marks.filter(({ kind }) => kind === 'redaction');
  const chosen = marks.find(({ id }) => id === state.chosenMark);
  const isRegion = chosen !== undefined && regionOf(chosen) !== null;
  return {
    file: file.file,
    name: nameOf(file.path, file.facts.frames > 1 ? image.frame + 1 : null),
    size: { width, height },
    regions: regionsOn(state, image, values),
    presentation: {
      frame: image.frame,
      window: pane.voi ?? meant?.choice ?? null,
      isInverted: pane.isInverted,
      turns: pane.view.turns,
      isFlipped: pane.view.isFlipped,
      redactions: boxes.map(box => coveredPixels(box, width, height)),
      region: isRegion ? coveredPixels(chosen, width, height) : null,
    },
  };
}

/** Whether the active pane shows its image, and no more the one before. */
export function isViewShown(state: ReadingState): boolean {
  const pane = activePane(state);
  const image = imageOf(state, pane);
  return image !== null && pane.info?.key === imageKey(image);
}

export function nameOf(path: string, frame: number | null): string {
  const folder = folderOf(path);
  const name = path.slice(folder === '' ? 0 : folder.length + 1);
  return frame === null ? name : `${name}, frame ${frame}`;
}

/** Every pixel that a mark touches: what is half covered might still be read. */
export function coveredPixels({ points }: Pick<Mark, 'points'>, width: number, height: number): Rectangle {
  const [left, top, right, bottom] = boundsOf(points);
  const x = Math.min(width - 1, Math.max(0, Math.floor(left)));
  const y = Math.min(height - 1, Math.max(0, Math.floor(top)));
  return {
    x,
    y,
    width: Math.max(1, Math.min(width, Math.ceil(right)) - x),
    height: Math.max(1, Math.min(height, Math.ceil(bottom)) - y),
  };
}
