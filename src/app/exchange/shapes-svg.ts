import type { Size } from '../../client/index.ts';
import type { DrawnShape } from '../state/images/drawn-shapes.ts';
import { labelAt, labelSize, pointsOfShape, shapePath } from '../viewer/shape-path.ts';
import { escapeHtml } from './markdown-html.ts';

const colours: Readonly<Record<DrawnShape['by'], string>> = { reader: '#f6d58a', model: '#7fd8cd' };
/** CSS pixels on which the longer side of a picture is shown, about. */
const shownSide = 512;

/** Over a picture of this size, as the page draws it. */
export function shapesAsSvg(shapes: readonly DrawnShape[], size: Size): string {
  const unit = Math.max(size.width, size.height) / shownSide;
  const drawn = shapes.map(shape => drawShape(shape, size, unit)).join('');
  return `<svg viewBox="0 0 ${size.width} ${size.height}" aria-hidden="true">${drawn}</svg>`;
}

function drawShape({ shape, label, by }: DrawnShape, size: Size, unit: number): string {
  const points = pointsOfShape(shape);
  const path = shapePath(shape.kind, points, unit);
  const line = (colour: string, width: number, dashes = '') =>
    `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${width * unit}"${dashes}/>`;
  const dashes = by === 'model' ? ` stroke-dasharray="${7 * unit} ${4 * unit}"` : '';
  const at = labelAt(points, by, size, unit);
  const text =
    at &&
    `<text x="${at.x}" y="${at.y}" text-anchor="${at.anchor}" font-size="${labelSize * unit}" font-weight="600" fill="${colours[by]}" stroke="#000" stroke-width="${3 * unit}" paint-order="stroke">${escapeHtml(label)}</text>`;
  return `${line('#000', 4)}${line(colours[by], 1.5, dashes)}${text ?? ''}`;
}
