/** What the page can ask of the worker that reads images for the reading room. */
import type { DicomWarning, NamedVoi } from '../../engine/types/dicom.ts';
import type { Size } from '../../engine/types/image-views.ts';
import type { HeaderRow } from '../../imaging/dicom/header/header-rows.ts';
import type {
  DicomFacts,
  FrameRequest,
  ImageValues,
  RenderedImage,
  RenderImageRequest,
} from '../engine/image-messages.ts';
import { call, type WorkerApi } from '../verbs/verb.ts';

/** What the header of an image file says. */
export interface ImageFacts {
  /** Upright, of every frame. */
  size: Size;
  frames: number;
  dicom: DicomFacts | null;
}

/** A frame as it is shown, and what is known of it once it was decoded. */
export interface ShownFrame extends RenderedImage {
  /** That can be chosen, the first is what the file means; none of a coloured one. */
  windows: readonly NamedVoi[];
  /** What a reader should know. */
  warnings: readonly DicomWarning[];
}

/** In each request `id` may be any name of the file: what was decoded of it last serves again. */
export const readingVerbs = {
  /** Of the header alone. Rejects with 'not-an-image' and others of images. */
  lookAtFile: call<Blob, ImageFacts>(),
  showFrame: call<RenderImageRequest, ShownFrame>(),
  /** The same, turned and covered too, as a PNG file that holds nothing but these pixels. */
  pictureFile: call<RenderImageRequest, Blob>(),
  /** A value a pixel; null of a coloured frame. */
  frameValues: call<FrameRequest, ImageValues | null>(),
  /** What a DICOM file says beside its pixels; nothing of others. */
  listHeaders: call<Blob, HeaderRow[]>(),
};

export type ReadingVerbs = typeof readingVerbs;
export type ReadingApi = WorkerApi<ReadingVerbs>;
