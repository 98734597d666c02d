/**
 * Coordinates in an image: in pixels, x along a row from its left edge, y down a column from its upper edge. The first pixel
 * reaches from [0, 0] to [1, 1]; its centre is [0.5, 0.5].
 */
export type ImagePoint = readonly [x: number, y: number];

/** How far apart pixels are, in millimetres (DICOM PS3.3 10.7.1.3: first between rows, then between columns). */
export interface PixelSpacing {
  row: number;
  column: number;
  /** `detector`: where the rays met it; the patient was nearer to the source, and is smaller. */
  at: 'patient' | 'detector';
}

/** What the lengths of an image are measured in. */
export interface ImageScale {
  spacing: PixelSpacing | null;
  /** Height of a pixel over its width, for images whose spacing is not known. */
  aspect: number;
}

export const squarePixels: ImageScale = { spacing: null, aspect: 1 };

/** Height of a pixel over its width. */
export function pixelAspect({ spacing, aspect }: ImageScale): number {
  return spacing ? spacing.row / spacing.column : aspect;
}

/** From one point to another, in millimetres; without a spacing in widths of a pixel. */
export function vectorBetween([x0, y0]: ImagePoint, [x1, y1]: ImagePoint, scale: ImageScale): ImagePoint {
  const across = scale.spacing?.column ?? 1;
  return [(x1 - x0) * across, (y1 - y0) * across * pixelAspect(scale)];
}

/** The area of a pixel in square millimetres; null without a spacing. */
export function pixelArea({ spacing }: ImageScale): number | null {
  return spacing ? spacing.row * spacing.column : null;
}

/** Inside the image, its edges included. */
export function clampToImage([x, y]: ImagePoint, width: number, height: number): ImagePoint {
  return [Math.min(width, Math.max(0, x)), Math.min(height, Math.max(0, y))];
}
