import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fixture } from '../../../test/support/data.ts';
import { makePng, pngChunk } from '../../../test/support/images.ts';
import { decodeInNode } from '../../cli/input/decode-image.ts';
import { plainPresentation } from '../../engine/types/presentation.ts';
import { openImage } from './open-image.ts';
import { renderPicture } from './render-picture.ts';

const decode = async (file: Blob) => {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return { ...(await decodeInNode(bytes)), bytes };
};
const open = (bytes: Uint8Array) => openImage(new Blob([Uint8Array.from(bytes)]), decode);

describe('a grey PNG of 16 bits', () => {
  const size = { width: 21, height: 17 };
  const bright = (x: number, y: number) => [x * 3001 + y * 7];
  const dark = (x: number, y: number) => [x * 160 + y];

  test.each([
    ['bright', bright, false],
    ['bright, interlaced', bright, true],
    ['too dark to be seen', dark, false],
    ['too dark to be seen, interlaced', dark, true],
  ])('without a window is as it was without windows: %s', async (_, sample, isInterlaced) => {
    const file = makePng({ ...size, colourType: 0, bitDepth: 16, isInterlaced, sample });
    const opened = await open(file);
    const before = await decodeInNode(file);
    expect(await renderPicture(opened, plainPresentation)).toEqual(before.image);
    expect(opened.stretchedBits).toBe(before.stretchedBits);
    expect(opened.bytes).toEqual(new Uint8Array(file));
    const { values, least, greatest } = (await opened.decodeFrame(0)).values()!;
    expect([...values]).toEqual(
      Array.from({ length: 21 * 17 }, (_, i) => sample(i % 21, Math.floor(i / 21))[0]),
    );
    expect([least, greatest]).toEqual([Math.min(...values), Math.max(...values)]);
  });

  test('goes through a window with all its bits', async () => {
    const opened = await open(
      makePng({ ...size, colourType: 0, bitDepth: 16, sample: (x, y) => [30_000 + x + y] }),
    );
    const window = { kind: 'level', centre: 30_020, width: 37, function: 'LINEAR_EXACT' } as const;
    const { data } = await renderPicture(opened, { ...plainPresentation, window });
    // PS3.3 C.11.2.1.3.2
    const shown = (value: number) => Math.max(0, Math.floor(((value - 30_020) / 37 + 0.5) * 255 + 0.5));
    expect([...data].filter((_, i) => i % 3 === 1)).toEqual(
      Array.from({ length: 21 * 17 }, (_, i) => shown(30_000 + (i % 21) + Math.floor(i / 21))),
    );
  });

  test.each([
    ['colour', { colourType: 2 as const, sample: (x: number, y: number) => [x * 3001, y * 99, 5] }],
    ['transparency', { colourType: 0 as const, sample: bright, chunks: [pngChunk('tRNS', [1, 2])] }],
  ])('%s is left to the decoder', async (_, more) => {
    const file = makePng({ ...size, bitDepth: 16, ...more });
    const opened = await open(file);
    expect(await renderPicture(opened, plainPresentation)).toEqual((await decodeInNode(file)).image);
  });

  test('damage is told as it was', async () => {
    const file = makePng({ ...size, colourType: 0, bitDepth: 16, sample: bright });
    await expect(open(file.subarray(0, file.length - 60))).rejects.toMatchObject({ code: 'damaged-image' });
  });
});

test('what is no image is refused as before', async () => {
  await expect(open(new TextEncoder().encode('%PDF-1.7 and more than sixteen bytes'))).rejects.toMatchObject({
    code: expect.stringMatching(/^(not-an|unsupported)-image$/),
  });
});

test('a grey TIFF of 16 bits goes through a window with all its bits, and without one is as it was', async () => {
  for (const name of ['grey16-big-endian', 'grey16-low']) {
    const file = new Uint8Array(readFileSync(fixture(`images/tiff/${name}.tif`)));
    const opened = await open(file);
    const before = await decodeInNode(file);
    expect(opened.format).toBe('tiff');
    expect(await renderPicture(opened, plainPresentation)).toEqual(before.image);
    expect(opened.stretchedBits).toBe(before.stretchedBits);
    const { values } = (await opened.decodeFrame(0)).values()!;
    expect(new Set(values).size).toBeGreaterThan(256);
  }
});
