import type { DicomIdentity, DicomMeta, DicomWarning } from '../../../engine/types/dicom.ts';
import { areKnown } from '../data-set/character-sets.ts';
import type { DataSet } from '../data-set/data-set.ts';
import type { ParsedDicom } from '../data-set/read-dicom.ts';
import { tag } from '../data-set/tags.ts';
import { transferSyntax } from '../data-set/transfer-syntaxes.ts';
import { type ImagePixel, isGrey } from '../pixels/image-pixel.ts';
import { describeGrey, type GreyHeader, readGreyHeader } from './describe-grey.ts';
import { FunctionalGroups } from './functional-groups.ts';
import { readFramePlaces, readPlacement, readSpacing } from './geometry.ts';
import { isCapture } from './object-kinds.ts';
import { headerWarnings } from './warn.ts';

/** What was read of a file's header, as far as frames share it. */
export interface Header extends GreyHeader {
  meta: DicomMeta;
  identity: DicomIdentity;
  warnings: DicomWarning[];
  groups: FunctionalGroups;
  characterSets: string[];
}

/** `framesReadable`: as many as the file holds whole. */
export function describe(parsed: ParsedDicom, image: ImagePixel, framesReadable: number): Header {
  const { dataSet } = parsed;
  const groups = new FunctionalGroups(dataSet);
  const characterSets = dataSet.texts(tag.specificCharacterSet);
  const grey = readGreyHeader(dataSet, groups, image, characterSets);
  const text = (which: number) => dataSet.text(which) ?? null;
  const { spacing, kind, aspect } = readSpacing(dataSet, groups);
  const sopClass = dataSet.text(tag.sopClassUid) ?? parsed.metaSopClassUid ?? null;
  const modality = text(tag.modality);
  // Screens that were captured hold what was shown, not what was measured.
  const isCt = isGrey(image) && modality === 'CT' && !grey.modalityLut && !isCapture(sopClass);
  const meta: DicomMeta = {
    ...describePixels(image),
    framesReadable,
    ...describeSyntax(parsed),
    sopClass,
    modality,
    spacing,
    spacingKind: kind,
    pixelAspect: aspect,
    seriesNumber: integer(dataSet, tag.seriesNumber),
    instanceNumber: integer(dataSet, tag.instanceNumber),
    seriesDescription: dataSet.localText(tag.seriesDescription, characterSets) ?? null,
    burnedIn: text(tag.burnedInAnnotation),
    lossyFlag: text(tag.lossyImageCompression),
    ...describeGrey(grey, dataSet, image, isCt),
    presentationShape: text(tag.presentationLutShape),
  };
  const warnings = [...parsed.warnings, ...headerWarnings(dataSet, meta, parsed.isLossySyntax)];
  if (isCt && meta.rescale === null) warnings.push('ct-without-rescale');
  if (grey.hasInvalidRescale) warnings.push('invalid-rescale');
  if (!areKnown(characterSets)) warnings.push('charset');
  const identity = identify(dataSet, groups, characterSets, framesReadable);
  return { meta, identity, warnings, groups, characterSets, ...grey };
}

function describePixels(image: ImagePixel) {
  const { rows, columns, frames, samples, photometric, planarConfiguration } = image;
  const { bitsAllocated, bitsStored, highBit, isSigned } = image;
  return {
    rows,
    columns,
    frames,
    samplesPerPixel: samples,
    photometric,
    planarConfiguration: samples > 1 ? planarConfiguration : null,
    bitsAllocated,
    bitsStored,
    highBit,
    signed: isSigned,
  };
}

function describeSyntax({ transferSyntaxUid }: ParsedDicom) {
  const name = transferSyntaxUid === undefined ? undefined : transferSyntax(transferSyntaxUid)?.name;
  return { transferSyntax: transferSyntaxUid ?? null, transferSyntaxName: name ?? null };
}

function identify(
  dataSet: DataSet,
  groups: FunctionalGroups,
  characterSets: readonly string[],
  framesReadable: number,
): DicomIdentity {
  const frames = readFramePlaces(dataSet, groups, framesReadable);
  return {
    studyUid: dataSet.text(tag.studyInstanceUid) ?? null,
    seriesUid: dataSet.text(tag.seriesInstanceUid) ?? null,
    instanceUid: dataSet.text(tag.sopInstanceUid) ?? null,
    frameOfReferenceUid: dataSet.text(tag.frameOfReferenceUid) ?? null,
    patientName: dataSet.localText(tag.patientName, characterSets) ?? null,
    ...readPlacement(dataSet, groups, 0),
    ...(frames && { frames }),
  };
}

function integer(dataSet: DataSet, which: number): number | null {
  const value = dataSet.number(which, 'IS');
  return value === undefined ? null : Math.trunc(value);
}
