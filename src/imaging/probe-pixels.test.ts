import { afterEach, beforeEach, expect, it, vi } from 'vitest';

type Pixels = { width: number; height: number; data: Uint8ClampedArray };

/** A canvas that draws on white exactly, or gives pixels back as `spoil` leaves them. */
function stubBrowser(spoil: (rgba: Uint8ClampedArray) => void): void {
  class FakeImageData {
    constructor(
      readonly data: Uint8ClampedArray,
      readonly width: number,
      readonly height: number,
    ) {}
  }
  class FakeCanvas {
    width = 0;
    getContext(kind: string) {
      if (kind !== '2d') return null;
      let drawn = new Uint8ClampedArray();
      return {
        fillRect: () => undefined,
        drawImage({ data, width: stride }: Pixels, left: number, top: number, width: number, height: number) {
          drawn = new Uint8ClampedArray(width * height * 4);
          for (let i = 0; i < drawn.length; i++) {
            const x = left + (Math.floor(i / 4) % width);
            const at = ((top + Math.floor(i / 4 / width)) * stride + x) * 4;
            const alpha = data[at + 3]!;
            drawn[i] = i % 4 === 3 ? 255 : Math.round((data[at + (i % 4)]! * alpha) / 255 + 255 - alpha);
          }
        },
        getImageData() {
          spoil(drawn);
          return { data: drawn };
        },
      };
    }
  }
  vi.stubGlobal('ImageData', FakeImageData);
  vi.stubGlobal('OffscreenCanvas', FakeCanvas);
  vi.stubGlobal('createImageBitmap', async (image: Pixels) => ({ ...image, close: () => undefined }));
  vi.stubGlobal('VideoFrame', undefined);
}

beforeEach(() => vi.resetModules());
afterEach(() => vi.unstubAllGlobals());

async function load() {
  const [probe, pixels] = await Promise.all([import('./probe-pixels.ts'), import('./bitmap-pixels.ts')]);
  return { ...probe, ...pixels };
}

it('takes the canvas where it gives back what was drawn', async () => {
  stubBrowser(() => undefined);
  const { findPixelReader, readThroughCanvas } = await load();
  expect(await findPixelReader(false)).toBe(readThroughCanvas);
  expect(await findPixelReader(true)).toBe(readThroughCanvas);
});

it.each<[string, (rgba: Uint8ClampedArray) => void]>([
  [
    'the last bit of one value',
    rgba => {
      rgba[1234] = rgba[1234]! ^ 1;
    },
  ],
  [
    'everything',
    rgba => {
      rgba.fill(255);
    },
  ],
])('refuses a browser that alters %s, and says what to do', async (_, spoil) => {
  stubBrowser(spoil);
  const { findPixelReader } = await load();
  for (const hasAlpha of [false, true]) {
    await expect(findPixelReader(hasAlpha)).rejects.toMatchObject({
      code: 'unsupported-image',
      message: expect.stringContaining('fingerprinting'),
      advice: expect.stringContaining('Allow this site'),
    });
  }
});
