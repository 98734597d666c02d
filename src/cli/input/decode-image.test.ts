import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dataFile, dataFolder, fixture, readJson } from '../../../test/support/data.ts';
import { gridOf } from '../../../test/support/image-views.ts';
import { concatBytes, exifBlock, makeBmp, makeGif, makePng, pngChunk } from '../../../test/support/images.ts';
import {
  extendedWebpHeader,
  flatWebpImage,
  makeJpeg,
  makeWebp,
  webpChunk,
  webpFrame,
} from '../../../test/support/images-of-blocks.ts';
import { seededRandom } from '../../../test/support/random.ts';
import { BedsideError } from '../../engine/errors.ts';
import type { Grid } from '../../engine/types/image-views.ts';
import type { TilingPreset } from '../../engine/types/tiling.ts';
import { chooseViews } from '../../imaging/choose-views.ts';
import { prepareTiles } from '../../imaging/prepare-tiles.ts';
import type { RgbImage } from '../../imaging/rgb-image.ts';
import { decodeInNode } from './decode-image.ts';

const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');
const size = { width: 21, height: 17 };

/** The RGB of every pixel, as `pixel` gives it. */
function paint(width: number, height: number, pixel: (x: number, y: number) => number[]): RgbImage {
  const data = Array.from({ length: width * height }, (_, i) => pixel(i % width, Math.floor(i / width)));
  return { width, height, data: Uint8Array.from(data.flat()) };
}

async function decode(bytes: Uint8Array): Promise<RgbImage> {
  return (await decodeInNode(bytes)).image;
}

const onWhite = (value: number, alpha: number) => Math.round((value * alpha) / 255 + 255 - alpha);

describe('PNG', () => {
  const value = (x: number, y: number) => x * 11 + y * 3;
  const palette = Array.from({ length: 256 }, (_, i) => [i, 255 - i, (i * 7) & 255]);

  it.each([false, true])('gray of every depth, interlaced: %s', async isInterlaced => {
    for (const bitDepth of [1, 2, 4, 8] as const) {
      const most = 2 ** bitDepth - 1;
      const sample = (x: number, y: number) => [value(x, y) & most];
      const image = await decode(makePng({ ...size, colourType: 0, bitDepth, isInterlaced, sample }));
      const gray = (x: number, y: number) => new Array(3).fill(((value(x, y) & most) * 255) / most);
      expect([bitDepth, image]).toEqual([bitDepth, paint(size.width, size.height, gray)]);
    }
  });

  it.each([false, true])('a palette of every depth, interlaced: %s', async isInterlaced => {
    for (const bitDepth of [1, 2, 4, 8] as const) {
      const most = 2 ** bitDepth - 1;
      const chunks = [pngChunk('PLTE', palette.slice(0, most + 1).flat()), pngChunk('tRNS', [255, 100])];
      const sample = (x: number, y: number) => [value(x, y) & most];
      const image = await decode(makePng({ ...size, colourType: 3, bitDepth, isInterlaced, sample, chunks }));
      const colour = (x: number, y: number) => {
        const index = value(x, y) & most;
        return palette[index]!.map(channel => onWhite(channel, index === 1 ? 100 : 255));
      };
      expect([bitDepth, image]).toEqual([bitDepth, paint(size.width, size.height, colour)]);
    }
  });

  it('colour, and transparency on white', async () => {
    const sample = (x: number, y: number) => [x * 12, y * 15, 200, (x * 13) & 255];
    const rgb = await decode(makePng({ ...size, sample: (x, y) => sample(x, y).slice(0, 3) }));
    expect(rgb).toEqual(paint(size.width, size.height, (x, y) => sample(x, y).slice(0, 3)));
    const rgba = await decode(makePng({ ...size, colourType: 6, sample }));
    expect(rgba).toEqual(
      paint(size.width, size.height, (x, y) => {
        const [red, green, blue, alpha] = sample(x, y);
        return [red!, green!, blue!].map(channel => onWhite(channel, alpha!));
      }),
    );
  });

  it.each([false, true])('16 bits by their high byte, interlaced: %s', async isInterlaced => {
    const sample = (x: number, y: number) => [x * 3001 + 255, y * 3803, 0xfffe - x];
    const image = await decode(makePng({ ...size, bitDepth: 16, isInterlaced, sample }));
    expect(image).toEqual(
      paint(size.width, size.height, (x, y) => sample(x, y).map(channel => channel >> 8)),
    );
  });

  it('the first picture of an animation, upright', async () => {
    const chunks = [pngChunk('acTL', [0, 0, 0, 2, 0, 0, 0, 0]), pngChunk('eXIf', exifBlock(3))];
    const decoded = await decodeInNode(makePng({ ...size, sample: (x, y) => [x, y, 0], chunks }));
    expect(decoded).toEqual({
      format: 'png',
      isAnimated: true,
      image: paint(size.width, size.height, (x, y) => [20 - x, 16 - y, 0]),
    });
  });
});

