import type { DicomIdentity, DicomMeta, DicomWarning } from '../../../engine/types/dicom.ts';
import { areKnown } from '../data-set/character-sets.ts';
import type { DataSet } from '../data-set/data-set.ts';
import type { ParsedDicom } from '../data-set/read-dicom.ts';
import { tag } from '../data-set/tags.ts';
import { transferSyntax } from '../data-set/transfer-syntaxes.ts';
import { type ImagePixel, isFloat, isGrey } from '../pixels/image-pixel.ts';
import { FunctionalGroups } from './functional-groups.ts';
import { readPlacement, readSpacing } from './geometry.ts';
import { readRescale, readWindows } from './grey-scale.ts';
import { type LookupTable, readLookupTables } from './lookup-table.ts';
import { isCapture } from './object-kinds.ts';

/** What was read of a file's header, as far as frames share it. */
export interface Header {
  meta: DicomMeta;
  identity: DicomIdentity;
  warnings: DicomWarning[];
  groups: FunctionalGroups;
  characterSets: string[];
  modalityLut: LookupTable | undefined;
  voiLuts: LookupTable[];
}

/** Modalities whose pictures often have a name in them. */
const oftenBurnedIn = ['US', 'IVUS', 'OT', 'ES', 'XC', 'SC'];

export function describe(parsed: ParsedDicom, image: ImagePixel, framesReadable: number): Header {
  const { dataSet } = parsed;
  const groups = new FunctionalGroups(dataSet);
  const characterSets = dataSet.texts(tag.specificCharacterSet);
  const hasGrey = isGrey(image);
  const tables = (sequence: number) => readLookupTables(dataSet, sequence, image.isSigned, characterSets);
  const [modalityLut] = hasGrey ? tables(tag.modalityLutSequence) : [];
  const voiLuts = hasGrey ? tables(tag.voiLutSequence) : [];
  const { rescale, isInvalid } = readRescale(groups, 0);
  const { spacing, kind, aspect } = readSpacing(dataSet, groups);
  const sopClass = dataSet.text(tag.sopClassUid) ?? parsed.metaSopClassUid;
  const text = (which: number) => dataSet.text(which) ?? null;
  const modality = text(tag.modality);
  const uid = parsed.transferSyntaxUid ?? null;
  const isCt = hasGrey && modality === 'CT' && !modalityLut && !isCapture(sopClass);
  const meta: DicomMeta = {
    rows: image.rows,
    columns: image.columns,
    frames: image.frames,
    framesReadable,
    samplesPerPixel: image.samples,
    photometric: image.photometric,
    planarConfiguration: image.samples > 1 ? image.planarConfiguration : null,
    bitsAllocated: image.bitsAllocated,
    bitsStored: image.bitsStored,
    highBit: image.highBit,
    signed: image.isSigned,
    transferSyntax: uid,
    transferSyntaxName: uid === null ? null : (transferSyntax(uid)?.name ?? null),
    sopClass: sopClass ?? null,
    modality,
    spacing,
    spacingKind: kind,
    pixelAspect: aspect,
    seriesNumber: integer(dataSet, tag.seriesNumber),
    instanceNumber: integer(dataSet, tag.instanceNumber),
    seriesDescription: dataSet.localText(tag.seriesDescription, characterSets) ?? null,
    burnedIn: text(tag.burnedInAnnotation),
    lossyFlag: text(tag.lossyImageCompression),
    windows: hasGrey ? readWindows(groups, 0, characterSets).windows : [],
    voiLuts: voiLuts.map(({ entries, first, bits, explanation }) => ({
      entries: entries.length,
      first,
      bits,
      explanation,
    })),
    rescale,
    modalityLut: modalityLut !== undefined,
    padding: hasGrey && !isFloat(image) ? readPadding(dataSet, image) : null,
    huPresets: isCt && rescale !== null && (rescale.type === null || rescale.type === 'HU'),
    presentationShape: text(tag.presentationLutShape),
  };
  const warnings: DicomWarning[] = [...parsed.warnings, ...headerWarnings(dataSet, meta)];
  if (parsed.isLossySyntax || meta.lossyFlag === '01') warnings.push('lossy-compressed');
  if (isCt && rescale === null) warnings.push('ct-without-rescale');
  if (isInvalid) warnings.push('invalid-rescale');
  if (!areKnown(characterSets)) warnings.push('charset');
  return {
    meta,
    identity: identify(dataSet, groups, characterSets),
    warnings,
    groups,
    characterSets,
    modalityLut,
    voiLuts,
  };
}

function headerWarnings(dataSet: DataSet, meta: DicomMeta): DicomWarning[] {
  const found: DicomWarning[] = [];
  if (!meta.spacing && !dataSet.has(tag.sequenceOfUltrasoundRegions)) found.push('no-spacing');
  if (meta.spacingKind === 'detector') found.push('spacing-at-detector');
  if (Math.abs(meta.pixelAspect - 1) > 0.001) found.push('non-square-pixels');
  const isOftenBurnedIn =
    oftenBurnedIn.includes(meta.modality ?? '') || isCapture(meta.sopClass ?? undefined);
  if (meta.burnedIn === 'YES') found.push('burned-in');
  else if (meta.burnedIn !== 'NO' && isOftenBurnedIn) found.push('burned-in-possible');
  if (dataSet.hasAny(0x60000000, 0x601effff)) found.push('overlay-not-shown');
  return found;
}

function identify(
  dataSet: DataSet,
  groups: FunctionalGroups,
  characterSets: readonly string[],
): DicomIdentity {
  return {
    studyUid: dataSet.text(tag.studyInstanceUid) ?? null,
    seriesUid: dataSet.text(tag.seriesInstanceUid) ?? null,
    instanceUid: dataSet.text(tag.sopInstanceUid) ?? null,
    patientName: dataSet.localText(tag.patientName, characterSets) ?? null,
    ...readPlacement(dataSet, groups, 0),
  };
}

function integer(dataSet: DataSet, which: number): number | null {
  const value = dataSet.number(which, 'IS');
  return value === undefined ? null : Math.trunc(value);
}

/** Stored values (PS3.3, C.7.5.1.1.2), which some files write without the sign that their pixels have. */
function readPadding(dataSet: DataSet, { isSigned, bitsStored }: ImagePixel): DicomMeta['padding'] {
  const read = (which: number) => {
    const value = dataSet.number(which, isSigned ? 'SS' : 'US');
    if (value === undefined || !isSigned || value < 2 ** (bitsStored - 1)) return value;
    return value - 2 ** bitsStored;
  };
  const value = read(tag.pixelPaddingValue);
  return value === undefined ? null : { value, limit: read(tag.pixelPaddingRangeLimit) ?? null };
}
