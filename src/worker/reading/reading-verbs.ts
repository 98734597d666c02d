/** What the page can ask of the worker that reads images for the reading room. */
import type { DicomIdentity, DicomMeta, DicomWarning, NamedVoi } from '../../engine/types/dicom.ts';
import type { Size } from '../../engine/types/image-views.ts';
import type { HeaderRow } from '../../imaging/dicom/header/header-rows.ts';
import type { FrameValues } from '../../imaging/presented/opened-image.ts';
import type { RenderImageRequest } from '../engine/image-messages.ts';
import type { Result } from '../verbs/result.ts';
import { call, type WorkerApi } from '../verbs/verb.ts';
import type { NamedFile } from './sent-files.ts';

/** A file as it was picked or dropped. */
export interface PickedFile {
  file: Blob;
  /** Its name, with the folders in which it lay where they are known. */
  path: string;
}

/** What the header of an image file says. */
export interface ImageFacts {
  /** Upright, of every frame. */
  size: Size;
  frames: number;
  /** What identifies is for display alone. */
  dicom: { meta: DicomMeta; identity: DicomIdentity } | null;
}

/** One frame of a file, counted from 0. */
export interface FrameRequest {
  id: string;
  file: Blob;
  frame: number;
}

/** A request whose file may have been sent before, by the same name. */
export type Sent<Request extends NamedFile> = Omit<Request, 'file'> & NamedFile;

/** How many frames are kept decoded, and what they take. */
export interface KeptFrames {
  frames: number;
  bytes: number;
  /** That were decoded since the worker began. */
  decoded: number;
}

/**
 * What is shown under a presentation, byte for byte what a model's tiles are cut from: turned, with black where it is redacted, without
 * regions, which are drawn over it.
 */
export interface RenderedImage extends Size {
  /** Opaque, 4 bytes a pixel, rows from the top. */
  rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** A frame as it is shown, and what is known of it once it was decoded. */
export interface ShownFrame extends RenderedImage {
  /** That can be chosen, the first is what the file means; none of a coloured one. */
  windows: readonly NamedVoi[];
  /** What a reader should know. */
  warnings: readonly DicomWarning[];
}

/**
 * In each request `id` may be any name of the file: what was decoded of it serves again as long as it is kept. The file itself is sent with
 * the first request of that name, until they are forgotten.
 */
export const readingVerbs = {
  /**
   * Of each its header alone, for which no more of the file is read than it takes; or why it is not read: 'not-an-image' and others of
   * images.
   */
  lookAtFiles: call<Blob[], Result<ImageFacts>[]>(),
  /** Rejects with 'invalid-request' where the image cannot be shown so. */
  showFrame: call<Sent<RenderImageRequest>, ShownFrame>({ transfers: ({ rgba }) => [rgba.buffer] }),
  /**
   * Decodes frames that may be shown next, in this order, while nothing else is asked for; those that were asked for before and are not
   * among them are given up.
   */
  prepareFrames: call<Sent<FrameRequest>[], void>(),
  /** Nobody looks at images any more: what was decoded is given up, and files are sent again. */
  forgetFrames: call<void, void>(),
  /** For who measures. */
  keptFrames: call<void, KeptFrames>(),
  /** A frame as it is shown, turned and covered too, as a PNG file that holds nothing but these pixels. */
  pictureFile: call<Sent<RenderImageRequest>, Blob>(),
  /** A value a pixel; null of a coloured frame. */
  frameValues: call<Sent<FrameRequest>, FrameValues | null>({
    transfers: frame => (frame ? [frame.values.buffer] : []),
  }),
  /** What a DICOM file says beside its pixels; nothing of others. */
  listHeaders: call<Blob, HeaderRow[]>(),
};

export type ReadingVerbs = typeof readingVerbs;
export type ReadingApi = WorkerApi<ReadingVerbs>;
