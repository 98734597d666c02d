import { useLayoutEffect, useRef } from 'react';
import type { RenderedImage } from '../../../client/index.ts';
import { cssTransform, type View } from '../../viewer/view-transform.ts';

/** Above this, each image pixel is shown as a square of its own: smoothing would show what was not measured. */
const smoothUpTo = 2;

interface PictureCanvasProps {
  pixels: RenderedImage;
  view: View;
  pixelRatio: number;
  name: string;
}

/** The pixels as they came, put where the view has them. */
export function PictureCanvas({ pixels, view, pixelRatio, name }: PictureCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    context?.putImageData(new ImageData(pixels.rgba, pixels.width, pixels.height), 0, 0);
  }, [pixels]);
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={name}
      width={pixels.width}
      height={pixels.height}
      data-smooth={view.zoom <= smoothUpTo}
      style={{
        width: view.image.width,
        height: view.image.height,
        transform: cssTransform(view, pixelRatio),
      }}
    />
  );
}
