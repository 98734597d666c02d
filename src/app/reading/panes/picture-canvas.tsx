import { type RefObject, useLayoutEffect } from 'react';
import type { RenderedImage } from '../../../client/index.ts';
import { cssTransform, type View } from '../../viewer/view-transform.ts';
import { drawPicture } from './draw-picture.ts';

/** Above this, each image pixel is shown as a square of its own: smoothing would show what was not measured. */
const smoothUpTo = 2;

interface PictureCanvasProps {
  canvas: RefObject<HTMLCanvasElement | null>;
  pixels: RenderedImage;
  view: View;
  pixelRatio: number;
  name: string;
}

/** Pixels put where the view has them. Those that come later in the same size are drawn as they come (`use-picture.ts`). */
export function PictureCanvas({ canvas, pixels, view, pixelRatio, name }: PictureCanvasProps) {
  const { width, height } = pixels;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a canvas is empty where it is new or of another size; later ones may be newer than these
  useLayoutEffect(() => {
    if (canvas.current) drawPicture(canvas.current, pixels);
  }, [canvas, width, height]);
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={name}
      width={width}
      height={height}
      data-smooth={view.zoom <= smoothUpTo}
      style={{
        width: view.image.width,
        height: view.image.height,
        transform: cssTransform(view, pixelRatio),
      }}
    />
  );
}
