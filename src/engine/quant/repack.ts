/** Moves block formats that the GPU computes on as they are into planes. Bytes are only moved, never changed. */

/** A run of 16-bit words of each block that goes to one plane. */
interface Field {
  plane: number;
  start: number;
  length: number;
}

export function words16(bytes: Uint8Array): Uint16Array {
  const even = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  return new Uint16Array(even.buffer, even.byteOffset, even.byteLength >> 1);
}

function splitBlocks(
  source: Uint8Array,
  blocks: number,
  blockWords: number,
  fields: Field[],
  planes: Uint8Array[],
): void {
  const from = words16(source);
  for (const { plane, start, length } of fields) {
    const to = words16(planes[plane]!);
    let at = 0;
    for (let block = 0; block < blocks; block++) {
      const first = block * blockWords + start;
      for (let i = 0; i < length; i++) to[at++] = from[first + i]!;
    }
  }
}

export function repackQ40(source: Uint8Array, rows: number, columns: number, planes: Uint8Array[]): void {
  const from = words16(source);
  const quants = words16(planes[0]!);
  const scales = words16(planes[1]!);
  const blocks = (rows * columns) / 32;
  // Unrolled: this loop sees seven gigabytes of a 13B model.
  for (let block = 0; block < blocks; block++) {
    const f = block * 9;
    const q = block * 8;
    scales[block] = from[f]!;
    quants[q] = from[f + 1]!;
    quants[q + 1] = from[f + 2]!;
    quants[q + 2] = from[f + 3]!;
    quants[q + 3] = from[f + 4]!;
    quants[q + 4] = from[f + 5]!;
    quants[q + 5] = from[f + 6]!;
    quants[q + 6] = from[f + 7]!;
    quants[q + 7] = from[f + 8]!;
  }
}

export function repackQ80(source: Uint8Array, rows: number, columns: number, planes: Uint8Array[]): void {
  const fields = [
    { plane: 0, start: 1, length: 16 },
    { plane: 1, start: 0, length: 1 },
  ];
  splitBlocks(source, (rows * columns) / 32, 17, fields, planes);
}

export function repackQ4K(source: Uint8Array, rows: number, columns: number, planes: Uint8Array[]): void {
  const fields = [
    { plane: 0, start: 8, length: 64 },
    { plane: 1, start: 0, length: 8 },
  ];
  splitBlocks(source, (rows * columns) / 256, 72, fields, planes);
}

export function repackQ6K(source: Uint8Array, rows: number, columns: number, planes: Uint8Array[]): void {
  const fields = [
    { plane: 0, start: 0, length: 64 },
    { plane: 1, start: 64, length: 32 },
    { plane: 2, start: 96, length: 8 },
    { plane: 3, start: 104, length: 1 },
  ];
  splitBlocks(source, (rows * columns) / 256, 105, fields, planes);
}

/** Copies rows of `bytesPerRow` into rows padded with zeros. */
function copyRows(source: Uint8Array, rows: number, bytesPerRow: number, plane: Uint8Array): void {
  const stride = plane.byteLength / rows;
  for (let row = 0; row < rows; row++) {
    plane.set(source.subarray(row * bytesPerRow, (row + 1) * bytesPerRow), row * stride);
  }
}

export function repackAsF32(source: Uint8Array, rows: number, columns: number, planes: Uint8Array[]): void {
  copyRows(source, rows, columns * 4, planes[0]!);
}

export function repackAsF16(source: Uint8Array, rows: number, columns: number, planes: Uint8Array[]): void {
  copyRows(source, rows, columns * 2, planes[0]!);
}

/** BF16 is the upper half of an f32; F16 could not hold its range. */
export function repackBf16AsF32(
  source: Uint8Array,
  rows: number,
  columns: number,
  planes: Uint8Array[],
): void {
  const from = words16(source);
  const to = words16(planes[0]!);
  const stride = to.length / rows;
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < columns; i++) to[row * stride + 2 * i + 1] = from[row * columns + i]!;
  }
}
