import type { DicomWarning, NamedVoi, VoiChoice } from '../../engine/types/dicom.ts';
import { type DecodedFrame, decodeFrame } from './decode-frame.ts';
import type { DicomFrame } from './dicom-file.ts';
import type { Header } from './header/describe.ts';
import { readRescale, readWindows } from './header/grey-scale.ts';
import type { FrameStore } from './pixels/frame-store.ts';
import { type ImagePixel, isGrey } from './pixels/image-pixel.ts';
import type { StoredValues } from './pixels/stored-values.ts';
import { rgbOf, rgbOfYbr } from './views/colour-view.ts';
import { greyOf, isFlat, rangeOf } from './views/grey-view.ts';
import { modalityRange, modalityTransform } from './views/modality.ts';
import { type Palette, rgbOfPalette } from './views/palette.ts';
import { choiceOf, ctPresets, rangeTransform, tableTransform, windowTransform } from './views/voi.ts';

/** What a frame is presented by. */
export interface OpenedImage {
  image: ImagePixel;
  store: FrameStore;
  header: Header;
  palette: Palette | undefined;
}

/** Decodes frame `index` and says how it can be seen. Fails as `decodeFrame` does. */
export async function presentFrame(opened: OpenedImage, index: number): Promise<DicomFrame> {
  const { image, store } = opened;
  if (!Number.isInteger(index) || index < 0 || index >= store.count)
    throw new RangeError(`no frame ${index}`);
  const decoded = await decodeFrame(store, index, image);
  return isGrey(image) ? presentGrey(opened, index, decoded.stored) : presentColour(opened, index, decoded);
}

function presentGrey({ image, header }: OpenedImage, index: number, stored: StoredValues): DicomFrame {
  const { groups, characterSets, modalityLut, voiLuts, meta } = header;
  const { rescale } = readRescale(groups, index);
  const { windows, warnings } = readWindows(groups, index, characterSets);
  const toModality = modalityTransform(rescale, modalityLut);
  const storedRange = rangeOf(stored);
  const range = modalityRange(stored, storedRange, rescale, modalityLut, paddingOf(meta.padding));
  const views = nameViews(windows.map(choiceOf), windows, voiLuts, meta.huPresets);
  const isInverted =
    image.photometric === 'MONOCHROME1' || meta.presentationShape?.toUpperCase() === 'INVERSE';
  const transformOf = (choice: VoiChoice) => {
    const table = choice.kind === 'lut' ? voiLuts[choice.index] : undefined;
    if (table) return tableTransform(table);
    if (choice.kind === 'level') return windowTransform(choice.centre, choice.width, choice.function);
    return rangeTransform(range[0], range[1]);
  };
  const render = (choice: VoiChoice | null, isExchanged = false) => {
    const transform = transformOf(choice ?? views[0]!.choice);
    const isTurned = isInverted !== isExchanged;
    return greyOf(stored, storedRange, value => transform(toModality(value)), isTurned);
  };
  const found: DicomWarning[] = [...warnings];
  if (windows.length === 0 && voiLuts.length === 0 && !warnings.includes('invalid-window'))
    found.push('no-window');
  if (isFlat(render(null))) found.push('flat-view');
  return {
    index,
    rows: image.rows,
    columns: image.columns,
    samples: 1,
    stored,
    space: 'grey',
    rescale,
    windows,
    views,
    isInverted,
    warnings: found,
    modalityValue: (row, column) => toModality(stored[row * image.columns + column]!),
    range,
    render,
    renderRgb: (choice, isExchanged) => ({
      width: image.columns,
      height: image.rows,
      data: spread(render(choice, isExchanged)),
    }),
  };
}

function paddingOf(padding: { value: number; limit: number | null } | null) {
  if (!padding) return undefined;
  const limit = padding.limit ?? padding.value;
  return { least: Math.min(padding.value, limit), greatest: Math.max(padding.value, limit) };
}

/** The default first: a window, else a table, else the range. All of them are offered by a name of their own, but for the first window. */
function nameViews(
  choices: VoiChoice[],
  windows: readonly { explanation: string | null }[],
  tables: readonly { explanation: string | null }[],
  isHounsfield: boolean,
): NamedVoi[] {
  const range: NamedVoi = { name: 'range', choice: { kind: 'range' }, explanation: null };
  const named = [
    ...choices.map((choice, i) => ({
      name: `window-${i}`,
      choice,
      explanation: windows[i]!.explanation,
    })),
    ...tables.map(({ explanation }, index) => ({
      name: `voi-lut-${index}`,
      choice: { kind: 'lut' as const, index },
      explanation,
    })),
    range,
  ];
  const [first] = named;
  const offered = choices.length > 0 ? named.slice(1) : named;
  const presets = ctPresets.map(({ name, centre, width }) => ({
    name,
    choice: { kind: 'level' as const, centre, width, function: 'LINEAR' as const },
    explanation: null,
  }));
  return [{ ...first!, name: 'default' }, ...offered, ...(isHounsfield ? presets : [])];
}

function presentColour(
  { image, palette }: OpenedImage,
  index: number,
  { stored, space: decodedSpace, isMismatch }: DecodedFrame,
): DicomFrame {
  const isPalette = palette !== undefined;
  const isYbr = decodedSpace ? decodedSpace === 'ybr' : image.photometric.startsWith('YBR_FULL');
  const space = isPalette ? 'palette' : isYbr ? 'ybr' : 'rgb';
  const render = (_choice: VoiChoice | null, isExchanged = false) => {
    const rgb = isPalette
      ? rgbOfPalette(stored, palette)
      : isYbr
        ? rgbOfYbr(stored, image.bitsStored)
        : rgbOf(stored, image.bitsStored);
    if (isExchanged) for (let i = 0; i < rgb.length; i++) rgb[i] = 255 - rgb[i]!;
    return rgb;
  };
  const { least, greatest } = rangeOf(stored);
  return {
    index,
    rows: image.rows,
    columns: image.columns,
    samples: image.samples,
    stored,
    space,
    rescale: null,
    windows: [],
    views: [{ name: 'default', choice: { kind: 'range' }, explanation: null }],
    isInverted: false,
    warnings: isMismatch ? ['photometric-mismatch'] : [],
    modalityValue: (row, column) => stored[(row * image.columns + column) * image.samples]!,
    range: [least, greatest],
    render,
    renderRgb: (choice, isExchanged) => ({
      width: image.columns,
      height: image.rows,
      data: render(choice, isExchanged),
    }),
  };
}

/** One byte of grey a pixel to three. */
function spread(grey: Uint8Array): Uint8Array<ArrayBuffer> {
  const rgb = new Uint8Array(grey.length * 3);
  for (let i = 0, to = 0; i < grey.length; i++, to += 3) rgb[to] = rgb[to + 1] = rgb[to + 2] = grey[i]!;
  return rgb;
}
