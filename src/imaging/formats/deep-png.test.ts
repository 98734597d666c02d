import { describe, expect, it } from 'vitest';
import { concatBytes, exifBlock, makePng, type PngOptions, pngChunk } from '../../../test/support/images.ts';
import { decodeInNode } from '../../cli/input/decode-image.ts';
import { readImageHeader } from '../read-image-header.ts';
import { stretchDeepPng } from './deep-png.ts';

const size = { width: 21, height: 17 };
type Sample = PngOptions['sample'];

const deep = (colourType: 0 | 2 | 4 | 6, sample: Sample, more: Partial<PngOptions> = {}) =>
  makePng({ ...size, bitDepth: 16, colourType, sample, ...more });
/** The first channel of every pixel. */
const reds = async (file: Uint8Array) => {
  const { image, stretchedBits } = await decodeInNode(file);
  return { bits: stretchedBits, values: Array.from({ length: 21 * 17 }, (_, i) => image.data[3 * i]!) };
};
const every = (value: (x: number, y: number) => number) =>
  Array.from({ length: 21 * 17 }, (_, i) => value(i % 21, Math.floor(i / 21)));

describe('a 16-bit PNG of low values', () => {
  // The largest is at (20, 16).
  const ramp = (most: number) => (x: number, y: number) => Math.floor((most * (x + y)) / 36);

  it.each([
    [255, 8],
    [256, 10],
    [1023, 10],
    [1024, 12],
    [4095, 12],
  ])('up to %i is shown as %i bits', async (most, bits) => {
    for (const isInterlaced of [false, true]) {
      const file = deep(0, (x, y) => [ramp(most)(x, y)], { isInterlaced });
      expect(await reds(file)).toEqual({ bits, values: every((x, y) => ramp(most)(x, y) >> (bits - 8)) });
    }
  });

  it.each([4096, 16_383, 65_535])('up to %i is left as it is', async most => {
    const file = deep(0, (x, y) => [ramp(most)(x, y)]);
    expect(await reds(file)).toEqual({ bits: undefined, values: every((x, y) => ramp(most)(x, y) >> 8) });
  });

  it('that are all zero is black, and left as it is', async () => {
    expect(await reds(deep(0, () => [0]))).toEqual({ bits: undefined, values: every(() => 0) });
  });

  it('in colour keeps its hue: all channels are stretched alike', async () => {
    const { image, stretchedBits } = await decodeInNode(deep(2, (x, y) => [x * 190, y * 60, 7]));
    expect(stretchedBits).toBe(12);
    expect([...image.data.subarray(0, 63)]).toEqual(
      every((x, y) => (y === 0 ? x : 0))
        .slice(0, 21)
        .flatMap(x => [(x * 190) >> 4, 0, 0]),
    );
  });

  it('with transparency is on white where it is transparent, by either scale of it', async () => {
    const opaque = await reds(deep(4, x => [x * 200, 65_535]));
    expect(opaque).toEqual({ bits: 12, values: every(x => (x * 200) >> 4) });
    const low = await reds(deep(4, x => [x * 200, 4095]));
    expect(low.values).toEqual(opaque.values);
    const clear = await reds(deep(4, x => [x * 200, x === 3 ? 0 : 65_535]));
    expect(clear.values).toEqual(every(x => (x === 3 ? 255 : (x * 200) >> 4)));
  });

  it('is judged by what is seen: colours under full transparency do not count', async () => {
    const clear = await reds(deep(4, x => (x === 3 ? [65_535, 0] : [x * 200, 65_535])));
    expect(clear).toEqual({ bits: 12, values: every(x => (x === 3 ? 255 : (x * 200) >> 4)) });
    const chunks = [pngChunk('tRNS', [255, 255])];
    const keyed = await reds(deep(0, x => [x === 3 ? 65_535 : x * 200], { chunks }));
    expect(keyed).toEqual({ bits: 12, values: every(x => (x === 3 ? 255 : (x * 200) >> 4)) });
  });

  it('whose transparency needs more bits than its colours keeps both', async () => {
    const { bits, values } = await reds(deep(4, x => [x * 10, x === 3 ? 2048 : 4095]));
    expect(bits).toBe(8);
    // Half transparent: 30 on white.
    expect(values).toEqual(every(x => (x === 3 ? Math.round((30 * 128 + 255 * 127) / 255) : x * 10)));
  });

  it('of an animation is its first picture alone', async () => {
    const animation = [pngChunk('acTL', [0, 0, 0, 2, 0, 0, 0, 0]), pngChunk('fcTL', new Array(26).fill(0))];
    const { file } = (await stretchDeepPng(deep(0, x => [x * 200], { chunks: animation })))!;
    expect(new TextDecoder('latin1').decode(file)).not.toMatch(/acTL|fcTL|fdAT/);
  });

  it('is inflated in small pieces, so that no part of a file fills the memory at once', async () => {
    const pieces: number[] = [];
    const write = WritableStreamDefaultWriter.prototype.write;
    WritableStreamDefaultWriter.prototype.write = function (piece?: Uint8Array) {
      if (piece) pieces.push(piece.length);
      return write.call(this, piece);
    };
    try {
      let seed = 1;
      const noise = () => {
        seed = (seed * 48_271) % 2_147_483_647;
        return [seed & 4095];
      };
      const file = deep(0, noise, { width: 200, height: 200 });
      expect((await stretchDeepPng(file))?.bits).toBe(12);
    } finally {
      WritableStreamDefaultWriter.prototype.write = write;
    }
    expect(pieces.length).toBeGreaterThan(4);
    expect(Math.max(...pieces)).toBeLessThanOrEqual(16_384);
  });

  it('with one transparent value loses that value alone, not those beside it', async () => {
    const chunks = [pngChunk('tRNS', [0, 33])];
    const file = deep(0, (x, y) => [x === 0 ? 32 + (y % 3) : 4000], { chunks });
    expect((await reds(file)).values).toEqual(every((x, y) => (x > 0 ? 250 : y % 3 === 1 ? 255 : 2)));
  });

  it('is turned as it says, and what speaks of 16 bits is left out', async () => {
    const chunks = [
      pngChunk('sBIT', [12]),
      pngChunk('bKGD', [15, 0]),
      pngChunk('eXIf', exifBlock(3)),
      pngChunk('tEXt', concatBytes([65, 0, 66])),
    ];
    const file = deep(0, x => [x * 200], { chunks });
    expect((await reds(file)).values).toEqual(every(x => ((20 - x) * 200) >> 4));
    const stretched = (await stretchDeepPng(file))!.file;
    const names = [...new TextDecoder('latin1').decode(stretched).matchAll(/sBIT|bKGD|eXIf|tEXt/g)].map(
      String,
    );
    expect(names).toEqual(['eXIf', 'tEXt']);
    expect(readImageHeader(stretched)).toMatchObject({ ...size, bitDepth: 8, orientation: 3 });
    // What is shown is what the model gets: the new file is read as it is.
    expect(await reds(stretched)).toEqual({ ...(await reds(file)), bits: undefined });
  });

  it('cut in its pixels is damaged', async () => {
    const file = deep(0, () => [100], { height: 17 });
    const short = deep(0, () => [100], { height: 16 });
    // A header that promises a row more than there is.
    const at = 8 + 8 + 13 + 4;
    await expect(decodeInNode(concatBytes(file.subarray(0, at), short.subarray(at)))).rejects.toMatchObject({
      code: 'damaged-image',
    });
  });
});

