import type { Measured, Region, RegionShape } from '../../client/index.ts';
import { formatCount } from './quantities.ts';

const shapeNames: Readonly<Record<RegionShape['kind'], string>> = {
  box: 'rectangle',
  ellipse: 'ellipse',
  freehand: 'outline',
  arrow: 'arrow',
  point: 'point',
  length: 'length',
  angle: 'angle',
};

/** "2, ellipse: “a note”; mean 900.0 HU, deviation 0.0 HU". */
export function regionInWords({ number, note, shape, measured = [] }: Region): string {
  const figures = measured.filter(({ name }) => name !== 'count').map(measuredInWords);
  const name = `${number}, ${shapeNames[shape.kind]}`;
  return `${name}${note ? `: “${note}”` : ''}${figures.length > 0 ? `; ${figures.join(', ')}` : ''}`;
}

function measuredInWords({ name, value, unit }: Measured): string {
  const figure = formatFigure(value);
  if (unit === 'degrees') return `${name} ${figure}°`;
  return unit ? `${name} ${figure} ${unit}` : `${name} ${figure}`;
}

/** With one place, and a true minus sign. */
function formatFigure(value: number): string {
  const size = Math.abs(value);
  const text = size >= 1000 ? formatCount(Math.round(size)) : size.toFixed(1);
  return value < 0 && Number(text) !== 0 ? `\u2212${text}` : text;
}
