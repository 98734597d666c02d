import type { DicomWarning } from '../../../client/index.ts';

const words: Partial<Record<DicomWarning, string>> = {
  'burned-in':
    'The file says that text is part of the picture: it may show a name. Cover it with black boxes before you ask.',
  'burned-in-possible':
    'Text may be part of the picture, such as a name. Look, and cover it with black boxes before you ask.',
  'lossy-compressed': 'The picture was compressed with loss.',
  'no-window': 'The file brings no window: all its values are shown.',
  'invalid-window': 'A window of the file cannot be computed and is left out.',
  'unknown-voi-function':
    'The file names a window function that Bedside does not know: it is shown as LINEAR.',
  'flat-view': 'Almost all of the picture is one grey.',
  'no-spacing': 'The file does not say how large a pixel is: lengths are in pixels.',
  'spacing-at-detector': 'Lengths are those at the detector: the patient is smaller.',
  'non-square-pixels':
    'Pixels are not square: the picture is stretched here as it lies in the patient. A model is given it unstretched.',
  'ct-without-rescale': 'A CT without a scale: its values may not be Hounsfield units.',
  'invalid-rescale': 'The scale of the values cannot be right.',
  'overlay-not-shown': 'The file has a drawing over the picture, which is not shown.',
  'frames-missing': 'Some frames of the file are missing.',
  'photometric-mismatch': 'The file is not compressed in the colours that it says.',
  'palette-depth': 'The colours of the file are stored in another way than it says.',
};

/** What a reader of a picture is to know, in the order in which it was found. What is of the file alone has no words here. */
export function warningsInWords(warnings: readonly DicomWarning[]): string[] {
  return warnings.flatMap(warning => words[warning] ?? []);
}

export const isBurnedIn = (warnings: readonly DicomWarning[]): boolean =>
  warnings.some(warning => warning === 'burned-in' || warning === 'burned-in-possible');
