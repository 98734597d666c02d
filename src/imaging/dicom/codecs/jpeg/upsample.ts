/** A component's samples, row by row; rows are `stride` apart. */
export interface Plane {
  samples: Uint8Array | Uint16Array;
  stride: number;
  columns: number;
  rows: number;
}

/**
 * A component that has fewer samples than the image, brought to `columns` x `rows`: between two samples three quarters of the
 * nearer one and a quarter of the other where there are half as many, else repeated, as libjpeg does (its "fancy" upsampling, with the
 * same rounding).
 */
export function upsample(plane: Plane, across: number, down: number, columns: number, rows: number): Plane {
  if (across === 1 && down === 1) return plane;
  if (across === 2 && down === 1 && plane.columns > 2) return widen(plane, columns, rows);
  if (across === 1 && down === 2) return heighten(plane, columns, rows);
  if (across === 2 && down === 2 && plane.columns > 2) return enlarge(plane, columns, rows);
  return repeat(plane, across, down, columns, rows);
}

function like({ samples }: Plane, columns: number, rows: number): Plane {
  const length = columns * rows;
  return {
    samples: samples instanceof Uint8Array ? new Uint8Array(length) : new Uint16Array(length),
    stride: columns,
    columns,
    rows,
  };
}

function widen(plane: Plane, columns: number, rows: number): Plane {
  const out = like(plane, columns, rows);
  const { samples, stride } = plane;
  const last = plane.columns - 1;
  for (let y = 0; y < rows; y++) {
    const from = y * stride;
    for (let x = 0; x < columns; x++) {
      const at = x >> 1;
      const other = (x & 1) === 0 ? at - 1 : at + 1;
      const value = samples[from + at]!;
      out.samples[y * columns + x] =
        other < 0 || other > last ? value : (3 * value + samples[from + other]! + 1 + (x & 1)) >> 2;
    }
  }
  return out;
}

function heighten(plane: Plane, columns: number, rows: number): Plane {
  const out = like(plane, columns, rows);
  const { samples, stride } = plane;
  for (let y = 0; y < rows; y++) {
    const near = (y >> 1) * stride;
    const far = otherRow(plane, y) * stride;
    const bias = 1 + (y & 1);
    for (let x = 0; x < columns; x++) {
      out.samples[y * columns + x] = (3 * samples[near + x]! + samples[far + x]! + bias) >> 2;
    }
  }
  return out;
}

/** The row beside the nearer one, or that one again at the edge. */
function otherRow({ rows }: Plane, y: number): number {
  const row = (y >> 1) + ((y & 1) === 0 ? -1 : 1);
  return row < 0 ? 0 : row >= rows ? rows - 1 : row;
}

function enlarge(plane: Plane, columns: number, rows: number): Plane {
  const out = like(plane, columns, rows);
  const { samples, stride } = plane;
  const last = plane.columns - 1;
  for (let y = 0; y < rows; y++) {
    const near = (y >> 1) * stride;
    const far = otherRow(plane, y) * stride;
    for (let x = 0; x < columns; x++) {
      const at = x >> 1;
      const isOdd = x & 1;
      const beside = isOdd === 0 ? at - 1 : at + 1;
      const sum = 3 * samples[near + at]! + samples[far + at]!;
      const other = beside < 0 || beside > last ? sum : 3 * samples[near + beside]! + samples[far + beside]!;
      out.samples[y * columns + x] = (3 * sum + other + 8 - isOdd) >> 4;
    }
  }
  return out;
}

function repeat(plane: Plane, across: number, down: number, columns: number, rows: number): Plane {
  const out = like(plane, columns, rows);
  for (let y = 0; y < rows; y++) {
    const from = Math.floor(y / down) * plane.stride;
    for (let x = 0; x < columns; x++)
      out.samples[y * columns + x] = plane.samples[from + Math.floor(x / across)]!;
  }
  return out;
}
