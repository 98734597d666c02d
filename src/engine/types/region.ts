/** Marks that a reader draws over an image: data beside it, never part of its pixels. */

/** In pixels of the upright image, not turned, from its upper left corner; fractions of a pixel count. */
export type ImagePoint = readonly [x: number, y: number];

/** In the same pixels. */
export interface Extent {
  x: number;
  y: number;
  width: number;
  height: number;
}

export type RegionShape =
  | { kind: 'box'; extent: Extent }
  /** The one that touches the sides of `extent`. */
  | { kind: 'ellipse'; extent: Extent }
  /** An outline, closed from the last point to the first. */
  | { kind: 'freehand'; points: readonly ImagePoint[] }
  /** `to` is its head. */
  | { kind: 'arrow'; from: ImagePoint; to: ImagePoint }
  | { kind: 'point'; at: ImagePoint };

export const regionKinds = [
  'box',
  'ellipse',
  'freehand',
  'arrow',
  'point',
] as const satisfies readonly RegionShape['kind'][];

export interface Region {
  /** What it is called beside the image and in its list, from 1; no two of an image have the same. */
  number: number;
  /** The reader's words; may be empty. */
  note: string;
  /** Of a file with several frames, the one that it is drawn on, counted from 0. */
  frame: number;
  shape: RegionShape;
}

/** More than anybody draws on an image. */
export const mostRegions = 256;
/** Of one outline. */
export const mostOutlinePoints = 4096;
export const longestNote = 4000;

/** A region as it lies in a record or came from elsewhere; undefined where anything of it is missing or cannot be. */
export function readRegion(value: unknown): Region | undefined {
  if (!isObject(value)) return undefined;
  const { number, note, frame } = value;
  const shape = readShape(value.shape);
  const isWhole =
    isIndex(number) && number > 0 && isIndex(frame) && typeof note === 'string' && note.length <= longestNote;
  return isWhole && shape ? { number, note, frame, shape } : undefined;
}

/** All of an image, each by another number, or nothing. */
export function readRegions(value: unknown): Region[] | undefined {
  if (!Array.isArray(value) || value.length > mostRegions) return undefined;
  const found = Array.from(value, readRegion);
  const numbers = new Set(found.map(region => region?.number));
  return found.every(region => region !== undefined) && numbers.size === found.length ? found : undefined;
}

function readShape(value: unknown): RegionShape | undefined {
  if (!isObject(value)) return undefined;
  switch (value.kind) {
    case 'box':
    case 'ellipse': {
      const extent = readExtent(value.extent);
      return extent && { kind: value.kind, extent };
    }
    case 'freehand': {
      const { points } = value;
      if (!Array.isArray(points) || points.length === 0 || points.length > mostOutlinePoints)
        return undefined;
      const found = Array.from(points, readPoint);
      return found.every(point => point !== undefined) ? { kind: 'freehand', points: found } : undefined;
    }
    case 'arrow': {
      const from = readPoint(value.from);
      const to = readPoint(value.to);
      return from && to && { kind: 'arrow', from, to };
    }
    case 'point': {
      const at = readPoint(value.at);
      return at && { kind: 'point', at };
    }
    default:
      return undefined;
  }
}

function readExtent(value: unknown): Extent | undefined {
  if (!isObject(value)) return undefined;
  const { x, y, width, height } = value;
  const isWhole = isCoordinate(x) && isCoordinate(y) && isCoordinate(width) && isCoordinate(height);
  return isWhole ? { x, y, width, height } : undefined;
}

function readPoint(value: unknown): ImagePoint | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [x, y] = value as [unknown, unknown];
  return isCoordinate(x) && isCoordinate(y) ? [x, y] : undefined;
}

/** No image that is accepted is larger. */
const farthest = 1_000_000;
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isIndex = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < farthest;
const isCoordinate = (value: unknown): value is number =>
  Number.isFinite(value) && (value as number) >= 0 && (value as number) <= farthest;
