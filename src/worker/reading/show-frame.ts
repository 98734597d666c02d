import type { Size } from '../../engine/types/image-views.ts';
import type { ImagePresentation } from '../../engine/types/presentation.ts';
import { frameFor } from '../../imaging/presented/check-presentation.ts';
import type { FrameValues, ImageFrame } from '../../imaging/presented/opened-image.ts';
import { renderFrame } from '../../imaging/presented/render-picture.ts';
import type { RgbImage } from '../../imaging/rgb-image.ts';
import type { RenderImageRequest } from '../engine/image-messages.ts';
import type { FrameCache } from './frame-cache.ts';
import type { FrameRequest, RenderedImage, ShownFrame } from './reading-verbs.ts';

/** Rejects as `frameFor` does. */
export async function showFrame(
  frames: FrameCache,
  { id, file, presentation }: RenderImageRequest,
): Promise<ShownFrame> {
  const kept = await frames.find({ id, file, frame: presentation.frame });
  const frame = await frameFor(kept, presentation);
  const { windows, warnings } = frame;
  return { ...opaquePicture(frame, presentation, kept.size), windows, warnings };
}

/** What lies as it is stored is grey once and then opaque: of a scroll, copies between are half of the work. */
function opaquePicture(frame: ImageFrame, presentation: ImagePresentation, size: Size): RenderedImage {
  const { turns, isFlipped, redactions, window, isInverted } = presentation;
  const isAsStored = turns === 0 && !isFlipped && redactions.length === 0;
  const grey = isAsStored ? frame.renderGrey?.(window, isInverted) : null;
  if (grey) return { width: size.width, height: size.height, rgba: opaqueGrey(grey) };
  const picture = renderFrame(frame, presentation);
  return { width: picture.width, height: picture.height, rgba: opaque(picture) };
}

export async function frameValues(frames: FrameCache, request: FrameRequest): Promise<FrameValues | null> {
  const frame = await (await frames.find(request)).decodeFrame(request.frame);
  return frame.values();
}

// A pixel at once: red comes first where the lowest byte does, as on all machines that browsers run on.
function opaqueGrey(grey: Uint8Array): RenderedImage['rgba'] {
  const pixels = new Uint32Array(grey.length);
  for (let at = 0; at < pixels.length; at++) pixels[at] = 0xff000000 | (grey[at]! * 0x010101);
  return new Uint8ClampedArray(pixels.buffer);
}

function opaque({ width, height, data }: RgbImage): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(width * height * 4);
  const pixels = new Uint32Array(rgba.buffer);
  for (let at = 0, from = 0; at < pixels.length; at++, from += 3)
    pixels[at] = 0xff000000 | (data[from + 2]! << 16) | (data[from + 1]! << 8) | data[from]!;
  return rgba;
}