describe('JPEG', () => {
  // Of Pillow 11.3 (libjpeg-turbo 3.1.1).
  it.each([
    ['small-420.jpg', 'ef441b6d495920832c64dea5be15a2ac4d7c78e8f797a88992e74e2f8e4545e0'],
    ['small-422-progressive.jpg', '8e9d7281bf0369d73bfaffe8420a7ec896e6317a76897ac79fa57a9eab060b63'],
    ['small-gray.jpg', '6f8a3f7ed0723ba9bb2f4093ca473e7257a4b65b6901035d772f7df8202b9dd8'],
  ])('%s: every byte as libjpeg-turbo has it', async (name, hash) => {
    const image = await decode(readFileSync(fixture(`images/${name}`)));
    expect([image.width, image.height, sha256(image.data)]).toEqual([45, 37, hash]);
  });

  it('upright, whichever way it was stored', async () => {
    const gray = (column: number, row: number) => 10 + column * 60 + row * 90;
    const stored = await decode(makeJpeg({ width: 24, height: 16, gray }));
    expect(stored).toEqual(
      paint(24, 16, (x, y) => new Array(3).fill(gray(Math.floor(x / 8), Math.floor(y / 8)))),
    );
    const turned = await decode(makeJpeg({ width: 24, height: 16, gray, exif: exifBlock(6) }));
    // The stored picture's lower left corner is the upright one's upper left.
    expect(turned).toEqual(
      paint(16, 24, (x, y) => new Array(3).fill(gray(Math.floor(y / 8), 1 - Math.floor(x / 8)))),
    );
  });

  it('names what it cannot decode', async () => {
    await expect(decode(readFileSync(fixture('images/small-cmyk.jpg')))).rejects.toMatchObject({
      code: 'unsupported-image',
      message: expect.stringContaining('CMYK'),
    });
    // The next image is not the worse for it.
    const image = await decode(readFileSync(fixture('images/small-gray.jpg')));
    expect(image.width).toBe(45);
  });

  it('refuses made-up pixels: coded data that ends before the picture does', async () => {
    const whole = readFileSync(fixture('images/small-420.jpg'));
    const cut = concatBytes(whole.subarray(0, whole.length - 120), [0xff, 0xd9]);
    await expect(decode(cut)).rejects.toMatchObject({ code: 'damaged-image' });
  });
});

describe('WebP', () => {
  it('lossy, as Pillow 11.3 (libwebp 1.5) decodes it', async () => {
    const image = await decode(readFileSync(fixture('images/small-lossy.webp')));
    expect(sha256(image.data)).toBe('969780fb079c960c764ad601f25bf6a6a1a61f2567cea361f3594dc98bced0a9');
  });

  it('lossless, with transparency on white, turned', async () => {
    const colour = [200, 100, 0, 51];
    const file = makeWebp(
      extendedWebpHeader(21, 17, 0x18),
      flatWebpImage(21, 17, colour),
      webpChunk('EXIF', exifBlock(6)),
    );
    expect(await decode(file)).toEqual(paint(17, 21, () => [244, 224, 204]));
  });

  it('the first frame of an animation, in its place', async () => {
    const first = webpFrame(4, 2, 10, 8, flatWebpImage(10, 8, [9, 8, 7, 255]));
    const second = webpFrame(0, 0, 21, 17, flatWebpImage(21, 17, [255, 0, 0, 255]));
    const decoded = await decodeInNode(makeWebp(extendedWebpHeader(21, 17, 2), first, second));
    expect(decoded).toEqual({
      format: 'webp',
      isAnimated: true,
      image: paint(21, 17, (x, y) => (x >= 4 && x < 14 && y >= 2 && y < 10 ? [9, 8, 7] : [255, 255, 255])),
    });
  });
});

