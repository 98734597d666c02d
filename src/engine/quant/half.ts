/**
 * IEEE 754 binary16 and bfloat16, as bit patterns in the low 16 bits of a number. Conversions to 16 bits round
 * to nearest, ties to even, from the value rounded to float32: ggml has no wider input.
 */

const floatCell = new Float32Array(1);
const bitsCell = new Uint32Array(floatCell.buffer);

// An exponent field e of 1..30 scales the 11-bit significand (1024 + fraction) by 2^(e - 25).
const significandScale = Float64Array.from({ length: 31 }, (_, exponent) => 2 ** (exponent - 25));

export function halfToFloat(bits: number): number {
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  let magnitude: number;
  if (exponent === 0) magnitude = fraction * 2 ** -24;
  else if (exponent === 31) magnitude = fraction === 0 ? Number.POSITIVE_INFINITY : Number.NaN;
  else magnitude = (1024 + fraction) * significandScale[exponent]!;
  return (bits & 0x8000) === 0 ? magnitude : -magnitude;
}

/** Magnitudes from 65520 up become infinity; any NaN becomes 0x7e00 (JavaScript keeps no sign of NaN). */
export function floatToHalf(value: number): number {
  floatCell[0] = value;
  const bits = bitsCell[0]!;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude >= 0x38800000) {
    // Normal half: drop 13 bits of fraction, move the exponent bias from 127 to 15. A carry out of the
    // fraction carries into the exponent, where it belongs.
    const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
    return sign | ((rounded >>> 13) - ((127 - 15) << 10));
  }
  // Subnormal half: a multiple of 2^-24. Rounding up to 1024 gives the encoding of the smallest normal.
  const units = Math.abs(floatCell[0]!) * 2 ** 24;
  const whole = Math.floor(units);
  const rest = units - whole;
  const roundUp = rest > 0.5 || (rest === 0.5 && (whole & 1) === 1);
  return sign | (roundUp ? whole + 1 : whole);
}

/** Each number as 16 bits. */
export function floatsToHalves(values: Float32Array): Uint16Array<ArrayBuffer> {
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) halves[i] = floatToHalf(values[i]!);
  return halves;
}

export function halvesToFloats(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const values = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) values[i] = halfToFloat(halves[i]!);
  return values;
}

export function bfloatToFloat(bits: number): number {
  bitsCell[0] = bits << 16;
  return floatCell[0]!;
}

/** NaN stays NaN (made quiet, so that dropping its low bits cannot turn it into infinity). */
export function floatToBfloat(value: number): number {
  floatCell[0] = value;
  const bits = bitsCell[0]!;
  if ((bits & 0x7fffffff) > 0x7f800000) return (bits >>> 16) | 0x40;
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}
