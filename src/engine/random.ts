/**
 * xoshiro128** 1.1 (Blackman and Vigna, public domain): 128 bits of state in four 32-bit words, so that it runs on
 * integers that JavaScript handles exactly. The seed is spread over the state with splitmix32. Not for secrets.
 */
export class Random {
  readonly #state: Uint32Array;

  constructor(seed: number) {
    this.#state = new Uint32Array(4);
    let counter = seed >>> 0;
    for (let word = 0; word < 4; word++) {
      counter = (counter + 0x9e3779b9) >>> 0;
      let mixed = counter;
      mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
      this.#state[word] = mixed ^ (mixed >>> 15);
    }
  }

  /** A generator in a given state, not all zero; for comparison with the reference implementation. */
  static fromState(state: readonly [number, number, number, number]): Random {
    const random = new Random(0);
    random.#state.set(state);
    return random;
  }

  /** Uniform over 0 .. 2^32 - 1. */
  nextUint32(): number {
    const s = this.#state as unknown as [number, number, number, number];
    const result = Math.imul(rotateLeft(Math.imul(s[1], 5), 7), 9) >>> 0;
    const shifted = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotateLeft(s[3], 11);
    return result;
  }

  /** Uniform over [0, 1) in steps of 2^-53; takes two words. */
  nextFloat(): number {
    const high = this.nextUint32() >>> 5;
    const low = this.nextUint32() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
