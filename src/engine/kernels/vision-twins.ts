import type { PatchShape } from './vision.ts';

/** Scalar twins of the vision kernels; rows without padding. See vision.ts for the shapes. */

/** pixels: [tiles, tile, tile, 3] -> [tiles * ((tile / patch)^2 + (1 with a class token)), 3 * patch^2], class rows zero. */
export function patchesTwin(
  pixels: Uint8Array,
  { tile, patch, mean, std, hasClass }: PatchShape,
): Float64Array {
  const side = tile / patch;
  const tiles = pixels.length / (tile * tile * 3);
  const columns = 3 * patch * patch;
  const leading = Number(hasClass);
  const out = new Float64Array(tiles * (side * side + leading) * columns);
  // From pixel to place, the other way round than the kernel.
  pixels.forEach((value, i) => {
    const channel = i % 3;
    const x = Math.floor(i / 3) % tile;
    const y = Math.floor(i / 3 / tile) % tile;
    const row = Math.floor(i / (3 * tile * tile)) * (side * side + leading);
    const p = Math.floor(y / patch) * side + Math.floor(x / patch);
    const cell = channel * patch * patch + (y % patch) * patch + (x % patch);
    out[(row + leading + p) * columns + cell] = (value / 255 - mean[channel]!) / std[channel]!;
  });
  return out;
}

/** x: [tiles * positions, hidden], table: [positions, hidden]. */
export function positionsTwin(
  x: Float32Array,
  classEmbedding: Float32Array | undefined,
  table: Float32Array,
): Float64Array {
  return Float64Array.from(x, (value, i) => {
    const at = i % table.length;
    return (classEmbedding?.[at] ?? value) + table[at]!;
  });
}

/** x: [tiles * (side^2 + 1), hidden] -> [tiles * (side / 2)^2, 4 * hidden]. */
export function pixelShuffleTwin(x: Float32Array, side: number, hidden: number): Float64Array {
  const perTile = (side * side + 1) * hidden;
  const out: number[] = [];
  for (let tile = 0; tile < x.length; tile += perTile) {
    for (let row = 0; row < side; row += 2) {
      for (let column = 0; column < side; column += 2) {
        for (const [dr, dc] of [
          [0, 0],
          [0, 1],
          [1, 0],
          [1, 1],
        ] as const) {
          const from = tile + (1 + (row + dr) * side + column + dc) * hidden;
          for (let k = 0; k < hidden; k++) out.push(x[from + k]!);
        }
      }
    }
  }
  return Float64Array.from(out);
}

/** x: [tiles * side^2, hidden] -> [tiles * (side / factor)^2, hidden]. */
export function patchPoolTwin(x: Float32Array, side: number, factor: number, hidden: number): Float64Array {
  const pooled = side / factor;
  const out = new Float64Array(x.length / (factor * factor));
  // From patch to place, the other way round than the kernel.
  x.forEach((value, i) => {
    const patch = Math.floor(i / hidden);
    const row = Math.floor(Math.floor(patch / side) / factor);
    const column = Math.floor((patch % side) / factor);
    // Rows of patches run on from tile to tile.
    out[(row * pooled + column) * hidden + (i % hidden)]! += value / (factor * factor);
  });
  return out;
}
