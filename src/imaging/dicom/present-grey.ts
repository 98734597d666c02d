import type { DicomWarning, VoiChoice } from '../../engine/types/dicom.ts';
import type { DicomFrame } from './dicom-file.ts';
import type { Header } from './header/describe.ts';
import { readRescale, readWindows } from './header/grey-scale.ts';
import type { ImagePixel } from './pixels/image-pixel.ts';
import type { StoredValues } from './pixels/stored-values.ts';
import { greyOf, isFlatThrough, rangeOf } from './views/grey-view.ts';
import { modalityRange, modalityTransform } from './views/modality.ts';
import { nameViews } from './views/named-views.ts';
import { voiTransform } from './views/voi.ts';

/** A grey frame, shown through the modality's scale and a window. */
export function presentGrey(
  image: ImagePixel,
  { groups, characterSets, modalityLut, voiLuts, meta }: Header,
  index: number,
  stored: StoredValues,
): DicomFrame {
  const { rows, columns } = image;
  const { rescale } = readRescale(groups, index);
  const { windows, warnings } = readWindows(groups, index, characterSets);
  const toModality = modalityTransform(rescale, modalityLut);
  const storedRange = rangeOf(stored);
  const range = modalityRange(stored, storedRange, rescale, modalityLut, paddingOf(meta.padding));
  const views = nameViews(windows, voiLuts, meta.huPresets);
  const isInverted = isShownInverted(image, meta.presentationShape);
  const transformOf = (choice: VoiChoice | null) => {
    const toGrey = voiTransform(choice ?? views[0]!.choice, voiLuts, range);
    return (value: number) => toGrey(toModality(value));
  };
  const render = (choice: VoiChoice | null, isExchanged = false) =>
    greyOf(stored, storedRange, transformOf(choice), isInverted !== isExchanged);
  const found: DicomWarning[] = [...warnings];
  if (windows.length === 0 && voiLuts.length === 0 && !warnings.includes('invalid-window'))
    found.push('no-window');
  if (isFlatThrough(stored, transformOf(null))) found.push('flat-view');
  return {
    index,
    rows,
    columns,
    samples: 1,
    stored,
    space: 'grey',
    rescale,
    windows,
    views,
    isInverted,
    warnings: found,
    modalityValue: (row, column) => toModality(stored[row * columns + column]!),
    range,
    render,
    renderRgb: (choice, isExchanged) => ({
      width: columns,
      height: rows,
      data: spread(render(choice, isExchanged)),
    }),
  };
}

/** Once, even where a file says it twice: INVERSE belongs to MONOCHROME1 (PS3.3, C.8.11.1), and is heeded without it. */
function isShownInverted({ photometric }: ImagePixel, presentationShape: string | null): boolean {
  return photometric === 'MONOCHROME1' || presentationShape?.toUpperCase() === 'INVERSE';
}

function paddingOf(padding: Header['meta']['padding']) {
  if (!padding) return undefined;
  const limit = padding.limit ?? padding.value;
  return { least: Math.min(padding.value, limit), greatest: Math.max(padding.value, limit) };
}

/** One byte of grey a pixel to three. */
function spread(grey: Uint8Array): Uint8Array<ArrayBuffer> {
  const rgb = new Uint8Array(grey.length * 3);
  for (let i = 0, to = 0; i < grey.length; i++, to += 3) rgb[to] = rgb[to + 1] = rgb[to + 2] = grey[i]!;
  return rgb;
}
