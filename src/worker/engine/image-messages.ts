/** What the engine's worker is asked about images and what it answers. Types only: both worlds read this file. */
import type { ErrorData } from '../../engine/errors.ts';
import type { DicomIdentity, DicomMeta, DicomWarning, NamedVoi } from '../../engine/types/dicom.ts';
import type { Size } from '../../engine/types/image-views.ts';
import type { ImagePresentation } from '../../engine/types/presentation.ts';
import type { ImageFileFormat } from './engine-messages.ts';

/** A file as it was picked or dropped. */
export interface PickedFile {
  file: Blob;
  /** Its name, with the folders in which it lay where they are known. */
  path: string;
}

/** Files that belong together or not: a few images, a folder, a study. */
export interface OpenFilesRequest {
  files: readonly PickedFile[];
}

/** Files are named by their place in the request. */
export interface OpenedFiles {
  /** Each file that is an image, in the order of the request: those of `series` too. */
  images: readonly OpenedFile[];
  /** Images that belong together, each in one series. */
  series: readonly ImageSeries[];
  /** What holds no image and was not meant to be one, such as the index of a disk. */
  passedOver: readonly number[];
  /** Images that cannot be opened, with why. */
  refused: readonly { file: number; error: ErrorData }[];
}

/** What the header of an image file says; its pixels were not looked at. */
export interface OpenedFile {
  /** Its place in the request. */
  file: number;
  /** SHA-256 (hex) of the file's bytes. */
  id: string;
  format: ImageFileFormat;
  /** Upright, as it is shown where it is not turned. */
  size: Size;
  frames: number;
  dicom: DicomFacts | null;
}

/** What identifies is for display alone. */
export interface DicomFacts {
  meta: DicomMeta;
  identity: DicomIdentity;
}

/** In the order in which they lie in the body, or in which they were taken. */
export interface ImageSeries {
  /** Of this series alone, as long as its files are the same. */
  key: string;
  /** Places in the request, in order. */
  files: readonly number[];
}

/** One frame of a file, counted from 0. */
export interface FrameRequest {
  /** SHA-256 (hex) of the file's bytes: what was decoded of it last serves again. */
  id: string;
  file: Blob;
  frame: number;
}

/** What is known of a frame before it is shown. */
export interface FrameDescription {
  /**
   * Windows that are offered, first the one that the file means, which a presentation without a window shows; empty where none can be
   * chosen, as of colours.
   */
  windows: readonly NamedVoi[];
  /** What a reader should know before asking. */
  warnings: readonly DicomWarning[];
}

export interface RenderImageRequest {
  /** SHA-256 (hex) of the file's bytes: what was decoded for the last picture of it serves again. */
  id: string;
  file: Blob;
  presentation: ImagePresentation;
}

/**
 * What is shown under a presentation, byte for byte what a model's tiles are cut from: turned, with black where it is redacted, without
 * regions, which are drawn over it.
 */
export interface RenderedImage extends Size {
  /** Opaque, 4 bytes a pixel, rows from the top. */
  rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** Of the panel that shows what a file says beside its pixels. Nothing of it ever enters a prompt. */
export type { HeaderRow } from '../../imaging/dicom/header/header-rows.ts';

/** What a window is chosen by, of an image that has one: a value a pixel, upright, rows from the top. */
export interface ImageValues extends Size {
  /** After the modality's scale. */
  values: Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;
  least: number;
  greatest: number;
  /** Such as HU; null where the file does not say. */
  unit: string | null;
}

/** Paints black over the pixels of one frame for good: what comes back is a PNG of it through its window, without any header. */
export interface RedactImageRequest {
  file: Blob;
  /** With `redactions`; not turned, and its region not drawn. */
  presentation: ImagePresentation;
}
