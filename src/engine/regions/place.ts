import type { Rectangle, Size } from '../types/image-views.ts';
import { type ImagePresentation, presentedSize } from '../types/presentation.ts';
import type { ImagePoint, RegionShape } from '../types/region.ts';

type Turning = Pick<ImagePresentation, 'turns' | 'isFlipped'>;

/** Where a point of the upright image lies in the picture that is shown: turned clockwise by quarters, then left and right exchanged. */
export function placePoint([x, y]: ImagePoint, size: Size, { turns, isFlipped }: Turning): ImagePoint {
  const { width, height } = size;
  const turned: ImagePoint[] = [
    [x, y],
    [height - y, x],
    [width - x, height - y],
    [y, width - x],
  ];
  const [across, down] = turned[turns]!;
  return [isFlipped ? presentedSize(size, { turns }).width - across : across, down];
}

/** The point of the upright image that lies at a place of the picture. `size`: of the upright image. */
export function findPoint([x, y]: ImagePoint, size: Size, { turns, isFlipped }: Turning): ImagePoint {
  const { width, height } = size;
  const across = isFlipped ? presentedSize(size, { turns }).width - x : x;
  const upright: ImagePoint[] = [
    [across, y],
    [y, height - across],
    [width - across, height - y],
    [width - y, across],
  ];
  return upright[turns]!;
}

/** Where a rectangle of the upright image lies in the picture that is shown. */
export function placeRectangle(rectangle: Rectangle, size: Size, turning: Turning): Rectangle {
  return betweenCorners(rectangle, corner => placePoint(corner, size, turning));
}

/** The rectangle of the upright image that lies at a place of the picture. */
export function findRectangle(rectangle: Rectangle, size: Size, turning: Turning): Rectangle {
  return betweenCorners(rectangle, corner => findPoint(corner, size, turning));
}

/** Where a mark on the upright image lies in the picture that is shown. */
export function placeShape(shape: RegionShape, size: Size, turning: Turning): RegionShape {
  const place = (point: ImagePoint) => placePoint(point, size, turning);
  switch (shape.kind) {
    case 'box':
    case 'ellipse':
      return { kind: shape.kind, extent: placeRectangle(shape.extent, size, turning) };
    case 'freehand':
      return { kind: 'freehand', points: shape.points.map(place) };
    case 'angle': {
      const [from, vertex, to] = shape.points;
      return { kind: 'angle', points: [place(from), place(vertex), place(to)] };
    }
    case 'arrow':
    case 'length':
      return { kind: shape.kind, from: place(shape.from), to: place(shape.to) };
    case 'point':
      return { kind: 'point', at: place(shape.at) };
  }
}

function betweenCorners(
  { x, y, width, height }: Rectangle,
  move: (corner: ImagePoint) => ImagePoint,
): Rectangle {
  const [ax, ay] = move([x, y]);
  const [bx, by] = move([x + width, y + height]);
  return { x: Math.min(ax, bx), y: Math.min(ay, by), width: Math.abs(bx - ax), height: Math.abs(by - ay) };
}
