import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fixture } from '../../../test/support/data.ts';
import { makePng } from '../../../test/support/images.ts';
import { decodeInNode } from '../../cli/input/decode-image.ts';
import { plainPresentation } from '../../engine/types/presentation.ts';
import { chooseViews } from '../../imaging/choose-views.ts';
import { prepareTiles } from '../../imaging/prepare-tiles.ts';
import { readHeader } from '../../imaging/presented/read-header.ts';
import { deepPngType, inspectImage, redactImage, withoutIdentity } from './attach-image.ts';
import { OpenImages } from './open-images.ts';
import { renderImageFile } from './render-image-file.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const size = { width: 40, height: 30 };
const colourFile = makePng({ ...size, sample: (x, y) => [x * 6, y * 8, 200] });
const deepFile = makePng({ ...size, colourType: 0, bitDepth: 16, sample: (x, y) => [x * 50 + y] });
const bytesOf = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer());

const flush = () => new Promise(resolve => setTimeout(resolve));

function setUp() {
  let decoded = 0;
  const images = new OpenImages(async file => {
    decoded++;
    const bytes = await bytesOf(file);
    return { ...(await decodeInNode(bytes)), bytes };
  });
  return { images, decodes: () => decoded };
}
const blobOf = (file: Uint8Array, type = 'image/png') => new Blob([Uint8Array.from(file)], { type });
const colours = { id: 'colours', file: blobOf(colourFile) };
const deep = { id: 'deep', file: blobOf(deepFile) };
const level = { kind: 'level', centre: 900, width: 400, function: 'LINEAR' } as const;

describe('what is shown', () => {
  test('is byte for byte what tiles are cut from', async () => {
    const { images } = setUp();
    const presentation = {
      ...plainPresentation,
      window: level,
      turns: 1 as const,
      isInverted: true,
      redactions: [{ x: 3, y: 4, width: 10, height: 8 }],
    };
    const picture = await images.pictureOf({ id: 'deep', blob: deep.file, presentation });
    expect([picture.width, picture.height]).toEqual([30, 40]);
    const file = await renderImageFile(images, { ...deep, presentation });
    const again = await decodeInNode(await bytesOf(file));
    const vision = { tileSize: 112, tokensPerTile: 16 };
    const views = chooseViews(picture, vision, { mode: 'msac', preset: 'demo' });
    expect((await prepareTiles(picture, views, { resample: 'bicubic' })).map(sha256)).toEqual(
      (await prepareTiles(again.image, views, { resample: 'bicubic' })).map(sha256),
    );
  });

  test('another window of a file does not decode it again; what was read longest ago is forgotten', async () => {
    const { images, decodes } = setUp();
    for (const isInverted of [false, true, false]) {
      await images.pictureOf({
        id: 'colours',
        blob: colours.file,
        presentation: { ...plainPresentation, isInverted },
      });
    }
    expect(decodes()).toBe(1);
    for (const id of ['a', 'b', 'c', 'd']) await images.find(id, colours.file);
    expect(decodes()).toBe(5);
    await flush();
    await images.find('d', colours.file);
    expect(decodes()).toBe(5);
    await images.find('colours', colours.file);
    expect(decodes()).toBe(6);
  });

  test('a file that could not be read is read again when it is asked for again', async () => {
    const { images } = setUp();
    const broken = blobOf(colourFile.subarray(0, 60));
    await expect(images.pictureOf({ id: 'x', blob: broken })).rejects.toMatchObject({
      code: 'damaged-image',
    });
    expect(await images.pictureOf({ id: 'x', blob: colours.file })).toMatchObject(size);
  });
});

describe('what is attached', () => {
  test('a file keeps its bytes, those of 16 bits too', async () => {
    const { images } = setUp();
    const { report, blob } = await inspectImage(images, deep.file);
    expect(report).toEqual({
      id: sha256(deepFile),
      format: 'png',
      ...size,
      isAnimated: false,
      stretchedBits: 12,
    });
    expect([blob.type, await bytesOf(blob)]).toEqual([deepPngType, new Uint8Array(deepFile)]);
    const plain = await inspectImage(images, blobOf(colourFile, ''));
    expect(plain.report).toEqual({ id: sha256(colourFile), format: 'png', ...size, isAnimated: false });
    expect(plain.blob.type).toBe('image/png');
  });

  test('redacted, nothing of the original is left: not under the black, and not beside the pixels', async () => {
    const { images } = setUp();
    const redactions = [{ x: 0, y: 0, width: 40, height: 10 }];
    const presentation = { ...plainPresentation, window: level, turns: 3 as const, redactions };
    const { report, blob } = await redactImage(images, { file: deep.file, presentation });
    const bytes = await bytesOf(blob);
    expect(report).toEqual({ id: sha256(bytes), format: 'png', ...size, isAnimated: false });
    const chunks = [
      ...new TextDecoder('latin1').decode(bytes).matchAll(/IHDR|PLTE|tEXt|iTXt|eXIf|IDAT|IEND/g),
    ];
    expect(chunks.map(([name]) => name)).toEqual(['IHDR', 'IDAT', 'IEND']);
    const { image } = await decodeInNode(bytes);
    expect(image.data.subarray(0, 40 * 10 * 3).every(value => value === 0)).toBe(true);
    const before = await images.pictureOf({
      id: 'deep',
      blob: deep.file,
      presentation: { ...plainPresentation, window: level },
    });
    expect(image.data.subarray(40 * 10 * 3)).toEqual(before.data.subarray(40 * 10 * 3));
  });
});

describe('what a DICOM file says', () => {
  const name = 'charset-iso2022-ir87.dcm';
  const file = blobOf(readFileSync(fixture(`dicom/${name}`)), '');

  test('is listed, and can be left out of what is kept', async () => {
    const { images } = setUp();
    const named = async (of: Blob) => (await readHeader(of))!.find(({ tag }) => tag === '(0010,0010)')!.value;
    expect(await named(file)).not.toBe('');
    const { blob, report } = await withoutIdentity(images, file);
    expect(await named(blob)).toBe('');
    expect([blob.type, report.format, report.id]).toEqual([
      'application/dicom',
      'dicom',
      sha256(await bytesOf(blob)),
    ]);
    const before = await images.pictureOf({ id: 'before', blob: file });
    expect(await images.pictureOf({ id: 'after', blob })).toEqual(before);
  });

  test('tells with what window the file shows itself, in numbers', async () => {
    const { images } = setUp();
    const shownBy = async (path: string) => {
      const { presentation } = await inspectImage(images, blobOf(readFileSync(fixture(`dicom/${path}`)), ''));
      return presentation?.window;
    };
    expect(await shownBy('ts-rle.dcm')).toMatchObject({ kind: 'level', function: 'LINEAR' });
    expect(await shownBy('voi-lut-8bit-packed.dcm')).toEqual({ kind: 'lut', index: 0 });
    expect(await shownBy('pad-range.dcm')).toEqual({ kind: 'range' });
    expect(await shownBy('jls-rgb-80.dcm')).toBeUndefined();
    const file = blobOf(readFileSync(fixture('dicom/ts-rle.dcm')), '');
    const { presentation } = await inspectImage(images, file);
    expect(await images.pictureOf({ id: 'said', blob: file, presentation: presentation! })).toEqual(
      await images.pictureOf({ id: 'unsaid', blob: file }),
    );
  });

  test('is nothing of a picture, which stays as it is', async () => {
    const { images } = setUp();
    expect(await readHeader(colours.file)).toBeUndefined();
    expect((await withoutIdentity(images, colours.file)).report.id).toBe(sha256(colourFile));
  });
});
