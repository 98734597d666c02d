/**
 * The only place where boxes and points that a model wrote into an answer are read. What surrounds them does not matter; what is not
 * written as one of the forms is no box, and nothing is mended: four numbers in a sentence are four numbers.
 */
import type { Size } from '../types/image-views.ts';
import type { Extent, ImagePoint } from '../types/region.ts';

/** How a model was trained to say where something is. */
export type BoxForm =
  /** InternVL, Mini-Monkey: `<ref>what</ref><box>[[x1, y1, x2, y2]]</box>`, from 0 to 1000 across and down. */
  | 'internvl'
  /** Gemma, MedGemma: JSON with `box_2d: [y1, x1, y2, x2]` and `label`, from 0 to 1000. */
  | 'gemma'
  /** Qwen2.5-VL: JSON with `bbox_2d: [x1, y1, x2, y2]` or `point_2d: [x, y]`, and `label`, in pixels of the picture that it was given. */
  | 'qwen';

export interface FoundPlace {
  /** What the model says that it is; empty where it does not. */
  label: string;
  /** In pixels of the picture that was shown. */
  place: { kind: 'box'; extent: Extent } | { kind: 'point'; at: ImagePoint };
  form: BoxForm;
  /** Where it stands in the answer. */
  start: number;
  end: number;
}

/** Boxes reach from 0 to this in the forms that do not count in pixels. */
const scale = 1000;

/**
 * @param answer as the model wrote it
 * @param picture what the model was shown, in pixels
 * @param given the picture in the pixels that the model counts in, where it counts in pixels and was given another size
 * @returns in the order in which they were written; those that are not wholly inside, or have their corners exchanged, are not among them
 */
export function findPlaces(answer: string, picture: Size, given: Size = picture): FoundPlace[] {
  const thousandths = { width: scale, height: scale };
  const found = [
    ...tagged(answer).flatMap(written => placesOf(written, { form: 'internvl', in: thousandths, picture })),
    ...inJson(answer, 'box_2d')
      .map(written => ({ ...written, numbers: written.numbers.map(swapped) }))
      .flatMap(written => placesOf(written, { form: 'gemma', in: thousandths, picture })),
    ...inJson(answer, 'bbox_2d').flatMap(written => placesOf(written, { form: 'qwen', in: given, picture })),
    ...inJson(answer, 'point_2d').flatMap(written =>
      placesOf(written, { form: 'qwen', in: given, picture, arePoints: true }),
    ),
  ];
  return found.sort((a, b) => a.start - b.start);
}

interface Written {
  label: string;
  /** Of each box four, of each point two. */
  numbers: number[][];
  start: number;
  end: number;
}

const number = /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)\s*$/;

/** Numbers between commas; undefined where there is anything else. */
function readNumbers(text: string): number[] | undefined {
  const parts = text.split(',');
  return parts.every(part => number.test(part)) ? parts.map(Number) : undefined;
}

/** `<ref>` is optional; several boxes may follow it. */
function tagged(answer: string): Written[] {
  const form = /(?:<ref>([^<]*)<\/ref>\s*)?<box>\s*\[([\d\s,.[\]+-]*)\]\s*<\/box>/g;
  return [...answer.matchAll(form)].flatMap(match => {
    const [whole, label = '', list] = match;
    const written = /^\s*\[/.test(list!) ? listsIn(list!) : [readNumbers(list!)];
    const numbers = written?.filter(each => each !== undefined);
    if (!numbers || numbers.length === 0) return [];
    return [{ label: label.trim(), numbers, start: match.index, end: match.index + whole.length }];
  });
}

/** `[1, 2, 3, 4], [5, 6, 7, 8]`; undefined where anything stands between. */
function listsIn(text: string): (number[] | undefined)[] | undefined {
  const lists = [...text.matchAll(/\[([^[\]]*)\]/g)];
  const rest = text.replace(/\[[^[\]]*\]/g, '');
  return /^[\s,]*$/.test(rest) ? lists.map(([, inner]) => readNumbers(inner!)) : undefined;
}

/** Objects without others in them, wherever they stand: in a fence, a list, a sentence; a list of lists is several boxes. */
function inJson(answer: string, name: string): Written[] {
  return [...answer.matchAll(/\{[^{}]*\}/g)].flatMap(match => {
    const value = parseObject(match[0]);
    if (!value || !Object.hasOwn(value, name)) return [];
    const lists = Array.isArray(value[name]) && Array.isArray(value[name][0]) ? value[name] : [value[name]];
    if (!Array.isArray(lists)) return [];
    const numbers = lists.filter(isNumbers);
    if (numbers.length === 0) return [];
    const label = typeof value.label === 'string' ? value.label.trim() : '';
    return [{ label, numbers, start: match.index, end: match.index + match[0].length }];
  });
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined; // Braces around something else.
  }
}

const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every(each => Number.isFinite(each));

/** y before x. */
const swapped = ([y1, x1, y2, x2, ...more]: number[]): number[] =>
  [x1, y1, x2, y2, ...more].filter(each => each !== undefined);

interface Reading {
  form: BoxForm;
  /** The size of the picture in the numbers that are written. */
  in: Size;
  picture: Size;
  arePoints?: boolean;
}

function placesOf(
  { label, numbers, start, end }: Written,
  { form, in: counted, picture, arePoints = false }: Reading,
): FoundPlace[] {
  const { width, height } = picture;
  // Multiplied first: the far edge is then the edge exactly.
  const pointOf = (x: number, y: number): ImagePoint => [
    (x * width) / counted.width,
    (y * height) / counted.height,
  ];
  const isInside = ([x, y]: ImagePoint) => x >= 0 && y >= 0 && x <= width && y <= height;
  return numbers.flatMap((found): FoundPlace[] => {
    if (found.length !== (arePoints ? 2 : 4)) return [];
    const [x1, y1, x2, y2] = found as [number, number, number, number];
    const from = pointOf(x1, y1);
    if (!isInside(from)) return [];
    if (arePoints) return [{ label, form, start, end, place: { kind: 'point', at: from } }];
    const to = pointOf(x2, y2);
    const extent = { x: from[0], y: from[1], width: to[0] - from[0], height: to[1] - from[1] };
    if (!isInside(to) || extent.width <= 0 || extent.height <= 0) return [];
    return [{ label, form, start, end, place: { kind: 'box', extent } }];
  });
}

/** A box of a picture as InternVL and its kin read it: from 0 to 1000, upper left corner first. */
export function inThousandths(
  { x, y, width, height }: Extent,
  picture: Size,
): [number, number, number, number] {
  const share = (length: number, of: number) =>
    Math.min(scale, Math.max(0, Math.round((length / of) * scale)));
  return [
    share(x, picture.width),
    share(y, picture.height),
    share(x + width, picture.width),
    share(y + height, picture.height),
  ];
}
