import type { BedsideError } from '../../../engine/errors.ts';
import { sentence } from '../../../engine/sentence.ts';
import type { DataSet } from '../data-set/data-set.ts';
import { pixelTags, tag } from '../data-set/tags.ts';
import {
  dicomDirectory,
  encapsulatedDocument,
  noPixelData,
  notAnImageObject,
  reportObject,
  wholeSlide,
} from '../refusals/dicom-errors.ts';

const storage = '1.2.840.10008.5.1.4.1.1.';
const mediaDirectory = '1.2.840.10008.1.3.10';
const wholeSlideMicroscopy = `${storage}77.1.6`;

/** Kinds of objects without an image, by what their SOP class begins with. */
const otherObjects = [
  { classes: ['9.'], what: sentence`waveform-object: a waveform, such as an ECG` },
  {
    classes: ['11.'],
    what: sentence`presentation-object: a presentation state, which says how another file is shown`,
  },
  {
    classes: ['481.3', '481.4', '481.5', '481.6', '481.7', '481.8', '481.9', '481.10', '481.11', '481.12'],
    what: sentence`radiotherapy-object: a plan, a structure set or a record of radiotherapy`,
  },
  { classes: ['66'], what: sentence`registration-object: a registration, a surface or raw data` },
  { classes: ['4.2'], what: sentence`spectroscopy-object: a spectroscopy` },
];

/** The error for what is no image. Undefined where the file holds pixels that are one. */
export function refuseObject(dataSet: DataSet, metaSopClass: string | undefined): BedsideError | undefined {
  const sopClass = dataSet.text(tag.sopClassUid) ?? metaSopClass ?? '';
  if (sopClass === mediaDirectory || metaSopClass === mediaDirectory) return dicomDirectory();
  if (sopClass === wholeSlideMicroscopy) return wholeSlide(slideSize(dataSet));
  if (pixelTags.some(each => dataSet.has(each))) return undefined;
  const kind = sopClass.startsWith(storage) ? sopClass.slice(storage.length) : '';
  if (kind.startsWith('88.')) return reportObject();
  if (kind.startsWith('104.')) return encapsulatedDocument();
  const other = otherObjects.find(({ classes }) =>
    classes.some(each => kind === each || kind.startsWith(each.endsWith('.') ? each : `${each}.`)),
  );
  return other ? notAnImageObject(other.what) : noPixelData();
}

function slideSize(dataSet: DataSet): { columns: number; rows: number } {
  return {
    columns: dataSet.number(tag.totalPixelMatrixColumns, 'US') ?? dataSet.number(tag.columns, 'US') ?? 0,
    rows: dataSet.number(tag.totalPixelMatrixRows, 'US') ?? dataSet.number(tag.rows, 'US') ?? 0,
  };
}

/** Secondary capture, and visible light, whose classes are numbered beside it: pictures that often show a name. */
export const isCapture = (sopClass: string | null) => sopClass?.startsWith(`${storage}7`) === true;
