import type { DicomIdentity, DicomMeta, DicomWarning, NamedVoi } from '../../engine/types/dicom.ts';
import type { Size } from '../../engine/types/image-views.ts';
import type { ImageWindow } from '../../engine/types/presentation.ts';
import type { ImageFormat } from '../formats/image-errors.ts';
import type { RgbImage } from '../rgb-image.ts';

/** An image file whose header was read. */
export interface OpenedImage {
  /** Of the file, read once because it may change at any time; of one of colours that is brightened, of its brightened copy. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly format: ImageFormat | 'dicom';
  /** Upright, of every frame. */
  readonly size: Size;
  readonly frames: number;
  /** Only the first picture of an animation is used. */
  readonly isAnimated: boolean;
  /** Of a file whose values would look black, and are brightened where no window is chosen: how many bits they have. */
  readonly stretchedBits?: number;
  readonly dicom: { meta: DicomMeta; identity: DicomIdentity } | null;
  /** `index` from 0, below `frames`. Fails with `damaged-image` or `unsupported-image`. */
  decodeFrame(index: number): Promise<ImageFrame>;
}

export interface ImageFrame {
  /** That its values take in memory. */
  readonly bytes: number;
  /** That can be chosen, first the one nearest to what the file itself shows; none where there is no choice, as of colours. */
  readonly windows: readonly NamedVoi[];
  readonly warnings: readonly DicomWarning[];
  /** Its values are Hounsfield units: it can be shown in the colours of three windows. */
  readonly isHounsfield?: boolean;
  /**
   * In 8 bits, upright; the caller's own.
   * @param window null: as the file itself says; else one that `windows` allows for
   */
  render(window: ImageWindow | null, isInverted: boolean): RgbImage;
  /** The same in one byte a pixel, where red, green and blue are the same; null, or missing, where they may differ. */
  renderGrey?(window: ImageWindow | null, isInverted: boolean): Uint8Array | null;
  /** What a window is chosen by; null where none can be. */
  values(): FrameValues | null;
}

/** A value a pixel, after the modality's scale. */
export interface FrameValues extends Size {
  values: Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;
  least: number;
  greatest: number;
  /** Such as HU; null where the file does not say. */
  unit: string | null;
}

/** Black and white exchanged, in place. */
export function invert(image: RgbImage): RgbImage {
  const { data } = image;
  for (let i = 0; i < data.length; i++) data[i] = 255 - data[i]!;
  return image;
}

/** One byte of grey a pixel. */
export function greyImage({ width, height }: Size, grey: Uint8Array): RgbImage {
  const data = new Uint8Array(grey.length * 3);
  for (let i = 0, to = 0; i < grey.length; i++, to += 3) data[to] = data[to + 1] = data[to + 2] = grey[i]!;
  return { width, height, data };
}
