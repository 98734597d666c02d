import type { RenderedImage } from '../../../client/index.ts';

/** Puts the pixels on a canvas as they came. False where it is of another size, until the page has laid it out anew. */
export function drawPicture(canvas: HTMLCanvasElement, { width, height, rgba }: RenderedImage): boolean {
  if (canvas.width !== width || canvas.height !== height) return false;
  canvas.getContext('2d')?.putImageData(new ImageData(rgba, width, height), 0, 0);
  return true;
}
