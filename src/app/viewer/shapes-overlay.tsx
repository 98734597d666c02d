import type { DrawnShape } from '../state/images/drawn-shapes.ts';
import { labelAt, labelSize, pointsOfShape, shapePath } from './shape-path.ts';
import type { Point } from './view-transform.ts';

interface ShapeDrawingProps {
  drawn: DrawnShape;
  /** From pixels of the picture to where it is drawn. */
  place: (at: Point) => Point;
  /** Of what is drawn on, where a CSS pixel is the unit. */
  width: number;
  height: number;
  unit?: number;
  isChosen?: boolean;
}

/** A mark or a place with its number, within an SVG. */
export function ShapeDrawing({ drawn, place, width, height, unit = 1, isChosen = false }: ShapeDrawingProps) {
  const { shape, label, by } = drawn;
  const points = pointsOfShape(shape).map(place);
  const path = shapePath(shape.kind, points, unit);
  const at = labelAt(points, by, { width, height }, unit);
  return (
    <g className="drawn-shape" data-by={by} data-kind={shape.kind} data-chosen={isChosen}>
      {/* A dark line under the light one: seen on white and on black. */}
      <path className="drawn-shape-ground" d={path} />
      <path d={path} />
      {at && (
        <text x={at.x} y={at.y} textAnchor={at.anchor} fontSize={labelSize * unit}>
          {label}
        </text>
      )}
    </g>
  );
}

interface PictureShapesProps {
  shapes: readonly DrawnShape[];
  /** The picture's, in pixels. */
  width: number;
  height: number;
  /** CSS pixels on which the longer side is shown, about. */
  shownSide: number;
  /** Whose outline stands out; -1 for none. */
  chosen?: number;
}

/** Over a picture that fills the same box, or is cropped to it in the middle. */
export function PictureShapes({ shapes, width, height, shownSide, chosen = -1 }: PictureShapesProps) {
  if (shapes.length === 0) return null;
  const unit = Math.max(width, height) / shownSide;
  return (
    <svg
      className="picture-shapes"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="xMidYMid slice"
      aria-hidden="true"
      focusable="false"
    >
      {shapes.map((drawn, at) => (
        <ShapeDrawing
          // biome-ignore lint/suspicious/noArrayIndexKey: a shape is its place in the list
          key={at}
          drawn={drawn}
          place={point => point}
          width={width}
          height={height}
          unit={unit}
          isChosen={chosen === at}
        />
      ))}
    </svg>
  );
}