it('every filter of rows is undone', async () => {
  const { deflateSync } = await import('node:zlib');
  const [width, height, pixelBytes] = [16, 20, 2];
  const value = (x: number, y: number) => (x * 251 + y * 97 + x * y) & 4095;
  const rows = Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => [value(x, y) >> 8, value(x, y) & 255]).flat(),
  );
  const filtered = rows.flatMap((row, y) => {
    const filter = y % 5;
    const above = rows[y - 1] ?? row.map(() => 0);
    return [
      filter,
      ...row.map((byte, i) => {
        const a = row[i - pixelBytes] ?? 0;
        const b = above[i]!;
        const c = above[i - pixelBytes] ?? 0;
        const p = a + b - c;
        const nearest = [a, b, c].reduce((best, each) =>
          Math.abs(p - each) < Math.abs(p - best) ? each : best,
        );
        return (byte - [0, a, b, (a + b) >> 1, nearest][filter]!) & 255;
      }),
    ];
  });
  const plain = makePng({ width, height, bitDepth: 16, colourType: 0, sample: () => [0] });
  const head = plain.subarray(0, 8 + 25);
  const file = concatBytes(
    head,
    pngChunk('IDAT', deflateSync(Uint8Array.from(filtered))),
    pngChunk('IEND', []),
  );
  const { image, stretchedBits } = await decodeInNode(file);
  expect(stretchedBits).toBe(12);
  expect([...image.data].filter((_, i) => i % 3 === 0)).toEqual(
    Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width)) >> 4),
  );
});
