import { describe, expect, it } from 'vitest';
import { fixture, readJson } from '../../test/support/data.ts';
import { randomBytes } from '../../test/support/random.ts';
import { resizeBicubic } from './resample.ts';

interface Vectors {
  pil_bicubic: {
    src_w: number;
    src_h: number;
    src_rgb: number[];
    cases: { w: number; h: number; rgb: number[] }[];
  };
}
const { pil_bicubic: vectors } = readJson<Vectors>(fixture('golden/model-test-vectors.json'));

describe('bicubic resampling', () => {
  const source = { width: vectors.src_w, height: vectors.src_h, data: Uint8Array.from(vectors.src_rgb) };
  it.each(vectors.cases)('$w x $h equals Pillow in every byte', ({ w, h, rgb }) => {
    expect(Array.from(resizeBicubic(source, w, h).data)).toEqual(rgb);
  });

  it('leaves an image of the right size alone and keeps flat colour flat', () => {
    expect(resizeBicubic(source, source.width, source.height).data).toEqual(source.data);
    const flat = { width: 37, height: 11, data: new Uint8Array(37 * 11 * 3).fill(201) };
    expect(new Set(resizeBicubic(flat, 448, 448).data)).toEqual(new Set([201]));
  });

  it('takes any shape down to one pixel', () => {
    const strip = { width: 2000, height: 1, data: randomBytes(6000, 1) };
    expect(resizeBicubic(strip, 1, 1).data.length).toBe(3);
    expect(resizeBicubic(strip, 448, 896).data.length).toBe(448 * 896 * 3);
  });
});
