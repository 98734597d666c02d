import type { PacketBits } from './packet-bits.ts';

interface Level {
  width: number;
  /** Lower bounds of the values, and whether they are the values. */
  bounds: Int32Array;
  isKnown: Uint8Array;
}

/** A tag tree (ITU-T T.800, B.10.2): values of a grid, read as far as they are asked for. */
export class TagTree {
  /** The grid first, the root last. */
  readonly #levels: Level[] = [];

  constructor(width: number, height: number) {
    let [across, down] = [width, height];
    for (;;) {
      const nodes = across * down;
      this.#levels.push({ width: across, bounds: new Int32Array(nodes), isKnown: new Uint8Array(nodes) });
      if (nodes <= 1) break;
      across = (across + 1) >> 1;
      down = (down + 1) >> 1;
    }
  }

  /** Reads until the value at (x, y) is known, or known to be at least `threshold`. Whether it is below. */
  isBelow(bits: PacketBits, x: number, y: number, threshold: number): boolean {
    let bound = 0;
    for (let depth = this.#levels.length - 1; depth >= 0; depth--) {
      const { width, bounds, isKnown } = this.#levels[depth]!;
      const at = (y >> depth) * width + (x >> depth);
      if (bounds[at]! < bound) bounds[at] = bound;
      while (isKnown[at] === 0 && bounds[at]! < threshold) {
        if (bits.take() === 1) isKnown[at] = 1;
        else bounds[at]!++;
      }
      bound = bounds[at]!;
      if (isKnown[at] === 0) return false;
    }
    return bound < threshold;
  }
}
