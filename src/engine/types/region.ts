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
  | { kind: 'point'; at: ImagePoint }
  /** From one end to the other. */
  | { kind: 'length'; from: ImagePoint; to: ImagePoint }
  /** An end, the vertex, the other end. */
  | { kind: 'angle'; points: readonly [ImagePoint, ImagePoint, ImagePoint] };

export const regionKinds = [
  'box',
  'ellipse',
  'freehand',
  'arrow',
  'point',
  'length',
  'angle',
] as const satisfies readonly RegionShape['kind'][];

export interface Region {
  /** What it is called beside the image and in its list, from 1; no two of an image have the same. */
  number: number;
  /** The reader's words; may be empty. */
  note: string;
  /** Of a file with several frames, the one that it is drawn on, counted from 0. */
  frame: number;
  shape: RegionShape;
  /** What was measured in it where it was drawn. */
  measured?: readonly Measured[];
}

/** A quantity, such as a mean of -41.5 HU. */
export interface Measured {
  name: (typeof measuredNames)[number];
  value: number;
  /** Such as mm, pixels, degrees, HU; empty of values without one. */
  unit: string;
}

export const measuredNames = [
  'length',
  'angle',
  'mean',
  'deviation',
  'least',
  'greatest',
  'area',
  'count',
] as const;

/** More than anybody draws on an image. */
export const mostRegions = 256;
/** Of one outline. */
export const mostOutlinePoints = 4096;
export const longestNote = 4000;
export const longestUnit = 40;

/** A region as it lies in a record or came from elsewhere; undefined where anything of it is missing or cannot be. */
export function readRegion(value: unknown): Region | undefined {
  if (!isObject(value)) return undefined;
  const { number, note, frame } = value;
  const shape = readShape(value.shape);
  const isWhole =
    isIndex(number) && number > 0 && isIndex(frame) && typeof note === 'string' && note.length <= longestNote;
  const measured = value.measured === undefined ? [] : readMeasured(value.measured);
  if (!isWhole || !shape || !measured) return undefined;
  return { number, note, frame, shape, ...(measured.length > 0 ? { measured } : {}) };
}

/** Each quantity once, or nothing. */
function readMeasured(value: unknown): Measured[] | undefined {
  if (!Array.isArray(value) || value.length > measuredNames.length) return undefined;
  const found = Array.from(value, (each: unknown): Measured | undefined => {
    if (!isObject(each)) return undefined;
    const name = measuredNames.find(known => known === each.name);
    const { value: amount, unit } = each;
    const isWhole = Number.isFinite(amount) && typeof unit === 'string' && unit.length <= longestUnit;
    return name && isWhole ? { name, value: amount as number, unit } : undefined;
  });
  const names = new Set(found.map(each => each?.name));
  return found.every(each => each !== undefined) && names.size === found.length ? found : undefined;
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
    case 'arrow':
    case 'length': {
      const from = readPoint(value.from);
      const to = readPoint(value.to);
      return from && to && { kind: value.kind, from, to };
    }
    case 'point': {
      const at = readPoint(value.at);
      return at && { kind: 'point', at };
    }
    case 'angle': {
      const { points } = value;
      if (!Array.isArray(points) || points.length !== 3) return undefined;
      const [from, vertex, to] = Array.from(points, readPoint);
      return from && vertex && to && { kind: 'angle', points: [from, vertex, to] };
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
