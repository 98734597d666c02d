import { formatCount } from '../../format/quantities.ts';
import type { ImageScale } from '../geometry/plane.ts';
import type { MarkValue } from './mark-values.ts';

const minus = '\u2212';
const space = '\u00a0';

/** With as many places as are worth reading, and a true minus sign. */
export function figure(value: number, places = 1): string {
  const text = Math.abs(value).toFixed(places);
  return value < 0 && Number(text) !== 0 ? `${minus}${text}` : text;
}

/** Of a value of a pixel: whole where it is whole. */
export function pixelValue(value: number, unit: string): string {
  const text = Number.isInteger(value) ? figure(value, 0) : figure(value, Math.abs(value) < 10 ? 3 : 1);
  return unit === '' ? text : `${text}${space}${unit}`;
}

export function lengthInWords(length: number, { spacing }: Pick<ImageScale, 'spacing'>): string {
  if (!spacing) return `${figure(length)}${space}pixels`;
  return `${figure(length)}${space}mm${spacing.at === 'detector' ? ' at the detector' : ''}`;
}

/** Where an image lies along its normal. */
export const heightInWords = (height: number) => `at ${figure(height)}${space}mm`;

/** One line a fact. */
export function valueInWords(value: MarkValue, scale: ImageScale, unit: string): string[] {
  switch (value.kind) {
    case 'length':
      return [lengthInWords(value.length, scale)];
    case 'angle':
      return [`${figure(value.degrees)}°`];
    case 'region': {
      const { mean, deviation, min, max, count, area } = value.statistics;
      const size = area === null ? '' : `${figure(area)}${space}mm², `;
      return [
        `Mean ${withUnit(figure(mean), unit)}, deviation ${figure(deviation)}`,
        `From ${pixelValue(min, '')} to ${pixelValue(max, '')}`,
        `${size}${formatCount(count)} ${count === 1 ? 'pixel' : 'pixels'}`,
      ];
    }
  }
}

const withUnit = (text: string, unit: string) => (unit === '' ? text : `${text}${space}${unit}`);
