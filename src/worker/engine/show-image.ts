import { plainPresentation } from '../../engine/types/presentation.ts';
import { frameFor } from '../../imaging/presented/check-presentation.ts';
import { readHeader } from '../../imaging/presented/read-header.ts';
import { writePng } from '../../imaging/write-png.ts';
import type {
  FrameDescription,
  FrameRequest,
  HeaderRow,
  ImageValues,
  RenderedImage,
  RenderImageRequest,
} from './image-messages.ts';
import type { OpenImages } from './open-images.ts';

export async function describeFrame(images: OpenImages, request: FrameRequest): Promise<FrameDescription> {
  const { windows, warnings } = await decodeFrame(images, request);
  return { windows, warnings };
}

export async function renderImage(
  images: OpenImages,
  { id, file, presentation }: RenderImageRequest,
): Promise<RenderedImage> {
  const { width, height, data } = await images.pictureOf({ id, blob: file, presentation });
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    rgba[to] = data[from]!;
    rgba[to + 1] = data[from + 1]!;
    rgba[to + 2] = data[from + 2]!;
    rgba[to + 3] = 255;
  }
  return { width, height, rgba };
}

export async function renderImageFile(
  images: OpenImages,
  { id, file, presentation }: RenderImageRequest,
): Promise<Blob> {
  const picture = await images.pictureOf({ id, blob: file, presentation });
  return new Blob([await writePng(picture)], { type: 'image/png' });
}

export async function imageValues(images: OpenImages, request: FrameRequest): Promise<ImageValues | null> {
  return (await decodeFrame(images, request)).values();
}

async function decodeFrame(images: OpenImages, { id, file, frame }: FrameRequest) {
  return frameFor(await images.find(id, file), { ...plainPresentation, frame });
}

export async function imageHeaders(file: Blob): Promise<readonly HeaderRow[]> {
  return (await readHeader(file)) ?? [];
}
