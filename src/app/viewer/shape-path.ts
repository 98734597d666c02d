import type { Point } from '../../viewer/view-transform.ts';
import type { MarkKind } from '../marks/mark.ts';

/** As a path of SVG; `points` on the pane, in CSS pixels. An ellipse is turned with its image only by quarters: its box stays level. */
export function markPath(kind: MarkKind, points: readonly Point[]): string {
  const [first, second] = points;
  if (!first) return '';
  switch (kind) {
    case 'point':
      return circle(first, 4);
    case 'rectangle':
    case 'redaction':
      return second ? rectangle(first, second) : '';
    case 'ellipse':
      return second ? ellipse(first, second) : '';
    case 'arrow':
      return second ? arrow(first, second) : '';
    case 'freehand':
      return `${line(points)}Z`;
    case 'length':
      return second ? `${line(points)}${bar(first, second)}${bar(second, first)}` : '';
    case 'angle':
      return line(points);
  }
}

const place = ([x, y]: Point) => `${x.toFixed(2)} ${y.toFixed(2)}`;
const line = (points: readonly Point[]) => `M${points.map(place).join('L')}`;

function rectangle([x0, y0]: Point, [x1, y1]: Point): string {
  return `${line([
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ])}Z`;
}

function circle([x, y]: Point, radius: number): string {
  return ellipse([x - radius, y - radius], [x + radius, y + radius]);
}

function ellipse([x0, y0]: Point, [x1, y1]: Point): string {
  const [rx, ry] = [Math.abs(x1 - x0) / 2, Math.abs(y1 - y0) / 2];
  const middle = (y0 + y1) / 2;
  const arc = (to: Point) => `A${rx.toFixed(2)} ${ry.toFixed(2)} 0 0 1 ${place(to)}`;
  return `M${place([x0, middle])}${arc([x1, middle])}${arc([x0, middle])}Z`;
}

/** Across the end of a length, so that it is seen where it ends. */
function bar([x, y]: Point, [otherX, otherY]: Point): string {
  const length = Math.hypot(otherX - x, otherY - y) || 1;
  const [across, down] = [((otherY - y) / length) * 5, (-(otherX - x) / length) * 5];
  return line([
    [x - across, y - down],
    [x + across, y + down],
  ]);
}

function arrow([x0, y0]: Point, [x1, y1]: Point): string {
  const length = Math.hypot(x1 - x0, y1 - y0) || 1;
  const [ux, uy] = [(x1 - x0) / length, (y1 - y0) / length];
  const barb = (side: number): Point => [x1 - ux * 11 + uy * 5.5 * side, y1 - uy * 11 - ux * 5.5 * side];
  return `${line([
    [x0, y0],
    [x1, y1],
  ])}${line([barb(1), [x1, y1], barb(-1)])}`;
}
