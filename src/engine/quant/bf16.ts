/** BF16: the upper half of a float32, little-endian, 2 bytes a weight. */
export function dequantizeBF16(bytes: Uint8Array, out: Float32Array): void {
  const bits = new Uint32Array(out.buffer, out.byteOffset, out.length);
  if (bytes.byteOffset % 2 === 0) {
    // Whole numbers of 16 bits are read twice as fast as pairs of bytes.
    const halves = new Uint16Array(bytes.buffer, bytes.byteOffset, out.length);
    for (let i = 0; i < halves.length; i++) bits[i] = halves[i]! << 16;
    return;
  }
  for (let i = 0, at = 0; at < bytes.length; i++, at += 2) {
    bits[i] = (bytes[at]! << 16) | (bytes[at + 1]! << 24);
  }
}

/** Rounds to nearest, ties to even. */
export function quantizeBf16(values: Float32Array): Uint8Array<ArrayBuffer> {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const bytes = new Uint8Array(values.length * 2);
  for (let i = 0, at = 0; i < bits.length; i++, at += 2) {
    const half = (bits[i]! + 0x7fff + ((bits[i]! >>> 16) & 1)) >>> 16;
    bytes[at] = half;
    bytes[at + 1] = half >> 8;
  }
  return bytes;
}
