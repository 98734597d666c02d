import { BedsideError } from '../../../engine/errors.ts';
import { inBytes, type Sentence, sentence } from '../../../engine/sentence.ts';

const GET_AGAIN = 'Get the file again from where it came from, and attach the new copy.';
const EXPORT = 'In the viewer that shows it, choose the window you want, export it as PNG, and attach that.';
const ATTACH_IMAGE = 'Attach a DICOM file that holds an image, or a PNG or JPEG.';

export function emptyFile(): BedsideError {
  return new BedsideError('not-an-image', sentence`empty-file: This file is empty.`, GET_AGAIN);
}

export function notDicom(): BedsideError {
  return new BedsideError('not-an-image', sentence`not-dicom: This is not a DICOM file.`, ATTACH_IMAGE);
}

/** The header cannot be followed to the pixels: the file ends in it, or what it says of lengths cannot be. */
export function truncatedHeader(): BedsideError {
  return new BedsideError(
    'damaged-image',
    sentence`truncated-header: The header of this DICOM file is damaged or incomplete.`,
    GET_AGAIN,
  );
}

export function truncatedPixelData(): BedsideError {
  return new BedsideError(
    'damaged-image',
    sentence`truncated-pixel-data: This DICOM file ends before its image is whole.`,
    GET_AGAIN,
  );
}

export function damagedCompressedData(cause?: unknown): BedsideError {
  return new BedsideError(
    'damaged-image',
    sentence`damaged-compressed-data: The compressed image in this DICOM file is damaged or incomplete.`,
    GET_AGAIN,
    cause,
  );
}

export interface Extent {
  columns: number;
  rows: number;
}

export function dimensionMismatch(said: Extent, found: Extent): BedsideError {
  return new BedsideError(
    'damaged-image',
    sentence`dimension-mismatch: This DICOM file says that its image is ${{ columns: said.columns }} x ${{ rows: said.rows }} pixels, but it holds one of ${{ foundColumns: found.columns }} x ${{ foundRows: found.rows }}.`,
    GET_AGAIN,
  );
}

export function badDimensions(): BedsideError {
  return new BedsideError(
    'damaged-image',
    sentence`bad-dimensions: This DICOM file does not say how many rows and columns its image has.`,
    GET_AGAIN,
  );
}

export function missingPalette(): BedsideError {
  return new BedsideError(
    'damaged-image',
    sentence`missing-palette: The colours of this DICOM image are in a table that is missing or incomplete.`,
    GET_AGAIN,
  );
}

/** `syntax` completes "stored as ...". */
export function unsupportedTransferSyntax(syntax: string, cause?: unknown): BedsideError {
  return new BedsideError(
    'unsupported-image',
    sentence`unsupported-transfer-syntax: The image in this DICOM file is stored as ${{ syntax }}, which is not read.`,
    EXPORT,
    cause,
  );
}

export function unsupportedPhotometric(photometric: string, samples: number): BedsideError {
  const found = photometric === '' ? 'of no named kind' : photometric;
  return new BedsideError(
    'unsupported-image',
    sentence`unsupported-photometric: The colours of this DICOM image are ${{ photometric: found }} with ${{ samples }} to a pixel, which is not read.`,
    EXPORT,
  );
}

export function unsupportedBits(allocated: number, stored: number): BedsideError {
  return new BedsideError(
    'unsupported-image',
    sentence`unsupported-bits: The values of this DICOM image have ${{ stored }} bits in ${{ allocated }}, which is not read.`,
    EXPORT,
  );
}

export function wholeSlide({ columns, rows }: Extent): BedsideError {
  return new BedsideError(
    'unsupported-image',
    sentence`whole-slide-image: This is a whole slide of ${{ columns }} x ${{ rows }} pixels, stored in tiles.`,
    'In the viewer that shows it, export the region that you ask about as PNG, and attach that.',
  );
}

export function imageTooLarge({ columns, rows }: Extent): BedsideError {
  return tooLarge(
    sentence`frame-of-pixels: it is ${{ columns }} x ${{ rows }} pixels, and the most is 100 megapixels`,
  );
}

/** A deflated file that becomes more than `most` bytes. */
export function inflatedTooLarge(most: number): BedsideError {
  return tooLarge(sentence`inflates-beyond: unpacked, it is larger than ${{ most: inBytes(most) }}`);
}

function tooLarge(why: Sentence): BedsideError {
  return new BedsideError(
    'image-too-large',
    sentence`too-large: This DICOM file is too large to be read: ${{ why }}.`,
    'In the viewer that shows it, export the part that you ask about as PNG, and attach that.',
  );
}

export function noPixelData(): BedsideError {
  return new BedsideError(
    'not-an-image',
    sentence`no-pixel-data: This DICOM file holds no image.`,
    'Attach the file of the same study that holds the image.',
  );
}

/** What an object without an image is, to complete "is ...". */
export function notAnImageObject(what: Sentence): BedsideError {
  return new BedsideError(
    'not-an-image',
    sentence`not-an-image-object: This DICOM file is ${{ what }}, and holds no image.`,
    'Attach the file of the same study that holds the image.',
  );
}

export function reportObject(): BedsideError {
  return new BedsideError(
    'not-an-image',
    sentence`report-object: This DICOM file is a structured report: text, and no image.`,
    'Open it in the program that it came from, and paste its text into the message.',
  );
}

export function encapsulatedDocument(): BedsideError {
  return new BedsideError(
    'not-an-image',
    sentence`encapsulated-document: This DICOM file holds a document, such as a PDF, and no image.`,
    'Open it in the program that it came from. Paste its text into the message, or attach a picture of the page as PNG.',
  );
}

export function dicomDirectory(): BedsideError {
  return new BedsideError(
    'not-an-image',
    sentence`dicomdir: This is a DICOMDIR, the list of the files on a disc, and holds no image.`,
    'Drop the folder that it lies in, or attach one of the images that lie beside it.',
  );
}

export function deflatedHeader(): BedsideError {
  return new BedsideError(
    'unsupported-image',
    sentence`deflated-header: The header of this DICOM file is compressed, so nothing of it can be left out.`,
    'Make black what is written in the image, if anything is: then a picture is kept in place of the file.',
  );
}
