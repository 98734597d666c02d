/**
 * Moves block formats into planes. Bytes are only moved, never changed. These loops
 * see every byte of a model, so they move 32 bits at a time, blocks that start in the middle of a word included.
 */

/** A run of 16-bit words of each block that goes to one plane: a single one, or an even number. */
interface Field {
  plane: number;
  start: number;
  length: number;
}

export function words16(bytes: Uint8Array): Uint16Array {
  const even = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  return new Uint16Array(even.buffer, even.byteOffset, even.byteLength >> 1);
}

/** A copy where the bytes are not whole, aligned words; then padded with zeros. */
export function words32(bytes: Uint8Array): Uint32Array {
  let whole = bytes;
  if ((bytes.byteOffset | bytes.byteLength) % 4 !== 0) {
    whole = new Uint8Array(Math.ceil(bytes.byteLength / 4) * 4);
    whole.set(bytes);
  }
  return new Uint32Array(whole.buffer, whole.byteOffset, whole.byteLength >> 2);
}

/** Of a plane that starts at a whole word. */
export function planeWords(plane: Uint8Array): Uint32Array {
  return new Uint32Array(plane.buffer, plane.byteOffset, plane.byteLength >> 2);
}

function moveSingles(from: Uint16Array, blocks: number, blockWords: number, start: number, to: Uint16Array) {
  for (let block = 0, at = start; block < blocks; block++, at += blockWords) to[block] = from[at]!;
}

function moveRuns(
  from: Uint32Array,
  blocks: number,
  blockWords: number,
  { start, length }: Field,
  to: Uint32Array,
): void {
  const words = length >> 1;
  let out = 0;
  for (let block = 0, first = start; block < blocks; block++, first += blockWords) {
    let at = first >> 1;
    const end = out + words;
    if ((first & 1) === 0) {
      while (out < end) to[out++] = from[at++]!;
    } else {
      let low = from[at]! >>> 16;
      while (out < end) {
        const next = from[++at]!;
        to[out++] = low | (next << 16);
        low = next >>> 16;
      }
    }
  }
}

function splitBlocks(
  source: Uint8Array,
  blocks: number,
  blockWords: number,
  fields: Field[],
  planes: Uint8Array[],
): void {
  for (const field of fields) {
    const plane = planes[field.plane]!;
    if (field.length === 1) moveSingles(words16(source), blocks, blockWords, field.start, words16(plane));
    else moveRuns(words32(source), blocks, blockWords, field, planeWords(plane));
  }
}

/** Blocks of a scale and then quants, two at a time: every second one starts in the middle of a word. */
function splitScaleFirst(source: Uint8Array, blocks: number, quantWords: number, planes: Uint8Array[]): void {
  const from = words32(source);
  const quants = planeWords(planes[0]!);
  const scales = words16(planes[1]!);
  let at = 0;
  let out = 0;
  for (let block = 0; block < blocks; block += 2) {
    const first = from[at++]!;
    scales[block] = first;
    let low = first >>> 16;
    for (const end = out + quantWords; out < end; ) {
      const next = from[at++]!;
      quants[out++] = low | (next << 16);
      low = next >>> 16;
    }
    if (block + 1 === blocks) break;
    scales[block + 1] = low;
    for (const end = out + quantWords; out < end; ) quants[out++] = from[at++]!;
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
  splitScaleFirst(source, (rows * columns) / 32, 8, planes);
}

/** Of blocks of so many weights. Fields as the file has them, one behind the other: the plane of each, and its 16-bit words. */
function byFields(blockWeights: number, ...fields: (readonly [plane: number, words: number])[]) {
  let blockWords = 0;
  const placed = fields.map(([plane, length]): Field => {
    const start = blockWords;
    blockWords += length;
    return { plane, start, length };
  });
  return (source: Uint8Array, rows: number, columns: number, planes: Uint8Array[]): void =>
    splitBlocks(source, (rows * columns) / blockWeights, blockWords, placed, planes);
}

export const repackQ41 = byFields(32, [1, 2], [0, 8]);
export const repackQ50 = byFields(32, [1, 1], [2, 2], [0, 8]);
export const repackQ51 = byFields(32, [1, 2], [2, 2], [0, 8]);
export const repackQ2K = byFields(256, [1, 8], [0, 32], [2, 2]);
export const repackQ3K = byFields(256, [1, 16], [0, 32], [2, 6], [3, 1]);
export const repackQ4K = byFields(256, [1, 8], [0, 64]);
export const repackQ5K = byFields(256, [1, 8], [2, 16], [0, 64]);
export const repackQ6K = byFields(256, [0, 64], [1, 32], [2, 8], [3, 1]);
export const repackIq4Xs = byFields(256, [1, 4], [0, 64]);

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
