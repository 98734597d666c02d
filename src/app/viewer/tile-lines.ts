import { countTiles, type Rectangle, type SeenView, type Size } from '../../client/index.ts';
import type { Point } from './view-transform.ts';

/** What of the model's sight is drawn over the image: a view, by its name, or nothing. */
export type Layer = string;

export const noLayer: Layer = 'off';

/** The layers that there are; a model that is not loaded sees nothing. */
export function layersOf(views: readonly SeenView[] | null): Layer[] {
  return [noLayer, ...(views ?? []).map(({ name }) => name)];
}

/** The view that a layer draws. */
export function viewOfLayer(views: readonly SeenView[] | null, layer: Layer): SeenView | null {
  return views?.find(({ name }) => name === layer) ?? null;
}

export function hasSeveralTiles(view: SeenView): boolean {
  return countTiles([view]) > 1;
}

/** What of the image a view shows: all of it where that was not stored. */
export function shownPart({ rectangle }: SeenView, { width, height }: Size): Rectangle {
  return rectangle ?? { x: 0, y: 0, width, height };
}

export type Line = readonly [from: Point, to: Point];

/**
 * The edges of a view's tiles, in shares of the image's width and height. What the view shows is resized to the whole grid
 * before it is cut, so that the cuts lie evenly over it.
 */
export function tileLines(view: SeenView, image: Size): Line[] {
  const [columns, rows] = view.grid;
  const { x, y, width, height } = shownPart(view, image);
  const place = ([across, down]: Point): Point => [
    x / image.width + across * (width / image.width),
    y / image.height + down * (height / image.height),
  ];
  const upright = Array.from(
    { length: columns + 1 },
    (_, i): Line => [place([i / columns, 0]), place([i / columns, 1])],
  );
  const level = Array.from(
    { length: rows + 1 },
    (_, i): Line => [place([0, i / rows]), place([1, i / rows])],
  );
  return [...upright, ...level];
}
