import type { DicomWarning, OfferedWindow, Rescale, VoiFunction } from '../../../engine/types/dicom.ts';
import type { DataSet } from '../data-set/data-set.ts';
import { tag } from '../data-set/tags.ts';
import type { FunctionalGroups } from './functional-groups.ts';

const functions: readonly string[] = ['LINEAR', 'LINEAR_EXACT', 'SIGMOID'];

export interface FoundRescale {
  rescale: Rescale | null;
  /** The slope is 0, which makes all values one: it is taken as 1. */
  isInvalid: boolean;
}

/** Slope and intercept of a frame (PS3.3, C.11.1 and C.7.6.16.2.9). Null where the file has neither. */
export function readRescale(groups: FunctionalGroups, frame: number): FoundRescale {
  const source = groups.findOrTop(frame, tag.pixelValueTransformationSequence);
  const slope = source.number(tag.rescaleSlope, 'DS');
  const intercept = source.number(tag.rescaleIntercept, 'DS');
  if (slope === undefined && intercept === undefined) return { rescale: null, isInvalid: false };
  return {
    rescale: { slope: slope || 1, intercept: intercept ?? 0, type: source.text(tag.rescaleType) ?? null },
    isInvalid: slope === 0,
  };
}

export interface FoundWindows {
  windows: OfferedWindow[];
  warnings: DicomWarning[];
}

/** The valid windows of a frame (PS3.3, C.11.2.1.2), in the file's order. */
export function readWindows(
  groups: FunctionalGroups,
  frame: number,
  characterSets: readonly string[],
): FoundWindows {
  const source = groups.findOrTop(frame, tag.frameVoiLutSequence);
  const centres = source.numbers(tag.windowCentre, 'DS');
  const widths = source.numbers(tag.windowWidth, 'DS');
  const name = source.text(tag.voiLutFunction)?.toUpperCase() ?? 'LINEAR';
  const isKnown = functions.includes(name);
  const voiFunction = isKnown ? (name as VoiFunction) : 'LINEAR';
  const explanations = readExplanations(source, characterSets);
  const pairs = Math.min(centres.length, widths.length);
  const windows = Array.from({ length: pairs }, (_, i) => i).flatMap(i => {
    const [centre, width] = [centres[i]!, widths[i]!];
    if (centre === null || width === null || !isWideEnough(width, voiFunction)) return [];
    return { centre, width, function: voiFunction, explanation: explanations[i] ?? null };
  });
  const warnings: DicomWarning[] = [];
  if (centres.length !== widths.length || windows.length < pairs) warnings.push('invalid-window');
  if (!isKnown) warnings.push('unknown-voi-function');
  return { windows, warnings };
}

export function isWideEnough(width: number, voiFunction: VoiFunction): boolean {
  return voiFunction === 'LINEAR' ? width >= 1 : width > 0;
}

function readExplanations(source: DataSet, characterSets: readonly string[]): string[] {
  return (
    source
      .localText(tag.windowExplanation, characterSets)
      ?.split('\\')
      .map(text => text.trim()) ?? []
  );
}
