import { plural } from '../../format/quantities.ts';
import { type ImageOrientation, planeName } from '../geometry/orientation.ts';
import { heightOf, liesAlike, placeOf } from './frame-place.ts';
import type { StudyFile } from './image-facts.ts';
import { compareNaturally, folderOf } from './natural-order.ts';

/** A frame of a file of a study. */
export interface StackImage {
  /** Its place in the study. */
  file: number;
  frame: number;
}

/** Images that lie on one another, in order: a series, the frames of a file, the pictures of a folder. */
export interface Stack {
  /** Of this stack among those of the study. */
  id: string;
  /** As the files call it. */
  name: string;
  /** What it is, shortly. */
  detail: string;
  images: readonly StackImage[];
}

/**
 * Series by their identifier, apart where images lie otherwise or are of another size; a file of several frames is a stack of
 * its own. Along the normal of the images where their places are known, else by their numbers, else by name.
 */
export function stacksOf(files: readonly StudyFile[]): Stack[] {
  const groups = new Map<string, number[]>();
  const seen = new Set<string>();
  files.forEach((file, place) => {
    const instance = file.facts.dicom?.identity.instanceUid ?? null;
    // The same image, from two folders.
    if (instance !== null && seen.has(instance)) return;
    if (instance !== null) seen.add(instance);
    const key = groupKey(file, place);
    const group = groups.get(key);
    if (group) group.push(place);
    else groups.set(key, [place]);
  });
  return [...groups]
    .map(([id, places]) => ({ stack: stackOf(id, inOrder(places, files), files), first: files[places[0]!]! }))
    .sort((a, b) => compareStacks(a.first, b.first) || compareNaturally(a.stack.name, b.stack.name))
    .map(({ stack }) => stack);
}

function groupKey(file: StudyFile, place: number): string {
  const { facts, path } = file;
  if (!facts.dicom) return `pictures ${folderOf(path)}`;
  const { identity } = facts.dicom;
  if (facts.frames > 1) return `frames ${place}`;
  const { width, height } = facts.size;
  const lies =
    identity.orientation?.map(share => (Math.round(share * 100) / 100 + 0).toFixed(2)).join(',') ?? '';
  return `series ${identity.seriesUid ?? folderOf(path)} ${width}x${height} ${lies}`;
}

/** Of a study's stacks: by study, number and description of their series. */
function compareStacks(a: StudyFile, b: StudyFile): number {
  const [left, right] = [a.facts.dicom, b.facts.dicom];
  if (!left || !right) return Number(!left) - Number(!right);
  return (
    compareNaturally(left.identity.studyUid ?? '', right.identity.studyUid ?? '') ||
    (left.meta.seriesNumber ?? Number.MAX_SAFE_INTEGER) - (right.meta.seriesNumber ?? Number.MAX_SAFE_INTEGER)
  );
}

function inOrder(places: readonly number[], files: readonly StudyFile[]): number[] {
  const numbers = numbersOf(places, files);
  const heights = heightsOf(places, files) ?? numbers;
  // Names are compared last, and only where they decide: of thousands that takes long.
  return places
    .map((place, at) => ({ place, height: heights?.[at] ?? 0, number: numbers?.[at] ?? 0 }))
    .sort(
      (a, b) =>
        a.height - b.height ||
        a.number - b.number ||
        compareNaturally(files[a.place]!.path, files[b.place]!.path),
    )
    .map(({ place }) => place);
}

/** Along the normal of the first image, in millimetres; null where that is not known of all. */
function heightsOf(places: readonly number[], files: readonly StudyFile[]): number[] | null {
  const heights = places.map(place => heightOf(files[place]!, 0));
  return heights.every(height => height !== null) ? heights : null;
}

/** Of one file: in the order in which they lie where all lie alike, each in a known place; else in their own. */
function framesInOrder(file: StudyFile): number[] {
  const frames = Array.from({ length: file.facts.frames }, (_, frame) => frame);
  const { orientation } = placeOf(file, 0);
  const heights = frames.map(frame => heightOf(file, frame));
  const areKnown = frames.every(
    frame => heights[frame] !== null && liesAlike(placeOf(file, frame).orientation, orientation),
  );
  return areKnown ? frames.sort((a, b) => heights[a]! - heights[b]! || a - b) : frames;
}

function numbersOf(places: readonly number[], files: readonly StudyFile[]): number[] | null {
  const numbers = places.map(place => files[place]!.facts.dicom?.meta.instanceNumber ?? null);
  return numbers.every(number => number !== null) ? numbers : null;
}

function stackOf(id: string, places: readonly number[], files: readonly StudyFile[]): Stack {
  const images = places.flatMap(file => framesInOrder(files[file]!).map(frame => ({ file, frame })));
  const first = files[places[0]!]!;
  const count = plural(images.length, 'image');
  if (!first.facts.dicom) {
    const folder = folderOf(first.path);
    const name = places.length === 1 ? first.path : folder || 'Pictures';
    return { id, name, detail: count, images };
  }
  const { meta, identity } = first.facts.dicom;
  const plane = identity.orientation ? planeName(identity.orientation as ImageOrientation) : null;
  const detail = [meta.modality, plane, count].filter(Boolean).join(' · ');
  return { id, name: seriesName(first, meta.seriesDescription, meta.seriesNumber), detail, images };
}

function seriesName({ path }: StudyFile, description: string | null, number: number | null): string {
  if (description?.trim()) return description.trim();
  return number === null ? path : `Series ${number}`;
}
