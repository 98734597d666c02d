/** Rows that lie interleaved on a device whose products compute so many at a time, one in each lane. */
export const interleavedRows = 4;

/**
 * Interleaves the rows of a plane by four, in place: `granule` bytes of the first, of the second, of the third, of the fourth, and
 * on with the next of the first.
 * @param plane a multiple of four rows of `rowBytes`, which is a multiple of `granule`; aligned as `granule`
 */
export function interleaveRows(plane: Uint8Array, rowBytes: number, granule: 2 | 4): void {
  const { buffer, byteOffset, length } = plane;
  const words =
    granule === 4
      ? new Uint32Array(buffer, byteOffset, length / 4)
      : new Uint16Array(buffer, byteOffset, length / 2);
  const width = rowBytes / granule;
  const before = words.slice(0, interleavedRows * width);
  for (let first = 0; first < words.length; first += before.length) {
    before.set(words.subarray(first, first + before.length));
    for (let at = 0, out = first; at < width; at++, out += interleavedRows) {
      words[out] = before[at]!;
      words[out + 1] = before[width + at]!;
      words[out + 2] = before[2 * width + at]!;
      words[out + 3] = before[3 * width + at]!;
    }
  }
}

/** Rows that a plane has room for where rows lie interleaved: whole fours. */
export function wholeFours(rows: number): number {
  return Math.ceil(rows / interleavedRows) * interleavedRows;
}
