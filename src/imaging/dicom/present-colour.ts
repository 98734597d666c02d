import type { NamedVoi, VoiChoice } from '../../engine/types/dicom.ts';
import type { DecodedFrame } from './decode-frame.ts';
import type { DicomFrame } from './dicom-file.ts';
import type { ImagePixel } from './pixels/image-pixel.ts';
import { rgbOf, rgbOfYbr } from './views/colour-view.ts';
import { rangeOf } from './views/grey-view.ts';
import { type Palette, rgbOfPalette } from './views/palette.ts';

/** Colours have no window. */
const asItIs: NamedVoi = { name: 'default', choice: { kind: 'range' }, explanation: null };

/** A frame of colours, or of indices into a palette. */
export function presentColour(
  image: ImagePixel,
  palette: Palette | undefined,
  index: number,
  decoded: DecodedFrame,
): DicomFrame {
  const { rows, columns, samples } = image;
  const { stored } = decoded;
  const space = palette ? 'palette' : spaceOf(image, decoded);
  const render = (_choice: VoiChoice | null, isExchanged = false) => {
    const rgb = palette
      ? rgbOfPalette(stored, palette)
      : space === 'ybr'
        ? rgbOfYbr(stored, image.bitsStored)
        : rgbOf(stored, image.bitsStored);
    if (isExchanged) for (let i = 0; i < rgb.length; i++) rgb[i] = 255 - rgb[i]!;
    return rgb;
  };
  const { least, greatest } = rangeOf(stored);
  return {
    index,
    rows,
    columns,
    samples,
    stored,
    space,
    rescale: null,
    windows: [],
    views: [asItIs],
    isInverted: false,
    warnings: decoded.isMismatch ? ['photometric-mismatch'] : [],
    modalityValue: (row, column) => stored[(row * columns + column) * samples]!,
    range: [least, greatest],
    render,
    renderRgb: (choice, isExchanged) => ({
      width: columns,
      height: rows,
      data: render(choice, isExchanged),
    }),
  };
}

/** As the stream says, else the file. What a JPEG 2000 file calls YBR_RCT or YBR_ICT its decoder has made RGB. */
function spaceOf({ photometric }: ImagePixel, { space }: DecodedFrame): 'rgb' | 'ybr' {
  return space ?? (photometric.startsWith('YBR_FULL') ? 'ybr' : 'rgb');
}
