import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fixture } from '../../test/support/data.ts';
import { concatBytes, exifBlock, makeBmp, makeGif, makePng, pngChunk } from '../../test/support/images.ts';
import {
  extendedWebpHeader,
  flatWebpImage,
  makeJpeg,
  makeWebp,
  webpChunk,
  webpFrame,
} from '../../test/support/images-of-blocks.ts';
import { seededRandom } from '../../test/support/random.ts';
import { BedsideError, type ErrorCode } from '../engine/errors.ts';
import { formatCount } from '../engine/quantities.ts';
import type { ImageHeader } from './formats/image-header.ts';
import { readImageHeader } from './read-image-header.ts';

const size = { width: 20, height: 17 };
const gray = () => 128;
const red = [255, 0, 0, 255];
const palette = [
  [0, 0, 0],
  [255, 255, 255],
];
const colour = () => [1, 2, 3];
const index = () => [1];
const latin1 = (text: string) => Uint8Array.from(text, letter => letter.charCodeAt(0));

const png = makePng({ ...size, sample: colour });
const jpeg = makeJpeg({ ...size, gray });
const webp = makeWebp(flatWebpImage(20, 17, red));
const bmp = makeBmp({ ...size, sample: colour });
const gif = makeGif({ ...size, sample: index, palette });
const files = { png, jpeg, webp, bmp, gif };

function errorOf(bytes: Uint8Array): BedsideError {
  try {
    readImageHeader(bytes);
  } catch (error) {
    if (error instanceof BedsideError) return error;
    throw error;
  }
  throw new Error('no error');
}

function expectCode(bytes: Uint8Array, code: ErrorCode): BedsideError {
  const error = errorOf(bytes);
  expect([error.code, error.message]).toEqual([code, error.message]);
  expect(error.advice).toMatch(/^[A-Z].*\.$/);
  expect(error.message).toMatch(/^This .*\.$/);
  return error;
}

describe('what the header of an image says', () => {
  const plain = { ...size, orientation: 1, isAnimated: false, hasAlpha: false, bitDepth: 8 };
  it.each<[string, Uint8Array, Partial<ImageHeader>]>([
    ['PNG', png, { format: 'png' }],
    ['PNG with alpha', makePng({ ...size, colourType: 6, sample: () => red }), { hasAlpha: true }],
    ['PNG of 16 bits', makePng({ ...size, colourType: 0, bitDepth: 16, sample: index }), { bitDepth: 16 }],
    [
      'PNG with palette and transparency',
      makePng({
        ...size,
        colourType: 3,
        bitDepth: 1,
        sample: index,
        chunks: [pngChunk('PLTE', palette.flat()), pngChunk('tRNS', [0])],
      }),
      { bitDepth: 1, hasAlpha: true },
    ],
    [
      'animated PNG',
      makePng({ ...size, sample: colour, chunks: [pngChunk('acTL', [0, 0, 0, 2, 0, 0, 0, 0])] }),
      { isAnimated: true },
    ],
    [
      'turned PNG',
      makePng({ ...size, sample: colour, chunks: [pngChunk('eXIf', exifBlock(8))] }),
      { orientation: 8 },
    ],
    ['JPEG', jpeg, { format: 'jpeg' }],
    ['turned JPEG', makeJpeg({ ...size, gray, exif: exifBlock(6) }), { orientation: 6 }],
    ['turned JPEG, little-endian', makeJpeg({ ...size, gray, exif: exifBlock(3, true) }), { orientation: 3 }],
    ['JPEG with an unknown turn', makeJpeg({ ...size, gray, exif: exifBlock(9) }), { orientation: 1 }],
    [
      'JPEG with mangled EXIF',
      makeJpeg({ ...size, gray, exif: exifBlock(6).subarray(0, 20) }),
      { orientation: 1 },
    ],
    ['WebP, lossless', webp, { format: 'webp' }],
    ['WebP with alpha', makeWebp(flatWebpImage(20, 17, [1, 2, 3, 4])), { hasAlpha: true }],
    [
      'turned WebP',
      makeWebp(extendedWebpHeader(20, 17, 8), flatWebpImage(20, 17, red), webpChunk('EXIF', exifBlock(5))),
      { orientation: 5 },
    ],
    [
      'animated WebP',
      makeWebp(extendedWebpHeader(20, 17, 2), webpFrame(0, 0, 20, 17, flatWebpImage(20, 17, red))),
      { isAnimated: true },
    ],
    ['BMP', bmp, { format: 'bmp' }],
    ['BMP from the top', makeBmp({ ...size, sample: colour, isTopDown: true }), { format: 'bmp' }],
    ['BMP with alpha', makeBmp({ ...size, sample: () => red, bitsPerPixel: 32 }), { hasAlpha: true }],
    ['GIF', gif, { format: 'gif' }],
    ['animated GIF', makeGif({ ...size, sample: index, palette, frames: 2 }), { isAnimated: true }],
    [
      'GIF with transparency',
      makeGif({ ...size, sample: index, palette, transparent: 0 }),
      { hasAlpha: true },
    ],
  ])('%s', (_, bytes, expected) => {
    expect(readImageHeader(bytes)).toMatchObject({ ...plain, ...expected });
  });

  it('WebP, lossy', () => {
    const header = readImageHeader(readFileSync(fixture('images/small-lossy.webp')));
    expect(header).toMatchObject({ format: 'webp', width: 45, height: 37, hasAlpha: false });
  });

  it.each(Object.entries(files))('%s with something after its end', (format, bytes) => {
    expect(readImageHeader(concatBytes(bytes, latin1('and more')))).toMatchObject({ format, ...size });
  });
});

