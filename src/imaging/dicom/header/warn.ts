import type { DicomMeta, DicomWarning } from '../../../engine/types/dicom.ts';
import type { DataSet } from '../data-set/data-set.ts';
import { tag } from '../data-set/tags.ts';
import { isCapture } from './object-kinds.ts';

/** Modalities whose pictures often have a name in them. */
const oftenBurnedIn = ['US', 'IVUS', 'OT', 'ES', 'XC', 'SC'];
/** As far from 1 as the height of a pixel over its width may be without being seen. */
const aspectTolerance = 0.001;
const firstOverlay = 0x60000000;
const lastOverlay = 0x601effff;

/** What a reader is to know of the whole picture before it is decoded. */
export function headerWarnings(dataSet: DataSet, meta: DicomMeta, isLossySyntax: boolean): DicomWarning[] {
  const found: DicomWarning[] = [];
  if (!meta.spacing && !dataSet.has(tag.sequenceOfUltrasoundRegions)) found.push('no-spacing');
  if (meta.spacingKind === 'detector') found.push('spacing-at-detector');
  if (Math.abs(meta.pixelAspect - 1) > aspectTolerance) found.push('non-square-pixels');
  const isOftenBurnedIn = oftenBurnedIn.includes(meta.modality ?? '') || isCapture(meta.sopClass);
  if (meta.burnedIn === 'YES') found.push('burned-in');
  else if (meta.burnedIn !== 'NO' && isOftenBurnedIn) found.push('burned-in-possible');
  if (isLossySyntax || meta.lossyFlag === '01') found.push('lossy-compressed');
  if (dataSet.hasAny(firstOverlay, lastOverlay)) found.push('overlay-not-shown');
  return found;
}
