/** What a DICOM file says of its images: plain data, which crosses workers. Names are the standard's own (PS3.3, PS3.6). */

/** The functions of a window (PS3.3 C.11.2.1.2, C.11.2.1.3). */
export const voiFunctions = ['LINEAR', 'LINEAR_EXACT', 'SIGMOID'] as const;
export type VoiFunction = (typeof voiFunctions)[number];

/** A window that a file offers. In the values after the modality's scale, such as HU. */
export interface OfferedWindow {
  centre: number;
  width: number;
  function: VoiFunction;
  /** What the file calls it. */
  explanation: string | null;
}

/** A VOI LUT that a file offers, without its entries. */
export interface OfferedVoiLut {
  entries: number;
  /** The value that the first entry is for. */
  first: number;
  /** Of an entry. */
  bits: number;
  explanation: string | null;
}

/** How values become grey: a window, a VOI LUT of the file counted from 0, or all from the least to the greatest of the frame. */
export type VoiChoice =
  | { kind: 'level'; centre: number; width: number; function: VoiFunction }
  | { kind: 'lut'; index: number }
  | { kind: 'range' };

/** A view that can be chosen, with the name that the command line calls it by: `default`, `window-1`, `voi-lut-0`, `range`, `ct-lung`. */
export interface NamedVoi {
  name: string;
  choice: VoiChoice;
  explanation: string | null;
}

/** How stored values become those of the modality: stored * slope + intercept. */
export interface Rescale {
  slope: number;
  intercept: number;
  /** The unit: HU, US (unspecified), OD and others; null where the file names none. */
  type: string | null;
}

/** What is measured by the distance of pixels: lengths in the patient, at the detector, or on a film that was scanned. */
export type SpacingKind = 'patient' | 'detector' | 'film';

/** Of a file as a whole, or of its first frame where frames differ. */
export interface DicomMeta {
  rows: number;
  columns: number;
  /** As the file says. */
  frames: number;
  /** As many as are whole. */
  framesReadable: number;
  samplesPerPixel: number;
  photometric: string;
  /** Null where a pixel has one sample. */
  planarConfiguration: number | null;
  bitsAllocated: number;
  bitsStored: number;
  highBit: number;
  signed: boolean;
  /** As the file says, which need not be so: null where it says nothing. */
  transferSyntax: string | null;
  transferSyntaxName: string | null;
  sopClass: string | null;
  modality: string | null;
  /** Distance of rows, and of columns, in mm. */
  spacing: [rows: number, columns: number] | null;
  spacingKind: SpacingKind | null;
  /** Height of a pixel over its width. */
  pixelAspect: number;
  seriesNumber: number | null;
  instanceNumber: number | null;
  seriesDescription: string | null;
  burnedIn: string | null;
  lossyFlag: string | null;
  windows: OfferedWindow[];
  voiLuts: OfferedVoiLut[];
  rescale: Rescale | null;
  modalityLut: boolean;
  /** Stored values that fill what was not measured: from `value` to `limit`, in either order; null: `value` alone. */
  padding: { value: number; limit: number | null } | null;
  /** Whether values are Hounsfield units, so that the windows of CT make sense. */
  huPresets: boolean;
  presentationShape: string | null;
}

/** Where an image lies in the patient; each null where that is not known whole. */
export interface FramePlace {
  /** Of the centre of the first pixel, in mm, in the patient's coordinates. */
  position: [x: number, y: number, z: number] | null;
  /** Direction of a row and of a column. */
  orientation: [number, number, number, number, number, number] | null;
}

/** What puts files together to series, and in order; identifying, and for display alone. Its place is that of the first frame. */
export interface DicomIdentity extends FramePlace {
  studyUid: string | null;
  seriesUid: string | null;
  instanceUid: string | null;
  /** Positions of images that share it are those of one space (PS3.3, C.7.4.1). */
  frameOfReferenceUid: string | null;
  /** As written, with its component groups: Family^Given=... */
  patientName: string | null;
  /** Of every frame that is whole, where frames say each where they lie. */
  frames?: readonly FramePlace[];
}

export const dicomWarnings = [
  // For the reader.
  'burned-in',
  'burned-in-possible',
  'lossy-compressed',
  'no-window',
  'invalid-window',
  'unknown-voi-function',
  'flat-view',
  'no-spacing',
  'spacing-at-detector',
  'non-square-pixels',
  'ct-without-rescale',
  'invalid-rescale',
  'overlay-not-shown',
  'frames-missing',
  'photometric-mismatch',
  'palette-depth',
  // About the file alone.
  'missing-preamble',
  'missing-transfer-syntax',
  'transfer-syntax-mismatch',
  'meta-length',
  'odd-length',
  'unknown-vr',
  'duplicate-element',
  'trailing-bytes',
  'missing-delimiter',
  'offset-table-ignored',
  'charset',
] as const;
export type DicomWarning = (typeof dicomWarnings)[number];

/** From here on in `dicomWarnings` nothing is said of the picture. */
const quiet = dicomWarnings.indexOf('missing-preamble');

/** Whether a reader of the picture is to know. The others tell of a file that was not written as it should be. */
export function isForReader(warning: DicomWarning): boolean {
  return dicomWarnings.indexOf(warning) < quiet;
}