describe('BMP', () => {
  const palette = Array.from({ length: 256 }, (_, i) => [i, 255 - i, (i * 7) & 255]);
  it.each([1, 4, 8] as const)('%i bits with a palette', async bitsPerPixel => {
    const colours = palette.slice(0, 2 ** bitsPerPixel);
    const sample = (x: number, y: number) => [(x * 3 + y) % colours.length];
    const image = await decode(makeBmp({ ...size, bitsPerPixel, palette: colours, sample }));
    expect(image).toEqual(paint(size.width, size.height, (x, y) => colours[sample(x, y)[0]!]!));
  });

  it.each([false, true])('colour, rows from the top: %s', async isTopDown => {
    const sample = (x: number, y: number) => [x * 12, y * 15, 77];
    expect(await decode(makeBmp({ ...size, sample, isTopDown }))).toEqual(
      paint(size.width, size.height, sample),
    );
  });

  it('alpha, unless it hides everything', async () => {
    const sample = (alpha: number) => (x: number, y: number) => [x * 12, y * 15, 77, alpha];
    const seen = (alpha: number) =>
      paint(size.width, size.height, (x, y) => [x * 12, y * 15, 77].map(value => onWhite(value, alpha)));
    expect(await decode(makeBmp({ ...size, bitsPerPixel: 32, sample: sample(99) }))).toEqual(seen(99));
    expect(await decode(makeBmp({ ...size, bitsPerPixel: 32, sample: sample(0) }))).toEqual(seen(255));
  });
});

describe('GIF', () => {
  const palette = Array.from({ length: 256 }, (_, i) => [i, 255 - i, (i * 7) & 255]);
  const noise = seededRandom(3);
  const indices = Array.from({ length: 120 * 90 }, () => Math.floor(noise() * 256));
  // Noise fills the table of codes several times over; a flat picture makes long strings.
  const noisy = (x: number, y: number) => [indices[y * 120 + x]!];
  const flat = () => [5];

  it.each([
    ['noise', noisy, false],
    ['noise, interlaced', noisy, true],
    ['one colour', flat, false],
  ])('%s', async (_, sample, isInterlaced) => {
    const image = await decode(makeGif({ width: 120, height: 90, palette, sample, isInterlaced }));
    expect(image).toEqual(paint(120, 90, (x, y) => palette[sample(x, y)[0]!]!));
  });

  it('few colours', async () => {
    const sample = (x: number, y: number) => [(x ^ y) & 3];
    const image = await decode(makeGif({ ...size, palette: palette.slice(0, 4), sample }));
    expect(image).toEqual(paint(size.width, size.height, (x, y) => palette[sample(x, y)[0]!]!));
  });

  it('the first frame on its screen, which grows where the frame does not fit', async () => {
    const frame = { left: 3, top: 2, width: 16, height: 20 };
    const sample = (x: number) => [x & 3];
    const options = { ...size, palette: palette.slice(0, 4), sample, frame, transparent: 3, frames: 2 };
    const decoded = await decodeInNode(makeGif(options));
    expect(decoded).toEqual({
      format: 'gif',
      isAnimated: true,
      image: paint(21, 22, (x, y) =>
        x >= 3 && x < 19 && y >= 2 && ((x - 3) & 3) !== 3 ? palette[(x - 3) & 3]! : [255, 255, 255],
      ),
    });
  });
});

it('fails only with errors that say what is wrong, whatever the bytes', async () => {
  const sample = (x: number, y: number) => [x * 12, y * 15, 77];
  const index = (x: number, y: number) => [(x * 3 + y) & 3];
  const palette = [0, 80, 160, 240].map(gray => [gray, gray, gray]);
  const seeds = [
    makePng({ ...size, sample }),
    readFileSync(fixture('images/small-420.jpg')),
    readFileSync(fixture('images/small-lossy.webp')),
    makeBmp({ ...size, bitsPerPixel: 4, palette, sample: index }),
    makeGif({ ...size, palette, sample: index }),
    makeWebp(extendedWebpHeader(21, 17, 2), webpFrame(0, 0, 21, 17, flatWebpImage(21, 17, [1, 2, 3, 4]))),
  ];
  const random = seededRandom(11);
  const pick = (count: number) => Math.floor(random() * count);
  for (let i = 0; i < 600; i++) {
    const bytes = Uint8Array.from(seeds[i % seeds.length]!);
    for (let change = 0; change <= pick(3); change++) bytes[pick(bytes.length)] = pick(256);
    await decodeInNode(bytes).catch((error: unknown) => {
      if (!(error instanceof BedsideError)) throw error;
    });
  }
});

const whyNoData = dataFolder ? '' : ' (skipped: BEDSIDE_DATA is not set)';

