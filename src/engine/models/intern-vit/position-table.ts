/** PyTorch's cubic convolution coefficient. (Pillow's, for pixels, is -0.5.) */
const a = -0.75;

function cubic(distance: number): number {
  const x = Math.abs(distance);
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
  return 0;
}

/**
 * The position embeddings of another number of patches: row 0 (the class token) stays, the others are a grid that is
 * interpolated as `torch.nn.functional.interpolate(mode="bicubic", align_corners=False)` does, without antialiasing
 * (InternViT, _get_pos_embed).
 * @param table [fromSide^2 + 1, hidden] f32
 * @returns [toSide^2 + 1, hidden] f32; the same table where nothing changes
 */
export function resizePositionTable(
  table: Float32Array,
  hidden: number,
  fromSide: number,
  toSide: number,
): Float32Array {
  if (fromSide === toSide) return table;
  const out = new Float32Array((toSide * toSide + 1) * hidden);
  out.set(table.subarray(0, hidden));
  const taps = Array.from({ length: toSide }, (_, i) => {
    const at = ((i + 0.5) * fromSide) / toSide - 0.5;
    const first = Math.floor(at) - 1;
    return Array.from({ length: 4 }, (_, tap) => ({
      // Beyond the edge the edge repeats.
      source: Math.min(fromSide - 1, Math.max(0, first + tap)),
      weight: cubic(at - (first + tap)),
    }));
  });
  const sum = new Float64Array(hidden);
  for (let row = 0; row < toSide; row++) {
    for (let column = 0; column < toSide; column++) {
      sum.fill(0);
      for (const down of taps[row]!) {
        for (const across of taps[column]!) {
          const weight = down.weight * across.weight;
          const from = (1 + down.source * fromSide + across.source) * hidden;
          for (let k = 0; k < hidden; k++) sum[k] = sum[k]! + weight * table[from + k]!;
        }
      }
      out.set(sum, (1 + row * toSide + column) * hidden);
    }
  }
  return out;
}
