/** What workers are asked about images. Types only: both worlds read this file. */
import type { ImagePresentation } from '../../engine/types/presentation.ts';

export interface RenderImageRequest {
  /** SHA-256 (hex) of the file's bytes: what was decoded for the last picture of it serves again. */
  id: string;
  file: Blob;
  presentation: ImagePresentation;
}

/** Paints black over the pixels of one frame for good: what comes back is a PNG of it through its window, without any header. */
export interface RedactImageRequest {
  file: Blob;
  /** With `redactions`; not turned, and its region not drawn. */
  presentation: ImagePresentation;
}
