import type { Area } from './code-stream.ts';

/** Coefficients or samples of an area, row by row. */
export interface Coefficients {
  area: Area;
  values: Float32Array | Int32Array;
}

/** The lifting steps of the irreversible transform (ITU-T T.800, table F.4). */
const alpha = -1.586134342059924;
const beta = -0.052980118572961;
const gamma = 0.882911075530934;
const delta = 0.443506852043971;
const scale = 1.230174104914001;

/**
 * One level of the inverse wavelet transform (ITU-T T.800, F.3): the lower resolution and the three subbands beside it (HL, LH,
 * HH) become `area`.
 */
export function inverseWavelet(
  low: Coefficients,
  bands: readonly Coefficients[],
  area: Area,
  isReversible: boolean,
): Coefficients {
  const [width, height] = [area.x1 - area.x0, area.y1 - area.y0];
  const values = isReversible ? new Int32Array(width * height) : new Float32Array(width * height);
  const [highLow, lowHigh, highHigh] = bands as [Coefficients, Coefficients, Coefficients];
  const [oddX, oddY] = [area.x0 & 1, area.y0 & 1];
  place(low, values, width, oddX, oddY);
  place(highLow, values, width, 1 - oddX, oddY);
  place(lowHigh, values, width, oddX, 1 - oddY);
  place(highHigh, values, width, 1 - oddX, 1 - oddY);
  for (let y = 0; y < height; y++) {
    if (isReversible) liftRow(values as Int32Array, y * width, width, oddX);
    else liftRowFloat(values as Float32Array, y * width, width, oddX);
  }
  if (isReversible) liftColumns(values as Int32Array, width, height, oddY);
  else liftColumnsFloat(values as Float32Array, width, height, oddY);
  return { area, values };
}

/** Puts a subband's coefficients at every second place. */
function place(
  { area, values }: Coefficients,
  out: Float32Array | Int32Array,
  stride: number,
  x: number,
  y: number,
): void {
  const [width, height] = [area.x1 - area.x0, area.y1 - area.y0];
  for (let row = 0; row < height; row++) {
    let to = (2 * row + y) * stride + x;
    const from = row * width;
    for (let i = 0; i < width; i++, to += 2) out[to] = values[from + i]!;
  }
}

/** The reversible 5-3 filter (F.3.8.2.1); `odd`: the first is of the high-pass half. */
function liftRow(values: Int32Array, start: number, length: number, odd: number): void {
  if (length === 1) {
    if (odd === 1) values[start]! >>= 1;
    return;
  }
  const last = start + length - 1;
  for (let i = start + odd; i <= last; i += 2) {
    const before = values[i > start ? i - 1 : i + 1]!;
    const after = values[i < last ? i + 1 : i - 1]!;
    values[i]! -= (before + after + 2) >> 2;
  }
  for (let i = start + 1 - odd; i <= last; i += 2) {
    const before = values[i > start ? i - 1 : i + 1]!;
    const after = values[i < last ? i + 1 : i - 1]!;
    values[i]! += (before + after) >> 1;
  }
}

function liftColumns(values: Int32Array, width: number, height: number, odd: number): void {
  if (height === 1) {
    if (odd === 1) for (let x = 0; x < width; x++) values[x]! >>= 1;
    return;
  }
  for (let y = odd; y < height; y += 2) {
    const [at, before, after] = neighbourRows(y, width, height);
    for (let x = 0; x < width; x++) values[at + x]! -= (values[before + x]! + values[after + x]! + 2) >> 2;
  }
  for (let y = 1 - odd; y < height; y += 2) {
    const [at, before, after] = neighbourRows(y, width, height);
    for (let x = 0; x < width; x++) values[at + x]! += (values[before + x]! + values[after + x]!) >> 1;
  }
}

/** Where row `y` begins, and those before and behind it, mirrored at the edges. */
function neighbourRows(y: number, width: number, height: number): [number, number, number] {
  const before = y > 0 ? y - 1 : y + 1;
  const after = y < height - 1 ? y + 1 : y - 1;
  return [y * width, before * width, after * width];
}

/** The irreversible 9-7 filter (F.3.8.2.2): which places each step changes, and by which factor of its neighbours. */
const steps = [
  { isHigh: false, factor: -delta },
  { isHigh: true, factor: -gamma },
  { isHigh: false, factor: -beta },
  { isHigh: true, factor: -alpha },
];

function liftRowFloat(values: Float32Array, start: number, length: number, odd: number): void {
  if (length === 1) {
    if (odd === 1) values[start]! /= 2;
    return;
  }
  const last = start + length - 1;
  for (let i = start + odd; i <= last; i += 2) values[i]! *= scale;
  for (let i = start + 1 - odd; i <= last; i += 2) values[i]! /= scale;
  for (const { isHigh, factor } of steps) {
    for (let i = start + (isHigh ? 1 - odd : odd); i <= last; i += 2) {
      const before = values[i > start ? i - 1 : i + 1]!;
      const after = values[i < last ? i + 1 : i - 1]!;
      values[i]! += factor * (before + after);
    }
  }
}

function liftColumnsFloat(values: Float32Array, width: number, height: number, odd: number): void {
  if (height === 1) {
    if (odd === 1) for (let x = 0; x < width; x++) values[x]! /= 2;
    return;
  }
  for (let y = 0; y < height; y++) {
    const factor = (y & 1) === odd ? scale : 1 / scale;
    for (let at = y * width; at < (y + 1) * width; at++) values[at]! *= factor;
  }
  for (const { isHigh, factor } of steps) {
    for (let y = isHigh ? 1 - odd : odd; y < height; y += 2) {
      const [at, before, after] = neighbourRows(y, width, height);
      for (let x = 0; x < width; x++) values[at + x]! += factor * (values[before + x]! + values[after + x]!);
    }
  }
}