describe('files that are not images', () => {
  it.each<[string, RegExp]>([
    ['', /empty/],
    ['%PDF-1.7\n', /PDF/],
    ['GGUF\x03\0\0\0', /model/],
    ['PK\x03\x04\x14\0', /ZIP/],
    ['<!doctype html><title>', /web page/],
    ['{"a": 1}', /JSON/],
    ['The patient was seen.\n', /text/],
    ['BMI was recorded.\n', /text/],
    ['\0\0\0\x18ftypisom', /video/],
    ['RIFF\x24\0\0\0WAVEfmt ', /sound/],
    ['\0\0\0\0\0\0\0\0', /never finished/],
    ['\x01\x02\x03\x04', /nothing in it/],
  ])('%j', (text, what) => {
    expect(expectCode(latin1(text), 'not-an-image').message).toMatch(what);
  });
});

describe('images that are not read', () => {
  it.each<[string, RegExp]>([
    [`${'\0'.repeat(128)}DICM`, /DICOM/],
    // Some DICOM files carry a TIFF header in their first 128 bytes.
    [`II*\0${'\0'.repeat(124)}DICM`, /DICOM/],
    ['II+\0\x08\0\0\0', /BigTIFF/],
    ['MM\0+\0\x08\0\0', /BigTIFF/],
    ['<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg">', /SVG/],
    ['\0\0\0\x0cjP  \r\n', /JPEG 2000/],
    ['\xff\x4f\xff\x51', /JPEG 2000/],
    ['\xff\x0a', /JPEG XL/],
    [`${'\x5c\x01\0\0'.padEnd(344, '\0')}n+1\0`, /NIfTI/],
  ])('%j', (text, what) => {
    const error = expectCode(latin1(text), 'unsupported-image');
    expect(error.message).toMatch(what);
    expect(error.advice).toMatch(/PNG/);
  });

  it('a NIfTI volume that is compressed, as most are', () => {
    const volume = latin1(`${'\x5c\x01\0\0'.padEnd(344, '\0')}n+1\0${'\x07'.repeat(2000)}`);
    const named = (name: string) => {
      const packed = new Uint8Array(gzipSync(volume));
      // RFC 1952: the flag of a name, which follows the ten bytes that are always there.
      return concatBytes(packed.subarray(0, 10).with(3, 8), latin1(`${name}\0`), packed.subarray(10));
    };
    for (const file of [
      new Uint8Array(gzipSync(volume)),
      gzipSync(volume, { level: 0 }),
      named('brain.nii'),
    ]) {
      expect(expectCode(new Uint8Array(file), 'unsupported-image').message).toMatch(/NIfTI/);
    }
    expect(expectCode(new Uint8Array(gzipSync(latin1('a text'))), 'not-an-image').message).toMatch(/archive/);
  });

  it('a JPEG of another process or depth, a compressed BMP', () => {
    const frame = jpeg.indexOf(0xc0, 20);
    expectCode(jpeg.with(frame, 0xc3), 'unsupported-image');
    expectCode(jpeg.with(frame + 3, 12), 'unsupported-image');
    expectCode(bmp.with(30, 1), 'unsupported-image');
  });
});

