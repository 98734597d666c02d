import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fixture } from '../../../test/support/data.ts';
import { makePng } from '../../../test/support/images.ts';
import { decodeInNode } from '../../cli/input/decode-image.ts';
import { plainPresentation } from '../../engine/types/presentation.ts';
import { OpenImages } from '../engine/open-images.ts';
import type { Result } from '../verbs/result.ts';
import { createReadingApi } from './reading-api.ts';
import type { ImageFacts } from './reading-verbs.ts';

const size = { width: 40, height: 30 };
const blobOf = (file: Uint8Array, type = 'image/png') => new Blob([Uint8Array.from(file)], { type });
const colours = blobOf(makePng({ ...size, sample: (x, y) => [x * 6, y * 8, 200] }));
const deep = blobOf(makePng({ ...size, colourType: 0, bitDepth: 16, sample: (x, y) => [x * 50 + y] }));
const dicom = blobOf(readFileSync(fixture('dicom/ts-rle.dcm')), '');

async function decode(file: Blob) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return { ...(await decodeInNode(bytes)), bytes };
}
const api = createReadingApi(decode);

async function given<T>(asked: Promise<Result<T>>): Promise<T> {
  const result = await asked;
  if (!result.ok) throw result.error;
  return result.value;
}

test('a frame is shown byte for byte as the engine cuts its tiles from it, with what is known of it', async () => {
  const presentation = {
    ...plainPresentation,
    window: { kind: 'level', centre: 900, width: 400, function: 'LINEAR' },
    turns: 1,
    redactions: [{ x: 3, y: 4, width: 10, height: 8 }],
  } as const;
  const shown = await given(api.showFrame({ id: 'deep', file: deep, presentation }));
  const picture = await new OpenImages(decode).pictureOf({ id: 'deep', blob: deep, presentation });
  expect([shown.width, shown.height]).toEqual([30, 40]);
  expect([...shown.rgba].filter((_, i) => i % 4 < 3)).toEqual([...picture.data]);
  expect([...shown.rgba].filter((_, i) => i % 4 === 3).every(alpha => alpha === 255)).toBe(true);
  expect(shown.windows.map(({ name }) => name)).toEqual(['default', 'range']);
  const coloured = await given(
    api.showFrame({ id: 'colours', file: colours, presentation: plainPresentation }),
  );
  expect(coloured).toMatchObject({ ...size, windows: [], warnings: [] });
});

test('values are those of the frame, again each time, and none of a coloured one', async () => {
  const request = { id: 'deep', file: deep, frame: 0 };
  const first = await given(api.frameValues(request));
  expect(first).toMatchObject({ ...size, least: 0, greatest: 1979, unit: null });
  // They go over to the page: what is given out next must not be the same memory.
  const second = await given(api.frameValues(request));
  expect(second!.values.buffer).not.toBe(first!.values.buffer);
  expect(second).toEqual(first);
  expect(await given(api.frameValues({ id: 'colours', file: colours, frame: 0 }))).toBeNull();
  await expect(given(api.frameValues({ ...request, frame: 1 }))).rejects.toMatchObject({
    code: 'invalid-request',
  });
});

test('a file is looked at without giving its bytes out, and what is no image says so', async () => {
  const [first, second, third] = await given(api.lookAtFiles([colours, dicom, new Blob(['a letter'])]));
  expect(first).toEqual({ ok: true, value: { size, frames: 1, dicom: null } });
  const { dicom: facts, ...rest } = (second as { value: ImageFacts }).value;
  expect(Object.keys(rest)).toEqual(['size', 'frames']);
  expect(facts!.meta).toMatchObject({ rows: rest.size.height, columns: rest.size.width });
  expect(third).toMatchObject({ ok: false, error: { code: 'not-an-image' } });
});

test.each([
  { window: null, isInverted: false },
  { window: { kind: 'level', centre: 30, width: 80, function: 'LINEAR' }, isInverted: true },
  { window: { kind: 'range' }, isInverted: false },
] as const)('a grey frame that lies as it is stored is shown as it is asked about: %o', async shownAs => {
  const presentation = { ...plainPresentation, ...shownAs };
  const shown = await given(api.showFrame({ id: 'dicom', file: dicom, presentation }));
  const picture = await new OpenImages(decode).pictureOf({ id: 'dicom', blob: dicom, presentation });
  expect([shown.width, shown.height]).toEqual([picture.width, picture.height]);
  expect([...shown.rgba].filter((_, i) => i % 4 < 3)).toEqual([...picture.data]);
  expect([...shown.rgba].filter((_, i) => i % 4 === 3).every(alpha => alpha === 255)).toBe(true);
});

test('a file is sent once by its name, until all are forgotten', async () => {
  const presentation = plainPresentation;
  const first = await given(api.showFrame({ id: 'once', file: dicom, presentation }));
  const second = await given(api.showFrame({ id: 'once', presentation }));
  expect(second).toEqual(first);
  expect(second.rgba.buffer).not.toBe(first.rgba.buffer);
  expect(await given(api.frameValues({ id: 'once', frame: 0 }))).not.toBeNull();
  await given(api.forgetFrames());
  await expect(given(api.showFrame({ id: 'once', presentation }))).rejects.toBeTruthy();
  expect(await given(api.showFrame({ id: 'once', file: dicom, presentation }))).toEqual(first);
});

test('headers are those of DICOM files alone', async () => {
  expect((await given(api.listHeaders(dicom))).length).toBeGreaterThan(5);
  expect(await given(api.listHeaders(colours))).toEqual([]);
});
