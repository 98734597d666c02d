/** BF16: the upper half of a float32, little-endian, 2 bytes a weight. */
export function dequantizeBF16(bytes: Uint8Array, out: Float32Array): void {
  const bits = new Uint32Array(out.buffer, out.byteOffset, out.length);
  for (let i = 0, at = 0; at < bytes.length; i++, at += 2) {
    bits[i] = (bytes[at]! << 16) | (bytes[at + 1]! << 24);
  }
}
