import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fixture, readJson } from '../../../test/support/data.ts';
import { decodeInNode } from '../input/decode-image.ts';
import type { DicomRecord } from '../output/dicom-record.ts';
import { dicom } from './dicom.ts';

interface Golden {
  file: string;
  status: string;
  reason?: string;
  warnings?: string[];
  meta?: object;
  frames?: { stored: object; pixels: object; views: Record<string, object> }[];
}

const golden = readJson<Golden[]>(fixture('dicom/golden.json'));
const recordOf = (file: string) => golden.find(each => each.file === file)!;
const pathOf = (file: string) => fixture(`dicom/${file}`);

async function run(...argv: string[]): Promise<DicomRecord[]> {
  return ((await dicom(argv)) as { files: DicomRecord[] }).files;
}

test.each([
  'ts-rle.dcm',
  'enh-ct-per-frame.dcm',
  'jls-rgb-sample-80.dcm',
  'pal-segmented.dcm',
  'win-sigmoid.dcm',
])('the record of %s, as other tools have it', async file => {
  const { meta, warnings, frames } = recordOf(file);
  const [record] = await run(pathOf(file));
  expect(record).toMatchObject({ file: pathOf(file), status: 'ok', meta, warnings });
  expect(record!.frames).toHaveLength(frames!.length);
  for (const [i, { stored, pixels, views }] of frames!.entries()) {
    expect(record!.frames![i]).toMatchObject({ index: i, pixels });
    // A sum over many numbers differs by its order.
    const { mean, ...exact } = stored as { mean: number };
    const found = record!.frames![i] as { stored: { mean: number }; views: Record<string, object> };
    expect(found.stored).toMatchObject(exact);
    expect(found.stored.mean).toBeCloseTo(mean, 6);
    expect(Object.keys(found.views)).toEqual(expect.arrayContaining(Object.keys(views)));
    for (const [name, view] of Object.entries(views)) {
      const { nearestTie: _, mean: meanOfView, ...rest } = view as { nearestTie?: number; mean: number };
      expect(found.views[name]).toMatchObject(rest);
      expect((found.views[name] as { mean: number }).mean).toBeCloseTo(meanOfView, 6);
    }
  }
});

test('a file that is refused has its reason in words, and the others are read all the same', async () => {
  const [refused, read] = await run(pathOf('object-sr.dcm'), pathOf('ts-rle.dcm'));
  expect(refused).toMatchObject({ status: 'refuse', reason: 'report-object' });
  expect(refused!.message).toMatch(/structured report/);
  expect(read!.status).toBe('ok');
});

test('one frame alone, and its views as PNG', async () => {
  const out = await mkdtemp(join(tmpdir(), 'bedside-dicom-'));
  const [record] = await run(pathOf('enh-ct-per-frame.dcm'), '--frame', '2', '--out', out);
  expect(record!.frames).toHaveLength(1);
  expect(record!.frames![0]).toMatchObject({ index: 2 });
  const names = ['ct-bone', 'ct-brain', 'ct-lung', 'ct-soft', 'default', 'range'];
  expect((await readdir(out)).sort()).toEqual(names.map(name => `enh-ct-per-frame.dcm.frame-2.${name}.png`));
  const { image } = await decodeInNode(await readFile(join(out, 'enh-ct-per-frame.dcm.frame-2.default.png')));
  const { meta } = recordOf('enh-ct-per-frame.dcm') as { meta: { columns: number; rows: number } };
  expect([image.width, image.height]).toEqual([meta.columns, meta.rows]);
  const { views } = record!.frames![0] as { views: { default: { samples: number[] } } };
  const sampled = views.default.samples.map((_, i) => {
    const pixel = Math.floor(((i + 0.5) * image.width * image.height) / 8);
    return image.data[pixel * 3];
  });
  expect(sampled).toEqual(views.default.samples);
});

test('what cannot be asked for', async () => {
  await expect(dicom([])).rejects.toMatchObject({ reason: 'dicom-file-is-missing' });
  await expect(dicom(['nowhere.dcm'])).rejects.toMatchObject({ reason: 'dicom-file-cannot-be-read' });
  await expect(dicom([pathOf('ts-rle.dcm'), '--frame', '1'])).rejects.toMatchObject({
    reason: 'no-such-frame',
  });
  await expect(dicom([pathOf('ts-rle.dcm'), '--frame', '-1'])).rejects.toMatchObject({
    code: 'invalid-request',
  });
});
