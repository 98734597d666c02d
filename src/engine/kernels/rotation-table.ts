/**
 * (cos, sin) of every position and frequency: [positions, dimensions / 2, 2] f32.
 * Angles are rounded to f32 the way the reference models compute them (inverse frequency in f32, product in f32);
 * cosine and sine are taken in double precision, because WGSL's are only accurate for small angles.
 * @param factors divides the frequencies one by one (tensor rope_freqs.weight)
 * @param scale multiplies positions (linear RoPE scaling: 1 / factor)
 * @param magnitude multiplies cosine and sine (LongRoPE)
 */
export function rotationTable(
  positions: number,
  dimensions: number,
  theta: number,
  factors?: Float32Array,
  scale = 1,
  magnitude = 1,
): Float32Array<ArrayBuffer> {
  const pairs = dimensions / 2;
  const table = new Float32Array(positions * pairs * 2);
  const frequencies = Float32Array.from({ length: pairs }, (_, i) => {
    return theta ** ((-2 * i) / dimensions) / (factors?.[i] ?? 1);
  });
  for (let position = 0; position < positions; position++) {
    for (let i = 0; i < pairs; i++) {
      const angle = Math.fround(Math.fround(position * scale) * frequencies[i]!);
      table[(position * pairs + i) * 2] = magnitude * Math.cos(angle);
      table[(position * pairs + i) * 2 + 1] = magnitude * Math.sin(angle);
    }
  }
  return table;
}
