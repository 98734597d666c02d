import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  longestNote,
  longestUnit,
  measuredNames,
  mostOutlinePoints,
  mostRegions,
  type Region,
  regionKinds,
} from '../types/region.ts';
import { type RegionFile, readRegionFile, writeRegionFile } from './region-file.ts';

const extent = { x: 1, y: 2.5, width: 3, height: 4 };
const shapes: Region['shape'][] = [
  { kind: 'box', extent },
  { kind: 'ellipse', extent },
  {
    kind: 'freehand',
    points: [
      [0, 0],
      [30, 20],
    ],
  },
  { kind: 'arrow', from: [9, 9], to: [1, 1] },
  { kind: 'point', at: [30, 20] },
  { kind: 'length', from: [0, 0], to: [30, 0] },
  {
    kind: 'angle',
    points: [
      [0, 0],
      [5, 5],
      [9, 0],
    ],
  },
];
const file: RegionFile = {
  image: { sha256: 'a'.repeat(64), width: 30, height: 20 },
  regions: shapes.map((shape, i) => ({
    ...{ number: i + 1, note: `note ${i}`, frame: 0, shape },
    ...(shape.kind === 'length' && { measured: [{ name: 'length', value: 12.5, unit: 'mm' }] }),
  })),
};
const changed = (changes: object) => JSON.stringify({ ...JSON.parse(writeRegionFile(file)), ...changes });

test('what was written is read', () => {
  expect(shapes.map(({ kind }) => kind)).toEqual([...regionKinds]);
  expect(readRegionFile(writeRegionFile(file))).toEqual(file);
});

test.each([
  ['what is not JSON', '{', 'region-file-no-json'],
  ['another file', '{}', 'no-region-file'],
  ['null', 'null', 'no-region-file'],
  ['another version', changed({ version: 2 }), 'region-file-of-other-version'],
  ['no image', changed({ image: { ...file.image, sha256: 'x' } }), 'region-file-without-image'],
  ['an image without pixels', changed({ image: { ...file.image, width: 0 } }), 'region-file-without-image'],
  ['a shape of no kind', changed({ regions: [{ ...file.regions[0], shape: {} }] }), 'region-file-damaged'],
  ['no regions', changed({ regions: undefined }), 'region-file-damaged'],
  ['a mark outside', changed({ image: { ...file.image, width: 29 } }), 'region-outside'],
  [
    'an arrow from outside',
    changed({ regions: [{ ...file.regions[3], shape: { kind: 'arrow', from: [31, 1], to: [1, 1] } }] }),
    'region-outside',
  ],
])('%s is refused, and why is said', (_, text, why) => {
  expect(() => readRegionFile(text)).toThrow(
    expect.objectContaining({ code: 'invalid-request', values: expect.objectContaining({ why }) }),
  );
});

test('the schema has the limits that the reader has', () => {
  const schema = JSON.parse(
    readFileSync(new URL('../../../docs/regions.schema.json', import.meta.url), 'utf8'),
  );
  const { region, shape, measured } = schema.$defs;
  expect(measured.properties.name.enum).toEqual([...measuredNames]);
  expect(measured.properties.unit.maxLength).toBe(longestUnit);
  expect(region.properties.measured.maxItems).toBe(measuredNames.length);
  expect(schema.properties.regions.maxItems).toBe(mostRegions);
  expect(region.properties.note.maxLength).toBe(longestNote);
  const kinds = shape.oneOf.flatMap(
    ({ properties: { kind } }: never) =>
      (kind as { enum?: string[] }).enum ?? [(kind as { const: string }).const],
  );
  expect(kinds).toEqual([...regionKinds]);
  expect(shape.oneOf[1].properties.points.maxItems).toBe(mostOutlinePoints);
});
