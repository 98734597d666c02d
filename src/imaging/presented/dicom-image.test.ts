import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fixture, readJson } from '../../../test/support/data.ts';
import { type ImagePresentation, plainPresentation } from '../../engine/types/presentation.ts';
import { lookAtFile } from './look-at-file.ts';
import { openImage } from './open-image.ts';
import { renderPicture, renderUpright } from './render-picture.ts';

interface GoldenFile {
  file: string;
  status: string;
  tolerance?: object;
  frames?: {
    pixels: Record<string, { row: number; col: number; modality?: number }>;
    views: Record<string, { sha256: string; alternativeSha256?: string }>;
  }[];
}

/** What pydicom, GDCM and dcmtk read of them; lossy ones have no exact picture. */
const goldens = readJson<GoldenFile[]>(fixture('dicom/golden.json')).filter(
  ({ status, tolerance }) => status === 'ok' && !tolerance,
);
const blobOf = (name: string) => new Blob([readFileSync(fixture(`dicom/${name}`))]);
const noDecoder = () => Promise.reject(new Error('a DICOM file is not for the decoder of pictures'));
const open = (name: string) => openImage(blobOf(name), noDecoder);
const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');
const grey = (data: Uint8Array) => data.filter((_, i) => i % 3 === 0);
const render = async (name: string, changes: Partial<ImagePresentation> = {}) =>
  renderPicture(await open(name), { ...plainPresentation, ...changes });

describe('every view of every frame is the picture that other readers make', () => {
  test.each(goldens)('$file', async ({ file, frames = [] }) => {
    const image = await open(file);
    expect(image).toMatchObject({ format: 'dicom', frames: frames.length });
    for (const [index, { views, pixels }] of frames.entries()) {
      const frame = await image.decodeFrame(index);
      for (const [name, { sha256: expected, alternativeSha256 }] of Object.entries(views)) {
        const window = name === 'default' ? null : frame.windows.find(each => each.name === name)!.choice;
        const { data } = await renderPicture(image, { ...plainPresentation, frame: index, window });
        const hashes = [sha256(data), sha256(grey(data))];
        expect([name, hashes.some(each => [expected, alternativeSha256].includes(each))]).toEqual([
          name,
          true,
        ]);
      }
      const found = frame.values();
      expect(found === null).toBe(frame.windows.length === 0);
      for (const { row, col, modality } of found ? Object.values(pixels) : []) {
        expect(found!.values[row * found!.width + col]).toBeCloseTo(modality!, 9);
      }
    }
  });
});

test('a header is enough to say what a file is', async () => {
  const facts = await lookAtFile(blobOf('enh-ct-per-frame.dcm'));
  const { size, frames, dicom } = await open('enh-ct-per-frame.dcm');
  expect(facts).toEqual({ size, frames, dicom });
  expect(frames).toBe(4);
});

test('what is no image is refused with the reason that its reader gives', async () => {
  await expect(open('object-sr.dcm')).rejects.toMatchObject({
    code: 'not-an-image',
    reason: 'report-object',
  });
  await expect(lookAtFile(blobOf('syntax-mpeg4.dcm'))).rejects.toMatchObject({ code: 'unsupported-image' });
});

test('black and white are exchanged beyond what the file says itself', async () => {
  const shown = await render('win-mono1-inverse-shape.dcm');
  const exchanged = await render('win-mono1-inverse-shape.dcm', { isInverted: true });
  expect(exchanged.data.every((value, i) => value === 255 - shown.data[i]!)).toBe(true);
});

test('a table, a frame or a window that the file does not have is refused, never another in its place', async () => {
  const refused = (why: string) => ({ code: 'invalid-request', values: expect.objectContaining({ why }) });
  const lut = { kind: 'lut', index: 1 } as const;
  await expect(render('voi-lut-8bit-packed.dcm', { window: lut })).rejects.toMatchObject(
    refused('presentation-table'),
  );
  await expect(render('enh-ct-per-frame.dcm', { frame: 4 })).rejects.toMatchObject(
    refused('presentation-frame'),
  );
  await expect(render('jls-rgb-80.dcm', { window: { kind: 'range' } })).rejects.toMatchObject(
    refused('presentation-window-of-colours'),
  );
});

test('redacted, it is black in that place, in the window that was chosen', async () => {
  const image = await open('ts-rle.dcm');
  const window = { kind: 'level', centre: -600, width: 1500, function: 'LINEAR' } as const;
  const { width } = image.size;
  const redactions = [{ x: 0, y: 0, width, height: 5 }];
  const before = await renderPicture(image, { ...plainPresentation, window });
  const after = await renderUpright(image, { ...plainPresentation, window, redactions, turns: 1 });
  expect(after.data.subarray(0, width * 15).every(value => value === 0)).toBe(true);
  expect(after.data.subarray(width * 15)).toEqual(before.data.subarray(width * 15));
});
