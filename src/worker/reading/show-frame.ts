import { frameFor } from '../../imaging/presented/check-presentation.ts';
import type { FrameValues } from '../../imaging/presented/opened-image.ts';
import { renderFrame } from '../../imaging/presented/render-picture.ts';
import type { RgbImage } from '../../imaging/rgb-image.ts';
import type { RenderImageRequest } from '../engine/image-messages.ts';
import type { FrameCache } from './frame-cache.ts';
import type { FrameRequest, ShownFrame } from './reading-verbs.ts';

/** Rejects as `frameFor` does. */
export async function showFrame(
  frames: FrameCache,
  { id, file, presentation }: RenderImageRequest,
): Promise<ShownFrame> {
  const frame = await frameFor(await frames.find({ id, file, frame: presentation.frame }), presentation);
  const picture = renderFrame(frame, presentation);
  const { windows, warnings } = frame;
  return { width: picture.width, height: picture.height, rgba: opaque(picture), windows, warnings };
}

export async function frameValues(frames: FrameCache, request: FrameRequest): Promise<FrameValues | null> {
  const frame = await (await frames.find(request)).decodeFrame(request.frame);
  return frame.values();
}

function opaque({ width, height, data }: RgbImage): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(width * height * 4);
  // A pixel at once: red comes first where the lowest byte does, as on all machines that browsers run on.
  const pixels = new Uint32Array(rgba.buffer);
  for (let at = 0, from = 0; at < pixels.length; at++, from += 3)
    pixels[at] = 0xff000000 | (data[from + 2]! << 16) | (data[from + 1]! << 8) | data[from]!;
  return rgba;
}
