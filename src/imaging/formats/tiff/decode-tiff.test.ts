import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { fixture, readJson } from '../../../../test/support/data.ts';
import { BedsideError } from '../../../engine/errors.ts';
import { decodeTiffImage } from '../../decode-tiff-image.ts';
import { readImageHeader } from '../../read-image-header.ts';
import { decodeTiff } from './decode-tiff.ts';
import { readTiffPage } from './tiff-page.ts';

// Invented pictures that libtiff (by Pillow) wrote or read back; of each the hash of its samples, little endian.
const folder = fixture('images/tiff');
const golden = readJson<Record<string, { width: number; height: number; sha256: string; rgb?: string }>>(
  `${folder}/golden.json`,
);
const file = (name: string) => new Uint8Array(readFileSync(`${folder}/${name}.tif`));
const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('as libtiff reads it', () => {
  it.each(Object.entries(golden))('%s', async (name, { width, height, sha256, rgb }) => {
    const bytes = file(name);
    expect(readImageHeader(bytes)).toMatchObject({ format: 'tiff', width, height });
    const { values } = await decodeTiff(bytes);
    expect(hash(new Uint8Array(values.buffer))).toBe(sha256);
    // As Node reads files: in a buffer that others share.
    expect((await decodeTiff(readFileSync(`${folder}/${name}.tif`))).values).toEqual(values);
    if (rgb) expect(hash((await decodeTiffImage(bytes, readImageHeader(bytes))).image.data)).toBe(rgb);
  });
});

it('shows 16 bits by their upper 8, and stretches what would look black', async () => {
  for (const [name, bits] of [
    ['grey16-big-endian', 16],
    ['grey16-low', 12],
  ] as const) {
    const bytes = file(name);
    const { values } = await decodeTiff(bytes);
    const { image, stretchedBits } = await decodeTiffImage(bytes, readImageHeader(bytes));
    expect(stretchedBits).toBe(bits === 16 ? undefined : bits);
    expect(Array.from(image.data.filter((_, i) => i % 3 === 0))).toEqual(
      Array.from(values, value => value >> (bits - 8)),
    );
  }
});

it('exchanges black and white where white is 0, and lays what is transparent on white', async () => {
  const white = file('white-is-zero');
  const [plain, exchanged] = [file('grey8-raw'), white].map(bytes =>
    decodeTiffImage(bytes, readImageHeader(bytes)),
  );
  expect((await exchanged!).image.data).toEqual((await plain!).image.data.map(value => 255 - value));
  const clear = file('rgba-lzw');
  const { values } = await decodeTiff(clear);
  const { image } = await decodeTiffImage(clear, readImageHeader(clear));
  for (let pixel = 0; pixel < 45; pixel++) {
    const [red, alpha] = [values[pixel * 4]!, values[pixel * 4 + 3]!];
    expect(image.data[pixel * 3]).toBe(Math.round((red * alpha + 255 * (255 - alpha)) / 255));
  }
});

it('refuses several pages and single bits in words', () => {
  expect(refusalOf('two-pages')).toMatchObject({ code: 'unsupported-image', values: { pages: 2 } });
  expect(refusalOf('one-bit')).toMatchObject({ code: 'unsupported-image', values: { bits: 1 } });
});

function refusalOf(name: string): unknown {
  try {
    return readTiffPage(file(name));
  } catch (error) {
    return error;
  }
}

test('1,000 damaged files: each an image, or an error in words', async () => {
  const names = readdirSync(folder).filter(name => name.endsWith('.tif'));
  let state = 1;
  const random = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const outcomes = { images: 0, refused: 0 };
  for (let i = 0; i < 1000; i++) {
    const bytes = file(names[i % names.length]!.replace('.tif', ''));
    for (let damages = 1 + random(3); damages > 0; damages--) bytes[random(bytes.length)] = random(256);
    for (let damages = random(4); damages > 0; damages--) bytes[random(256)] = random(256);
    const cut = random(4) === 0 ? bytes.slice(0, random(bytes.length)) : bytes;
    try {
      await decodeTiffImage(cut, readImageHeader(cut));
      outcomes.images++;
    } catch (error) {
      if (!(error instanceof BedsideError)) throw new Error(`case ${i}`, { cause: error });
      outcomes.refused++;
    }
  }
  expect(Math.min(outcomes.images, outcomes.refused)).toBeGreaterThan(100);
});