describe('damaged images', () => {
  it.each(Object.entries(files))('%s cut at any byte', (format, bytes) => {
    // A JPEG without its end marker alone has all of its pixels.
    const whole = format === 'jpeg' ? bytes.length - 2 : bytes.length;
    for (let length = 4; length < whole; length++) {
      const { code } = errorOf(bytes.subarray(0, length));
      // Too little of a BMP, WebP or GIF says nothing of what it is.
      expect([code, length]).toEqual([
        length < 18 && code === 'not-an-image' ? code : 'damaged-image',
        length,
      ]);
    }
  });

  it('a PNG with a wrong checksum, without pixels, or with colours that it does not have', () => {
    const inPixels = 45;
    expectCode(png.with(inPixels, png[inPixels]! ^ 1), 'damaged-image');
    const [head, tail] = [png.subarray(0, 33), png.subarray(-12)];
    expectCode(concatBytes(head, tail), 'damaged-image');
    expectCode(makePng({ ...size, colourType: 3, sample: index }), 'damaged-image');
    const comment = pngChunk('tEXt', latin1('a\0b'));
    // Nothing depends on a comment.
    const spoilt = comment.with(-1, comment.at(-1)! ^ 1);
    expect(readImageHeader(makePng({ ...size, sample: colour, chunks: [spoilt] }))).toMatchObject(size);
  });

  it('no pixels at all', () => {
    expectCode(makePng({ width: 0, height: 20, sample: colour }), 'damaged-image');
    expectCode(makeJpeg({ width: 20, height: 0, gray }), 'damaged-image');
    expectCode(concatBytes(gif.subarray(0, 19), [0x3b]), 'damaged-image');
    expectCode(makeWebp(extendedWebpHeader(20, 17, 0)), 'damaged-image');
  });
});

describe('the size of an image', () => {
  /** Headers that promise the pixels, without them: nothing is decoded before the size is known. */
  function pngOf(width: number, height: number): Uint8Array {
    const start = makePng({ width: 0, height: 0, sample: colour });
    const sides = [width, height].flatMap(side => [
      side >>> 24,
      (side >> 16) & 255,
      (side >> 8) & 255,
      side & 255,
    ]);
    return concatBytes(start.subarray(0, 8), pngChunk('IHDR', [...sides, 8, 2, 0, 0, 0]));
  }
  function jpegOf(width: number, height: number): Uint8Array {
    const start = makeJpeg({ width: 0, height: 0, gray });
    const frame = start.indexOf(0xc0, 20);
    return start
      .with(frame + 4, height >> 8)
      .with(frame + 5, height)
      .with(frame + 6, width >> 8)
      .with(frame + 7, width);
  }

  it.each([
    [10_001, 10_000],
    [65_536, 16],
    [16, 65_536],
    [0xffffffff, 0xffffffff],
  ])('%i x %i is too large', (width, height) => {
    expect(expectCode(pngOf(width, height), 'image-too-large').message).toContain(
      `${formatCount(width)} x ${formatCount(height)}`,
    );
  });

  it.each([
    [1, 1],
    [20_000, 10],
    [15, 4000],
  ])('%i x %i is too small', (width, height) => {
    expect(expectCode(pngOf(width, height), 'image-too-small').message).toContain(
      `${formatCount(width)} x ${formatCount(height)}`,
    );
    expectCode(jpegOf(width, height), 'image-too-small');
  });

  it('holds for every format', () => {
    expectCode(jpegOf(65_535, 65_535), 'image-too-large');
    expectCode(makeWebp(extendedWebpHeader(2 ** 24, 2 ** 24, 0)), 'image-too-large');
    expectCode(gif.with(6, 255).with(7, 255).with(8, 255).with(9, 255), 'image-too-large');
    expectCode(bmp.with(20, 1), 'image-too-large');
    expectCode(makeWebp(flatWebpImage(1, 1, red)), 'image-too-small');
    expectCode(makeBmp({ width: 1, height: 1, sample: colour }), 'image-too-small');
    expectCode(makeGif({ width: 1, height: 1, sample: index, palette }), 'image-too-small');
    // The largest and the smallest that are taken, cut short.
    expectCode(pngOf(10_000, 10_000), 'damaged-image');
    expectCode(pngOf(16, 16), 'damaged-image');
  });
});

it('takes any bytes without another error, and quickly', () => {
  const random = seededRandom(7);
  const pick = (count: number) => Math.floor(random() * count);
  const turned = makeJpeg({ ...size, gray, exif: exifBlock(6) });
  const moving = makeWebp(extendedWebpHeader(20, 17, 2), webpFrame(0, 0, 20, 17, flatWebpImage(20, 17, red)));
  const seeds = [
    ...Object.values(files),
    turned,
    moving,
    makeBmp({ ...size, sample: index, bitsPerPixel: 8, palette }),
  ];
  let accepted = 0;
  for (let i = 0; i < 2000; i++) {
    const bytes = seeds[i % seeds.length]!.slice();
    for (let change = 0; change <= pick(4); change++) bytes[pick(bytes.length)] = pick(3) ? pick(256) : 255;
    const cut = pick(4) ? bytes : bytes.subarray(0, pick(bytes.length));
    try {
      const { width, height } = readImageHeader(cut);
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(16);
      accepted++;
    } catch (error) {
      if (!(error instanceof BedsideError)) throw error;
    }
  }
  expect(accepted).toBeGreaterThan(100);
});
