/**
 * The twelve bytes in which Q4_K and Q5_K keep eight six-bit scales and eight six-bit minima. Sub-blocks 0..3
 * have theirs in the low six bits of bytes k and k + 4; sub-blocks 4..7 have the low nibbles of both in byte
 * k + 4, and their upper two bits on top of bytes k - 4 and k.
 */

export function scaleOfK(bytes: Uint8Array, at: number, k: number): number {
  if (k < 4) return bytes[at + k]! & 63;
  return (bytes[at + k + 4]! & 15) | ((bytes[at + k - 4]! >> 6) << 4);
}

export function minimumOfK(bytes: Uint8Array, at: number, k: number): number {
  if (k < 4) return bytes[at + k + 4]! & 63;
  return (bytes[at + k + 4]! >> 4) | ((bytes[at + k]! >> 6) << 4);
}

/** Written in the order of k: those of sub-blocks 4..7 add to the bytes of 0..3. */
export function writeScalesOfK(
  bytes: Uint8Array,
  at: number,
  k: number,
  scale: number,
  minimum: number,
): void {
  if (k < 4) {
    bytes[at + k] = scale;
    bytes[at + k + 4] = minimum;
    return;
  }
  bytes[at + k + 4] = (scale & 15) | ((minimum & 15) << 4);
  bytes[at + k - 4]! |= (scale >> 4) << 6;
  bytes[at + k]! |= (minimum >> 4) << 6;
}
