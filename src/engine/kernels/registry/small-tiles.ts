/** Two tiles of 12 x 12 pixels in patches of 3, hidden 40, in rows with padding. */
export const smallTiles = { count: 2, tile: 12, patch: 3, side: 4, positions: 17, hidden: 40, stride: 64 };

/** Rows of `columns` numbers, `stride` apart, with zeros between them. */
export function padRows(values: ArrayLike<number>, columns: number, stride: number): Float64Array {
  const out = new Float64Array((values.length / columns) * stride);
  for (let i = 0; i < values.length; i++) out[Math.floor(i / columns) * stride + (i % columns)] = values[i]!;
  return out;
}
