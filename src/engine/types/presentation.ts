/**
 * How an image is shown, to the reader and to a model alike: with the file's bytes, all that the pixels of a question depend on.
 * Plain data, which is stored with a question and with what an answer says that the model saw.
 */
import { type VoiChoice, voiFunctions } from './dicom.ts';
import type { Rectangle, Size } from './image-views.ts';

/**
 * Which values become black, white and the greys between: those after the modality's own scale, such as HU. Or, of computed tomography,
 * three windows at once as red, green and blue (`imaging/ct-colours.ts`).
 */
export type ImageWindow = VoiChoice | typeof ctColourWindow;

export const ctColourWindow = { kind: 'ct-colours' } as const;

export interface ImagePresentation {
  /** Of a file with several, counted from 0. */
  frame: number;
  /** Null: as the file itself says of this frame. */
  window: ImageWindow | null;
  /** Black and white exchanged, beyond what the file itself says. */
  isInverted: boolean;
  /** Clockwise quarter turns of the upright image. */
  turns: 0 | 1 | 2 | 3;
  /** Left and right exchanged, after turning. */
  isFlipped: boolean;
  /** Painted black, in whole pixels of the upright image, not turned. */
  redactions: readonly Rectangle[];
  /** What is asked about, in the same pixels: the model sees it closely beside the whole. */
  region: Rectangle | null;
}

/** An image as its file shows it. */
export const plainPresentation: ImagePresentation = {
  frame: 0,
  window: null,
  isInverted: false,
  turns: 0,
  isFlipped: false,
  redactions: [],
  region: null,
};

/** More than anybody draws, and few enough to read. */
export const mostRedactions = 256;
/** No image that is accepted is larger. */
const longestSide = 1_000_000;
const mostFrames = 1_000_000;
const mostTables = 1024;

/**
 * The presentation that lies in a record, or came from elsewhere. Undefined where anything of it is missing or cannot be: another
 * one would show something else.
 */
export function readPresentation(value: unknown): ImagePresentation | undefined {
  if (!isObject(value)) return undefined;
  const { frame, window, isInverted, turns, isFlipped, redactions, region } = value;
  const found = {
    window: window === null ? null : readWindow(window),
    redactions: readRectangles(redactions),
    region: region === null ? null : readRectangle(region),
  };
  const isWhole =
    isIndex(frame, mostFrames) &&
    isIndex(turns, 4) &&
    typeof isInverted === 'boolean' &&
    typeof isFlipped === 'boolean' &&
    found.window !== undefined &&
    found.redactions !== undefined &&
    found.region !== undefined;
  if (!isWhole) return undefined;
  return {
    frame,
    window: found.window!,
    isInverted,
    turns: turns as ImagePresentation['turns'],
    isFlipped,
    redactions: found.redactions!,
    region: found.region!,
  };
}

/** A window that can be computed: finite, and as wide as its function needs (PS3.3 C.11.2.1.2). */
export function readWindow(value: unknown): ImageWindow | undefined {
  if (!isObject(value)) return undefined;
  const { kind, centre, width, index, function: name } = value;
  if (kind === 'range') return { kind };
  if (kind === ctColourWindow.kind) return ctColourWindow;
  if (kind === 'lut') return isIndex(index, mostTables) ? { kind, index } : undefined;
  const found = voiFunctions.find(each => each === name);
  if (kind !== 'level' || !found || !isNumber(centre) || !isNumber(width)) return undefined;
  const isWideEnough = found === 'LINEAR' ? width >= 1 : width > 0;
  // Without the sign of zero, which no key tells apart.
  return isWideEnough ? { kind, centre: centre + 0, width, function: found } : undefined;
}

/** In whole pixels, with an area. */
export function readRectangle(value: unknown): Rectangle | undefined {
  if (!isObject(value)) return undefined;
  const { x, y, width, height } = value;
  const isWhole =
    isIndex(x, longestSide) &&
    isIndex(y, longestSide) &&
    isIndex(width, longestSide + 1) &&
    isIndex(height, longestSide + 1) &&
    width > 0 &&
    height > 0;
  return isWhole ? { x: x + 0, y: y + 0, width, height } : undefined;
}

function readRectangles(value: unknown): Rectangle[] | undefined {
  if (!Array.isArray(value) || value.length > mostRedactions) return undefined;
  const found = Array.from(value, readRectangle);
  return found.every(each => each !== undefined) ? found : undefined;
}

/**
 * The presentation as a text, the same for all that show the same: what features and prompts are found by. Empty for the plain one, so
 * that what is kept of images from before presentations is still found.
 */
export function presentationKey(presentation: ImagePresentation): string {
  const { frame, window, isInverted, turns, isFlipped, redactions, region } = presentation;
  // The order in which black is painted does not show.
  const black = [...new Set(redactions.map(inNumbers))].sort();
  return [
    ...(frame > 0 ? [`frame ${frame}`] : []),
    ...(window ? [windowKey(window)] : []),
    ...(isInverted ? ['inverted'] : []),
    ...(turns > 0 ? [`turned ${turns}`] : []),
    ...(isFlipped ? ['flipped'] : []),
    ...black.map(each => `black ${each}`),
    ...(region ? [`region ${inNumbers(region)}`] : []),
  ].join('; ');
}

function windowKey(window: ImageWindow): string {
  switch (window.kind) {
    case 'level':
      return `window ${window.centre},${window.width} ${window.function}`;
    case 'lut':
      return `table ${window.index}`;
    case 'range':
      return 'range';
    case 'ct-colours':
      return 'ct colours';
  }
}

const inNumbers = ({ x, y, width, height }: Rectangle) => `${x},${y},${width},${height}`;

export function isSamePresentation(a: ImagePresentation, b: ImagePresentation): boolean {
  return presentationKey(a) === presentationKey(b);
}

/** What a message calls an image that it asks about: the file's id alone where the file is shown as it is. */
export function imageKey(id: string, presentation: ImagePresentation = plainPresentation): string {
  const key = presentationKey(presentation);
  return key === '' ? id : `${id}#${key}`;
}

/** Of the picture that is shown of an upright image. */
export function presentedSize({ width, height }: Size, { turns }: Pick<ImagePresentation, 'turns'>): Size {
  return turns % 2 === 0 ? { width, height } : { width: height, height: width };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isNumber = (value: unknown): value is number => Number.isFinite(value);
/** A whole number from 0, below `end`. */
const isIndex = (value: unknown, end: number): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < end;
