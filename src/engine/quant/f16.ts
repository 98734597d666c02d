import { floatToHalf, halfToFloat } from './half.ts';

/** Of every half, by its bits; made when the first F16 weights are read. */
let halfValues: Float32Array | undefined;

/** F16: IEEE half, little-endian, 2 bytes a weight. */
export function dequantizeF16(bytes: Uint8Array, out: Float32Array): void {
  halfValues ??= Float32Array.from({ length: 65536 }, (_, bits) => halfToFloat(bits));
  const values = halfValues;
  for (let i = 0, at = 0; at < bytes.length; i++, at += 2) {
    out[i] = values[bytes[at]! | (bytes[at + 1]! << 8)]!;
  }
}

/** Rounds to nearest, ties to even; magnitudes from 65520 up become infinity, as in ggml. */
export function quantizeF16(values: Float32Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(values.length * 2);
  for (let i = 0, at = 0; i < values.length; i++, at += 2) {
    const half = floatToHalf(values[i]!);
    bytes[at] = half;
    bytes[at + 1] = half >> 8;
  }
  return bytes;
}
