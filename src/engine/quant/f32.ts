/** F32: float32, little-endian. WebGPU and typed arrays share the host's byte order, which is little-endian. */
export function dequantizeF32(bytes: Uint8Array, out: Float32Array): void {
  new Uint8Array(out.buffer, out.byteOffset, out.byteLength).set(bytes);
}
