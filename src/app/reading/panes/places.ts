import { type Point, placeInFrame, placeInImage, type View } from '../../viewer/view-transform.ts';
import type { ImagePoint } from '../geometry/plane.ts';

/** Columns and rows of an image. */
interface Grid {
  width: number;
  height: number;
}

/** From the middle of a pane, in screen pixels, to the image. */
export function imagePoint(view: View, at: Point, { width, height }: Grid): ImagePoint {
  const [u, v] = placeInImage(view, at);
  return [u * width, v * height];
}

/** From the image to the upper left corner of a pane, in CSS pixels. */
export function panePoint(
  view: View,
  [x, y]: ImagePoint,
  { width, height }: Grid,
  pixelRatio: number,
): Point {
  const [left, top] = placeInFrame(view, [x / width, y / height]);
  return [(left + view.frame.width / 2) / pixelRatio, (top + view.frame.height / 2) / pixelRatio];
}

/** What is to the right, or below, as seen, in pixels of the image: an arrow key goes there however the image lies. */
export function stepInImage(
  { turns, isFlipped }: Pick<View, 'turns' | 'isFlipped'>,
  [right, down]: Point,
): Point {
  const [x, y]: Point = [isFlipped ? -right : right, down];
  const steps: Point[] = [
    [x, y],
    [y, -x],
    [-x, -y],
    [-y, x],
  ];
  const [across, below] = steps[turns]!;
  return [across + 0, below + 0];
}
