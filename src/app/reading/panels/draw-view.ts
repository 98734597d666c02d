import type { RenderedImage } from '../../../client/index.ts';
import { highest, shapePath } from '../../viewer/shape-path.ts';
import { type Point, startView, type View } from '../../viewer/view-transform.ts';
import type { ImageScale } from '../geometry/plane.ts';
import { type Mark, shapeKindOf } from '../marks/mark.ts';
import { measure } from '../marks/mark-values.ts';
import { valueInWords } from '../marks/values-in-words.ts';
import { panePoint } from '../panes/places.ts';
import type { KeyedValues } from '../panes/use-values.ts';

/** The longer side of what is given out, at least: marks need room beside a small image. */
const leastSide = 1024;
const lineColour = '#f6d58a';

interface MarkedView {
  /** Not turned. */
  pixels: RenderedImage;
  view: View;
  marks: readonly Mark[];
  scale: ImageScale;
  unit: string;
  values: KeyedValues | null;
}

/** The whole image as it lies on its pane, with its marks: the view that is drawn, in pixels of the picture that is made. */
export function wholeView({ image, turns, isFlipped }: View): View {
  const zoom = Math.max(1, Math.ceil(leastSide / Math.max(image.width, image.height)));
  const [width, height] = turns % 2 === 0 ? [image.width, image.height] : [image.height, image.width];
  const frame = { width: Math.round(width * zoom), height: Math.round(height * zoom) };
  return { ...startView(image), frame, zoom, turns, isFlipped };
}

export async function drawMarkedView({
  pixels,
  view,
  marks,
  scale,
  unit,
  values,
}: MarkedView): Promise<Blob> {
  const whole = wholeView(view);
  const canvas = new OffscreenCanvas(whole.frame.width, whole.frame.height);
  const context = canvas.getContext('2d')!;
  const source = new OffscreenCanvas(pixels.width, pixels.height);
  source.getContext('2d')!.putImageData(new ImageData(pixels.rgba, pixels.width, pixels.height), 0, 0);
  context.imageSmoothingEnabled = false;
  context.translate(whole.frame.width / 2, whole.frame.height / 2);
  if (whole.isFlipped) context.scale(-1, 1);
  context.rotate((whole.turns * Math.PI) / 2);
  const [width, height] = [whole.image.width * whole.zoom, whole.image.height * whole.zoom];
  context.drawImage(source, -width / 2, -height / 2, width, height);
  context.resetTransform();
  for (const mark of marks) {
    const points = mark.points.map(point => panePoint(whole, point, pixels, 1));
    const value = measure(mark, scale, values);
    const words = value ? `: ${valueInWords(value, scale, unit)[0]}` : '';
    drawMark(context, mark, points, `${mark.number}${words}`);
  }
  return canvas.convertToBlob({ type: 'image/png' });
}

function drawMark(
  context: OffscreenCanvasRenderingContext2D,
  mark: Mark,
  points: Point[],
  label: string,
): void {
  const path = new Path2D(shapePath(shapeKindOf(mark.kind), points));
  if (mark.kind === 'redaction') {
    context.fillStyle = '#000';
    context.fill(path);
    return;
  }
  const [x, y] = highest(points)!;
  context.font = '600 18px system-ui, sans-serif';
  context.lineJoin = 'round';
  context.strokeStyle = 'rgb(0 0 0 / 70%)';
  context.lineWidth = 5;
  context.stroke(path);
  context.strokeText(label, x + 8, y - 8);
  context.strokeStyle = lineColour;
  context.lineWidth = 2;
  context.stroke(path);
  context.fillStyle = lineColour;
  context.fillText(label, x + 8, y - 8);
}
