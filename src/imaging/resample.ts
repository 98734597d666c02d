import type { Resampling } from '../engine/types/model.ts';
import type { RgbImage } from './rgb-image.ts';

/**
 * Bicubic resampling, bit for bit as Pillow's `Image.resize(..., BICUBIC)` does it (libImaging/Resample.c): a = -0.5, the
 * kernel widened by the scale when shrinking, weights in 22-bit fixed point, first along rows and then along columns,
 * rounded to 8 bits in between. InternVL's encoders were trained on exactly these pixels.
 */
export function resizeBicubic(image: RgbImage, width: number, height: number): RgbImage {
  return resizeBy(filters.bicubic, image, width, height);
}

/** The same with the triangle of Pillow's `BILINEAR`: what SigLIP encoders of Gemma 3 are shown. */
export function resizeBilinear(image: RgbImage, width: number, height: number): RgbImage {
  return resizeBy(filters.bilinear, image, width, height);
}

/** Of a picture that is brought to the size of tiles, as the encoder's training did it. */
export function resizeFor(resample: Resampling, image: RgbImage, width: number, height: number): RgbImage {
  return resizeBy(filters[resample], image, width, height);
}

function resizeBy(filter: Filter, image: RgbImage, width: number, height: number): RgbImage {
  const wide = width === image.width ? image : resizeRows(filter, image, width);
  return height === image.height ? wide : resizeColumns(filter, wide, height);
}

const fractionBits = 22;
const half = 1 << (fractionBits - 1);
const channels = 3;

/** For each output position: the first input position and how many follow, and their weights, `stride` apart. */
interface Kernel {
  first: Int32Array;
  count: Int32Array;
  weights: Int32Array;
  stride: number;
}

interface Filter {
  /** Beyond this distance from the middle it is zero; in pixels of the larger of the two images. */
  support: number;
  weight(distance: number): number;
}

const filters: Readonly<Record<Resampling, Filter>> = {
  bicubic: { support: 2, weight: bicubic },
  bilinear: { support: 1, weight: distance => Math.max(0, 1 - Math.abs(distance)) },
};

function bicubic(distance: number): number {
  const a = -0.5;
  const x = Math.abs(distance);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

function makeKernel(filter: Filter, from: number, to: number): Kernel {
  const scale = from / to;
  const stretch = Math.max(scale, 1);
  const support = filter.support * stretch;
  const stride = Math.ceil(support) * 2 + 1;
  const kernel = {
    first: new Int32Array(to),
    count: new Int32Array(to),
    weights: new Int32Array(to * stride),
    stride,
  };
  const real = new Float64Array(stride);
  for (let i = 0; i < to; i++) {
    const center = (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(center - support + 0.5));
    const count = Math.min(from, Math.trunc(center + support + 0.5)) - first;
    let sum = 0;
    for (let j = 0; j < count; j++) {
      // Multiplied by the inverse, as there: a division rounds differently.
      real[j] = filter.weight((j + first - center + 0.5) * (1 / stretch));
      sum += real[j]!;
    }
    for (let j = 0; j < count; j++) {
      const weight = (sum === 0 ? real[j]! : real[j]! / sum) * (1 << fractionBits);
      kernel.weights[i * stride + j] = Math.trunc(weight < 0 ? weight - 0.5 : weight + 0.5);
    }
    kernel.first[i] = first;
    kernel.count[i] = count;
  }
  return kernel;
}

function clip8(value: number): number {
  const rounded = value >> fractionBits;
  return rounded < 0 ? 0 : rounded > 255 ? 255 : rounded;
}

function resizeRows(filter: Filter, image: RgbImage, width: number): RgbImage {
  const { first, count, weights, stride } = makeKernel(filter, image.width, width);
  const { data: from, height } = image;
  const to = new Uint8Array(width * height * channels);
  // Two rows at once, so that each weight is read half as often. The last of an odd number is worked out twice.
  for (let y = 0; y < height; y += 2) {
    const upper = y * image.width * channels;
    const below = y + 1 < height ? image.width * channels : 0;
    let out = y * width * channels;
    const outBelow = y + 1 < height ? width * channels : 0;
    for (let x = 0; x < width; x++) {
      let red = half;
      let green = half;
      let blue = half;
      let redBelow = half;
      let greenBelow = half;
      let blueBelow = half;
      let at = upper + first[x]! * channels;
      const base = x * stride;
      const end = base + count[x]!;
      for (let k = base; k < end; k++) {
        const weight = weights[k]!;
        red = (red + Math.imul(from[at]!, weight)) | 0;
        green = (green + Math.imul(from[at + 1]!, weight)) | 0;
        blue = (blue + Math.imul(from[at + 2]!, weight)) | 0;
        redBelow = (redBelow + Math.imul(from[at + below]!, weight)) | 0;
        greenBelow = (greenBelow + Math.imul(from[at + below + 1]!, weight)) | 0;
        blueBelow = (blueBelow + Math.imul(from[at + below + 2]!, weight)) | 0;
        at += channels;
      }
      to[out] = clip8(red);
      to[out + 1] = clip8(green);
      to[out + 2] = clip8(blue);
      to[out + outBelow] = clip8(redBelow);
      to[out + outBelow + 1] = clip8(greenBelow);
      to[out + outBelow + 2] = clip8(blueBelow);
      out += channels;
    }
  }
  return { width, height, data: to };
}

function resizeColumns(filter: Filter, image: RgbImage, height: number): RgbImage {
  const { first, count, weights, stride } = makeKernel(filter, image.height, height);
  const { data: from, width } = image;
  const rowBytes = width * channels;
  const to = new Uint8Array(rowBytes * height);
  // Whole rows at a time: the inputs of neighbouring pixels are neighbours in memory.
  const sums = new Int32Array(rowBytes);
  for (let y = 0; y < height; y++) {
    sums.fill(half);
    // Four rows at once, so that the sums are read and written a quarter as often. Those beyond the last weigh nothing.
    for (let k = 0; k < count[y]!; k += 4) {
      const four = [k, k + 1, k + 2, k + 3];
      addRows(
        sums,
        from,
        four.map(n => Math.min(first[y]! + n, image.height - 1) * rowBytes) as FourNumbers,
        four.map(n => (n < count[y]! ? weights[y * stride + n]! : 0)) as FourNumbers,
      );
    }
    const out = y * rowBytes;
    for (let i = 0; i < rowBytes; i++) to[out + i] = clip8(sums[i]!);
  }
  return { width, height, data: to };
}

type FourNumbers = [number, number, number, number];

/** Adds four rows, each times its weight, to the sums. `rows`: where each begins. */
function addRows(
  sums: Int32Array,
  from: Uint8Array,
  [row0, row1, row2, row3]: FourNumbers,
  [weight0, weight1, weight2, weight3]: FourNumbers,
): void {
  for (let i = 0; i < sums.length; i++) {
    sums[i] =
      (sums[i]! +
        Math.imul(from[row0 + i]!, weight0) +
        Math.imul(from[row1 + i]!, weight1) +
        Math.imul(from[row2 + i]!, weight2) +
        Math.imul(from[row3 + i]!, weight3)) |
      0;
  }
}
