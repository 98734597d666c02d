import type { Orientation } from './exif-orientation.ts';
import type { ImageFormat } from './image-errors.ts';

/** What a file's own headers say of the image, before any pixel is decoded. */
export interface ImageHeader {
  format: ImageFormat;
  /** Pixels as stored: not yet turned by `orientation`. */
  width: number;
  height: number;
  orientation: Orientation;
  isAnimated: boolean;
  /** Whether pixels may be transparent. */
  hasAlpha: boolean;
  /** Bits of one colour value, or of an index into a table of colours. */
  bitDepth: number;
  /** The part of the file that `orientation` is read from: a whole JPEG segment, PNG chunk or WebP chunk, in bytes. */
  exif?: { start: number; end: number };
  /** A JPEG that is whole but for its end marker, which decoders are to be given. */
  lacksEnd?: boolean;
}
