import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dataFile, fixture } from '../../../test/support/data.ts';
import { makeJpeg } from '../../../test/support/images-of-blocks.ts';
import { decodeInNode } from '../../cli/input/decode-image.ts';
import { readImageHeader } from '../read-image-header.ts';

const files: [string, Uint8Array][] = [
  ['baseline, 4:2:0', readFileSync(fixture('images/small-420.jpg'))],
  ['progressive, 4:2:2', readFileSync(fixture('images/small-422-progressive.jpg'))],
  ['gray', readFileSync(fixture('images/small-gray.jpg'))],
  ['flat blocks', makeJpeg({ width: 24, height: 16, gray: (x, y) => 10 + x * 60 + y * 90 })],
];
const isWhole = (file: Uint8Array) => {
  try {
    return readImageHeader(file).lacksEnd === true;
  } catch {
    return false;
  }
};

describe.each(files)('a JPEG without its end: %s', (_, file) => {
  const withoutEnd = file.subarray(0, file.length - 2);

  it('is read, and has the pixels that it has with it', async () => {
    expect([...file.subarray(-2)]).toEqual([0xff, 0xd9]);
    const whole = (await decodeInNode(file)).image;
    expect((await decodeInNode(withoutEnd)).image).toEqual(whole);
    // Half of the marker is none.
    expect((await decodeInNode(file.subarray(0, file.length - 1))).image).toEqual(whole);
    expect(readImageHeader(file).lacksEnd).toBeUndefined();
  });

  it('is refused as soon as a byte of its data is missing, wherever it was cut', async () => {
    // The last bits may be padding; one byte before them is not.
    for (let cut = 2; cut < withoutEnd.length; cut += cut < 200 ? 1 : 13) {
      expect(isWhole(withoutEnd.subarray(0, withoutEnd.length - cut)), `${cut} bytes`).toBe(false);
    }
    await expect(decodeInNode(withoutEnd.subarray(0, withoutEnd.length - 40))).rejects.toMatchObject({
      code: 'damaged-image',
    });
  });
});

describe('a file that was made to keep its reader busy', () => {
  const file = readFileSync(fixture('images/small-420.jpg'));
  const withoutEnd = file.subarray(0, file.length - 2);
  const changed = (change: (bytes: Uint8Array) => void) => {
    const bytes = Uint8Array.from(withoutEnd);
    change(bytes);
    return bytes;
  };
  const frame = file.findIndex((byte, i) => byte === 0xff && file[i + 1] === 0xc0);
  const scan = file.findIndex((byte, i) => byte === 0xff && file[i + 1] === 0xda);

  it.each([0x00, 0x10, 0x01, 0x51, 0x1f])(
    'with %i blocks of each component in a unit is refused',
    factors => {
      expect(isWhole(withoutEnd)).toBe(true);
      const odd = changed(bytes => {
        for (let i = 0; i < 3; i++) bytes[frame + 11 + 3 * i] = factors;
      });
      expect(isWhole(odd)).toBe(false);
    },
  );

  it.each([0, 5, 255])('with %i components in a scan is refused', count => {
    expect(isWhole(changed(bytes => bytes.fill(count, scan + 4, scan + 5)))).toBe(false);
  });
});

const photograph = dataFile('testdata/images/skimage_retina.jpg');
it.skipIf(!photograph)('a photograph without its end (needs BEDSIDE_DATA)', () => {
  const file = readFileSync(photograph!);
  const end = file.lastIndexOf(Uint8Array.of(0xff, 0xd9));
  expect(isWhole(file.subarray(0, end))).toBe(true);
  expect(isWhole(file.subarray(0, end - 2))).toBe(false);
  expect(isWhole(file.subarray(0, end - 100))).toBe(false);
});
