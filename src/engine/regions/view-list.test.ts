import { expect, test } from 'vitest';
import { readSchema, schemaProblems } from '../../../test/support/json-schema.ts';
import { mostRedactions, plainPresentation, readPresentation } from '../types/presentation.ts';
import { mostRegions, readRegions } from '../types/region.ts';
import { type ViewList, writeViewList } from './view-list.ts';

const size = { width: 30, height: 20 };
const list: ViewList = {
  seriesUid: '2.25.7',
  views: [
    { image: { instanceUid: '2.25.7.1', ...size }, presentation: plainPresentation, regions: [] },
    {
      image: { sha256: 'a'.repeat(64), ...size },
      presentation: {
        frame: 3,
        window: { kind: 'level', centre: 40.5, width: 400, function: 'LINEAR' },
        isInverted: true,
        turns: 3,
        isFlipped: true,
        redactions: [{ x: 0, y: 1, width: 30, height: 2 }],
        region: { x: 4, y: 5, width: 6, height: 7 },
      },
      regions: [{ number: 1, note: 'here', frame: 3, shape: { kind: 'point', at: [2.5, 3.5] } }],
    },
    ...(['range', 'ct-colours'] as const).map(kind => ({
      image: { sha256: 'b'.repeat(64), ...size },
      presentation: { ...plainPresentation, window: { kind } },
      regions: [],
    })),
    {
      image: { sha256: 'c'.repeat(64), ...size },
      presentation: { ...plainPresentation, window: { kind: 'lut', index: 1 } },
      regions: [],
    },
  ],
};
const schema = readSchema('views');
const written = () => JSON.parse(writeViewList(list));

test('a list of views is what its schema says, and reads as what was set', () => {
  const { format, version, ...rest } = written();
  expect([format, version]).toEqual(['bedside-views', 1]);
  expect(rest).toEqual(list);
  expect(schemaProblems(written(), schema)).toEqual([]);
  for (const { presentation, regions } of written().views) {
    expect(readPresentation(presentation)).toEqual(presentation);
    expect(readRegions(regions)).toEqual(regions);
  }
  expect(JSON.parse(writeViewList({ seriesUid: null, views: [] }))).toEqual({ format, version, views: [] });
});

test('the schema of views refuses what is none', () => {
  const broken = (change: (view: ReturnType<typeof written>) => void) => {
    const file = written();
    change(file.views[1]);
    return schemaProblems(file, schema);
  };
  expect(broken(() => undefined)).toEqual([]);
  expect(broken(view => delete view.image)).toHaveLength(1);
  expect(broken(view => delete view.image.sha256)).toHaveLength(1);
  expect(broken(view => delete view.presentation.turns)).toHaveLength(1);
  expect(broken(view => Object.assign(view.presentation, { turns: 4 }))).toHaveLength(1);
  expect(broken(view => Object.assign(view.presentation, { window: { kind: 'level' } }))).toHaveLength(1);
  expect(broken(view => Object.assign(view.presentation.region, { width: 0 }))).toHaveLength(1);
});

test('the schema of views has the limits that the product has', () => {
  const { view, presentation } = schema.$defs as Record<string, { properties: Record<string, unknown> }>;
  expect(presentation!.properties.redactions).toMatchObject({ maxItems: mostRedactions });
  expect(view!.properties.regions).toMatchObject({ maxItems: mostRegions });
});
