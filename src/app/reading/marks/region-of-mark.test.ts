import { expect, test } from 'vitest';
import { readSchema, schemaProblems } from '../../../../test/support/json-schema.ts';
import { mostOutlinePoints, type Region, readRegionFile, writeRegionFile } from '../../../client/index.ts';
import { squarePixels } from '../geometry/plane.ts';
import { type Mark, markKinds } from './mark.ts';
import { type MeasuredIn, regionOfMark } from './region-of-mark.ts';

const grid = { width: 10, height: 8, values: Int16Array.from({ length: 80 }, (_, at) => at) };
const by: MeasuredIn = {
  scale: { spacing: { row: 0.5, column: 0.25, at: 'patient' }, aspect: 2 },
  unit: 'HU',
  values: grid,
};
const points: Record<Mark['kind'], Mark['points']> = {
  length: [
    [1, 2],
    [5, 2],
  ],
  angle: [
    [4, 2],
    [2, 2],
    [2, 4],
  ],
  rectangle: [
    [6, 5],
    [2, 1],
  ],
  ellipse: [
    [1, 1],
    [9, 7],
  ],
  freehand: [
    [1, 1],
    [9, 1],
    [9, 7],
  ],
  arrow: [
    [1, 1],
    [5, 5],
  ],
  point: [[3, 4]],
  redaction: [
    [0, 0],
    [9, 1],
  ],
};
const mark = (kind: Mark['kind'], number = 1): Mark => ({
  ...{ id: `${number}`, image: '0#2', number, kind, note: 'here', points: points[kind] },
});

test('a rectangle, from whichever corner it was drawn, with what lies in it', () => {
  expect(regionOfMark(mark('rectangle', 3), 2, by)).toEqual({
    ...{ number: 3, note: 'here', frame: 2 },
    shape: { kind: 'box', extent: { x: 2, y: 1, width: 4, height: 4 } },
    measured: [
      { name: 'mean', value: 28.5, unit: 'HU' },
      { name: 'deviation', value: expect.closeTo(Math.sqrt(126.25), 9), unit: 'HU' },
      { name: 'least', value: 12, unit: 'HU' },
      { name: 'greatest', value: 45, unit: 'HU' },
      { name: 'area', value: 2, unit: 'mm²' },
      { name: 'count', value: 16, unit: 'pixels' },
    ],
  });
});

test('lengths and angles in their units', () => {
  expect(regionOfMark(mark('length'), 0, by)).toMatchObject({
    shape: { kind: 'length', from: [1, 2], to: [5, 2] },
    measured: [{ name: 'length', value: 1, unit: 'mm' }],
  });
  expect(regionOfMark(mark('length'), 0, { ...by, scale: squarePixels })!.measured).toEqual([
    { name: 'length', value: 4, unit: 'pixels' },
  ]);
  expect(regionOfMark(mark('angle'), 0, by)!.measured).toEqual([
    { name: 'angle', value: expect.closeTo(90, 9), unit: 'degrees' },
  ]);
});

test('without values nothing is measured, and a black box is no region', () => {
  expect(regionOfMark(mark('ellipse'), 0, { ...by, values: null })).not.toHaveProperty('measured');
  expect(regionOfMark(mark('redaction'), 0, by)).toBeNull();
});

test('an outline of more points than are stored is thinned', () => {
  const many = Array.from({ length: mostOutlinePoints + 10 }, (_, at) => [at % 9, at % 7] as const);
  const { shape } = regionOfMark({ ...mark('freehand'), points: many }, 0, by)!;
  expect(shape.kind === 'freehand' && shape.points.length).toBe((mostOutlinePoints + 10) / 2);
});

test('a file of all of them is one of the schema, and is read again', () => {
  const regions = markKinds
    .map((kind, at) => regionOfMark(mark(kind, at + 1), 0, by))
    .filter(region => region !== null);
  expect(regions).toHaveLength(markKinds.length - 1);
  const file = { image: { sha256: 'ab'.repeat(32), width: 10, height: 8 }, regions };
  const text = writeRegionFile(file);
  const schema = readSchema('regions');
  expect(schemaProblems(JSON.parse(text), schema)).toEqual([]);
  expect(readRegionFile(text)).toEqual(file);
  const broken = (changes: object) =>
    schemaProblems({ ...JSON.parse(text), regions: [{ ...regions[0], ...changes } as Region] }, schema);
  expect(broken({ shape: { kind: 'star' } })).toEqual(['/regions/0/shape: fits 0 of its forms, not one']);
  expect(broken({ number: 0 })).toEqual(['/regions/0/number: is less than 1']);
  expect(broken({ measured: [{ name: 'mood', value: 1, unit: '' }] })).toHaveLength(1);
});
