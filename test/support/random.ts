/** A seeded generator for test data (mulberry32): same seed, same numbers, on every machine. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Normally distributed numbers (Box-Muller), f32. */
export function randomNormal(count: number, seed: number, scale = 1): Float32Array<ArrayBuffer> {
  const next = seededRandom(seed);
  const out = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    out[i] = scale * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  }
  return out;
}

export function randomBytes(count: number, seed: number): Uint8Array<ArrayBuffer> {
  const next = seededRandom(seed);
  return Uint8Array.from({ length: count }, () => Math.floor(next() * 256));
}
