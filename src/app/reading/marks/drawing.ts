import type { ImagePoint } from '../geometry/plane.ts';
import { type MarkKind, pointsOf } from './mark.ts';

/** A mark that is being drawn. */
export interface Drawing {
  kind: MarkKind;
  /** The last one follows the pointer. */
  points: readonly ImagePoint[];
}

/** What became of it: it goes on, is whole, or was nothing. */
export type DrawingStep = { drawing: Drawing | null; whole: readonly ImagePoint[] | null };

const goesOn = (drawing: Drawing): DrawingStep => ({ drawing, whole: null });
const nothing: DrawingStep = { drawing: null, whole: null };

/** The pointer goes down: a new mark begins, or the point that follows it stays there. */
export function press(drawing: Drawing | null, kind: MarkKind, at: ImagePoint): DrawingStep {
  if (drawing?.kind !== kind) {
    if (kind === 'point') return { drawing: null, whole: [at] };
    return goesOn({ kind, points: [at, at] });
  }
  return settle(move(drawing, at));
}

/** The point that follows the pointer; an outline leaves a trail where the pointer is `isHeld` down. */
export function move(drawing: Drawing, at: ImagePoint, isHeld = false): Drawing {
  const { kind, points } = drawing;
  if (kind !== 'freehand' || !isHeld) return { kind, points: [...points.slice(0, -1), at] };
  const before = points.at(-2);
  if (before && Math.hypot(at[0] - before[0], at[1] - before[1]) < leastTrail) {
    return { kind, points: [...points.slice(0, -1), at] };
  }
  return { kind, points: [...points, at] };
}

/** Of a pixel, between two points of a trail. */
const leastTrail = 0.5;

/** The pointer goes up. `wasDragged`: it moved while it was down; else the next press sets the next point. */
export function release(drawing: Drawing, at: ImagePoint, wasDragged: boolean): DrawingStep {
  if (!wasDragged) return goesOn(drawing);
  const moved = move(drawing, at, drawing.kind === 'freehand');
  return drawing.kind === 'freehand' ? end(moved) : settle(moved);
}

/** The point that followed stays; where that was the last one, the mark is whole. */
function settle(drawing: Drawing): DrawingStep {
  const { kind, points } = drawing;
  const wanted = pointsOf(kind);
  const last = points.at(-1)!;
  if (wanted === null) {
    const before = points.at(-2)!;
    // Set twice at the same place, an outline is closed.
    const isEnd = before[0] === last[0] && before[1] === last[1];
    return isEnd && points.length > 2 ? end(drawing) : goesOn({ kind, points: [...points, last] });
  }
  return points.length < wanted ? goesOn({ kind, points: [...points, last] }) : end(drawing);
}

/** Whole as it is; nothing where it has no size. */
export function end({ kind, points }: Drawing): DrawingStep {
  const whole = kind === 'freehand' ? withoutRepeats(points) : points;
  const hasSize = kind === 'point' || hasExtent(kind, whole);
  return hasSize ? { drawing: null, whole } : nothing;
}

function hasExtent(kind: MarkKind, points: readonly ImagePoint[]): boolean {
  const wide = spread(points.map(([x]) => x));
  const high = spread(points.map(([, y]) => y));
  if (kind === 'freehand') return points.length >= 3 && wide > 0 && high > 0;
  if (kind === 'angle')
    return points.length === 3 && isApart(points[0]!, points[1]!) && isApart(points[2]!, points[1]!);
  if (kind === 'length' || kind === 'arrow') return wide > 0 || high > 0;
  return wide > 0 && high > 0;
}

const spread = (values: readonly number[]) => Math.max(...values) - Math.min(...values);
const isApart = ([ax, ay]: ImagePoint, [bx, by]: ImagePoint) => ax !== bx || ay !== by;

function withoutRepeats(points: readonly ImagePoint[]): ImagePoint[] {
  return points.filter((point, at) => at === 0 || isApart(point, points[at - 1]!));
}
