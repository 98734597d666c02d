import { useLayoutEffect, useRef } from 'react';
import type { RenderedImage } from '../../../client/index.ts';
import type { Size, View } from '../../viewer/view-transform.ts';
import type { ImagePoint } from '../geometry/plane.ts';
import { panePoint } from './places.ts';

/** CSS pixels across the glass. */
const glass = 180;
const factor = 3;

interface MagnifierProps {
  pixels: RenderedImage;
  view: View;
  grid: Size;
  at: ImagePoint;
  pixelRatio: number;
}

/** What lies around a point, three times as large as on the pane, and lying the same way. */
export function Magnifier({ pixels, view, grid, at, pixelRatio }: MagnifierProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [left, top] = panePoint(view, at, grid, pixelRatio);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const source = new OffscreenCanvas(pixels.width, pixels.height);
    source.getContext('2d')?.putImageData(new ImageData(pixels.rgba, pixels.width, pixels.height), 0, 0);
    const side = glass * pixelRatio;
    const zoom = view.zoom * factor;
    context.resetTransform();
    context.clearRect(0, 0, side, side);
    context.imageSmoothingEnabled = zoom <= 2;
    context.translate(side / 2, side / 2);
    if (view.isFlipped) context.scale(-1, 1);
    context.rotate((view.turns * Math.PI) / 2);
    context.scale((zoom * view.image.width) / grid.width, (zoom * view.image.height) / grid.height);
    context.drawImage(source, -at[0], -at[1]);
  }, [pixels, view, grid, at, pixelRatio]);
  return (
    <canvas
      ref={canvas}
      className="reading-glass"
      width={glass * pixelRatio}
      height={glass * pixelRatio}
      style={{ left: left - glass / 2, top: top - glass / 2, width: glass, height: glass }}
    />
  );
}
