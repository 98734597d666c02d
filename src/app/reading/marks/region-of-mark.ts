/** Marks as they are stored and given out: docs/regions.schema.json. */
import { type Measured, mostOutlinePoints, type Region, type RegionShape } from '../../../client/index.ts';
import type { ImageScale } from '../geometry/plane.ts';
import { boundsOf } from '../geometry/regions.ts';
import type { ValueGrid } from '../geometry/statistics.ts';
import type { Mark } from './mark.ts';
import { type MarkValue, measure } from './mark-values.ts';

export interface MeasuredIn {
  scale: ImageScale;
  /** Of the values, such as HU. */
  unit: string;
  /** Null: of a coloured image, or one that is not there yet. */
  values: ValueGrid | null;
}

/** Null of a black box, which is no mark but a part of how the image is shown. `frame`: the one that it is drawn on. */
export function regionOfMark(mark: Mark, frame: number, by: MeasuredIn): Region | null {
  const shape = shapeOfMark(mark);
  if (!shape) return null;
  const value = measure(mark, by.scale, by.values);
  const measured = value && measuredOf(value, by);
  return { number: mark.number, note: mark.note, frame, shape, ...(measured && { measured }) };
}

function shapeOfMark({ kind, points }: Pick<Mark, 'kind' | 'points'>): RegionShape | null {
  const [first, second, third] = points;
  switch (kind) {
    case 'rectangle':
    case 'ellipse': {
      const [left, top, right, bottom] = boundsOf(points);
      const extent = { x: left, y: top, width: right - left, height: bottom - top };
      return { kind: kind === 'rectangle' ? 'box' : 'ellipse', extent };
    }
    case 'freehand': {
      const step = Math.ceil(points.length / mostOutlinePoints);
      return { kind, points: points.filter((_, at) => at % step === 0) };
    }
    case 'arrow':
    case 'length':
      return first && second ? { kind, from: first, to: second } : null;
    case 'angle':
      return first && second && third ? { kind, points: [first, second, third] } : null;
    case 'point':
      return first ? { kind, at: first } : null;
    case 'redaction':
      return null;
  }
}

function measuredOf(value: MarkValue, { scale, unit }: MeasuredIn): Measured[] {
  switch (value.kind) {
    case 'length':
      return [{ name: 'length', value: value.length, unit: lengthUnit(scale) }];
    case 'angle':
      return [{ name: 'angle', value: value.degrees, unit: 'degrees' }];
    case 'region': {
      const { mean, deviation, min, max, count, area } = value.statistics;
      return [
        { name: 'mean', value: mean, unit },
        { name: 'deviation', value: deviation, unit },
        { name: 'least', value: min, unit },
        { name: 'greatest', value: max, unit },
        ...(area === null ? [] : [{ name: 'area' as const, value: area, unit: 'mm²' }]),
        { name: 'count', value: count, unit: 'pixels' },
      ];
    }
  }
}

function lengthUnit({ spacing }: ImageScale): string {
  if (!spacing) return 'pixels';
  return spacing.at === 'detector' ? 'mm at the detector' : 'mm';
}