describe.skipIf(!dataFolder)(`real images${whyNoData}`, () => {
  interface Golden {
    cases: {
      image: string;
      preset: TilingPreset;
      detailed: Grid;
      adaptive: Grid;
      tile_sha256: string[];
    }[];
  }
  const { cases } = readJson<Golden>(fixture('golden/golden-real-image-tiles.json'));
  it.each(cases)('$image, $preset: every byte of every tile', async golden => {
    const image = await decode(readFileSync(dataFile(`testdata/images/${golden.image}`)!));
    const encoder = { tileSize: 448, tokensPerTile: 256 };
    const views = chooseViews(image, encoder, { mode: 'msac', preset: golden.preset });
    expect(['detailed', 'adaptive'].map(name => gridOf(views, name))).toEqual([
      golden.detailed,
      golden.adaptive,
    ]);
    expect((await prepareTiles(image, views, { resample: 'bicubic' })).map(sha256)).toEqual(
      golden.tile_sha256,
    );
  });

  // Of Pillow 11.3, turned upright as EXIF says: the first half of each SHA-256.
  it.each([
    ['images/biosentinel_sample_lab_report.jpg', 800, 1000, 'f4ce8c58fff289dab244c8a8575c2774'],
    ['images/cxr_nih_00000001_000.png', 512, 512, '7813711c4f470804c9e44efa2c482025'],
    ['images/cxr_nih_00027426_000.png', 512, 512, '054fb55253ed7c78edc1cf6e7d53f0e4'],
    ['images/skimage_ihc.png', 512, 512, 'c5b3ef509a92f16d4c29be8cf0300fe7'],
    ['images/skimage_microaneurysms.png', 102, 102, '857ad8a4f0ea47c58025b39be1bb4922'],
    ['images/skimage_page.png', 384, 191, 'ec733fa2c40866580dddaeba150133b8'],
    ['images/skimage_retina.jpg', 1411, 1411, '3670e389d0dae9f755cc1bb7e4da4c3d'],
    ['images/tesseractjs_bill.png', 957, 307, 'a8e6ff79b2e7653d932231366689200b'],
    ['images/tesseractjs_meditations.jpg', 1955, 3036, 'a85dbf0d05c5f47ff4ba56aff23a73ea'],
    ['images/tesseractjs_simple-90.jpg', 320, 180, '41917ebc4e27f575981b27a497721670'],
    ['images/tesseractjs_simple.webp', 320, 180, '4180d1db765a136e8b2260a42c4bb1a4'],
    ['images/tesseractjs_tyger.jpg', 922, 1764, '08e09ef678402da1b36b44c2b98f3c27'],
    ['vqa-rad/synpic17738.jpg', 1024, 1157, 'a0a77881152146a494584744993a5613'],
    ['vqa-rad/synpic23571.jpg', 512, 512, 'abc9ed1d0be49f6fd98e63b9da8973d5'],
    ['vqa-rad/synpic29265.jpg', 480, 503, '679ee2915c6294bc5af53ba4f7004662'],
    ['vqa-rad/synpic31757.jpg', 1024, 654, '811fb60764a4a4f9ecc5e03933205899'],
    ['vqa-rad/synpic32933.jpg', 1024, 1090, '2b477f1c4a17a7db1ce009bed3d99116'],
    ['vqa-rad/synpic32962.jpg', 1024, 842, 'e2ad7566f6f60dbe8f99b40764792039'],
    ['vqa-rad/synpic33422.jpg', 1024, 805, 'c9a90eda99bed3b344dc7dbaedaa4c53'],
    ['vqa-rad/synpic42202.jpg', 1024, 1291, '59a20dfb3f47e077e5d4fb6a5dfbda76'],
    ['vqa-rad/synpic49914.jpg', 1024, 1295, '0868b69874e19c66208463f729e058d6'],
    ['vqa-rad/synpic53033.jpg', 415, 495, '6ec0305d8df381d9b0e329179926be89'],
    ['vqa-rad/synpic54610.jpg', 566, 555, '06958c1ba9011326df04ccb5a27f67d8'],
    ['vqa-rad/synpic60254.jpg', 555, 640, 'f111839df5d64fba9cf99d4f9082acf0'],
  ])('%s: every byte as Pillow has it', async (path, width, height, hash) => {
    const image = await decode(readFileSync(dataFile(`testdata/${path}`)!));
    expect([image.width, image.height, sha256(image.data).slice(0, 32)]).toEqual([width, height, hash]);
  });

  it('says of each DICOM file that it is one', async () => {
    const folder = dataFile('testdata/images')!;
    const files = readdirSync(folder).filter(name => name.endsWith('.dcm'));
    expect(files.length).toBeGreaterThan(0);
    for (const name of files) {
      await expect(decode(readFileSync(`${folder}/${name}`)), name).rejects.toMatchObject({
        code: 'unsupported-image',
        message: expect.stringContaining('DICOM'),
      });
    }
  });
});
