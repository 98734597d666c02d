import { sentence } from '../../engine/sentence.ts';
import { type GifFrame, readGifLayout } from './gif-header.ts';
import { damagedImage } from './image-errors.ts';

/** A GIF's first frame as straight RGBA, rows from the top: [height, width, 4]. Transparent where it shows nothing. */
export function decodeFirstGifFrame(file: Uint8Array): Uint8Array {
  const { width, height, first } = readGifLayout(file);
  const indices = decompress(joinSubBlocks(file, first.dataAt + 1), file[first.dataAt]!, first);
  const rgba = new Uint8Array(width * height * 4);
  const rows = first.isInterlaced ? interlacedRows(first.height) : undefined;
  for (let y = 0; y < first.height; y++) {
    let to = ((first.top + (rows ? rows[y]! : y)) * width + first.left) * 4;
    for (let x = 0; x < first.width; x++, to += 4) {
      const index = indices[y * first.width + x]!;
      if (index === first.transparent) continue;
      if (index >= first.palette.colours)
        throw damagedImage('gif', sentence`undefined-colour: it uses a colour that it does not define`);
      const colour = first.palette.at + index * 3;
      rgba[to] = file[colour]!;
      rgba[to + 1] = file[colour + 1]!;
      rgba[to + 2] = file[colour + 2]!;
      rgba[to + 3] = 255;
    }
  }
  return rgba;
}

/** The row on the frame of each row in the file: every eighth, those between, and so on (GIF89a, appendix E). */
function interlacedRows(height: number): number[] {
  const rows: number[] = [];
  for (const [first, step] of [
    [0, 8],
    [4, 8],
    [2, 4],
    [1, 2],
  ] as const) {
    for (let row = first; row < height; row += step) rows.push(row);
  }
  return rows;
}

function joinSubBlocks(file: Uint8Array, from: number): Uint8Array {
  const blocks: Uint8Array[] = [];
  let total = 0;
  for (let at = from, length = file[at]!; length > 0; at += 1 + length, length = file[at]!) {
    blocks.push(file.subarray(at + 1, at + 1 + length));
    total += length;
  }
  const joined = new Uint8Array(total);
  let to = 0;
  for (const block of blocks) {
    joined.set(block, to);
    to += block.length;
  }
  return joined;
}

const longestCode = 12;
const mostCodes = 2 ** longestCode;

/**
 * GIF's variable-width LZW (GIF89a, appendix F): one palette index a pixel, [height, width]. Codes are packed from the low
 * bit up. A code's string is its prefix code's string and one index more.
 */
function decompress(data: Uint8Array, smallestCodeBits: number, { width, height }: GifFrame): Uint8Array {
  if (smallestCodeBits < 1 || smallestCodeBits > 8)
    throw damagedImage('gif', sentence`pixels-cannot-be-decoded: its pixels cannot be decoded`);
  const clear = 2 ** smallestCodeBits;
  const end = clear + 1;
  const prefix = new Uint16Array(mostCodes);
  const first = Uint8Array.from({ length: mostCodes }, (_, code) => code);
  const last = first.slice();
  const length = new Uint16Array(mostCodes).fill(1);

  const indices = new Uint8Array(width * height);
  let written = 0;
  let codeBits = smallestCodeBits + 1;
  let next = end + 1;
  let previous = -1;
  let bits = 0;
  let bitCount = 0;
  let at = 0;
  while (written < indices.length) {
    while (bitCount < codeBits && at < data.length) {
      bits |= data[at++]! << bitCount;
      bitCount += 8;
    }
    const code = bits & (2 ** codeBits - 1);
    if (bitCount < codeBits || code === end)
      throw damagedImage('gif', sentence`pixels-are-missing: some of its pixels are missing`);
    bits >>>= codeBits;
    bitCount -= codeBits;
    if (code === clear) {
      codeBits = smallestCodeBits + 1;
      next = end + 1;
      previous = -1;
      continue;
    }
    // Beyond the codes defined so far there is only the one that this step defines.
    if (previous < 0 ? code > end : code > next)
      throw damagedImage('gif', sentence`pixels-cannot-be-decoded: its pixels cannot be decoded`);
    if (previous >= 0 && next < mostCodes) {
      prefix[next] = previous;
      length[next] = length[previous]! + 1;
      first[next] = first[previous]!;
      last[next] = first[code]!;
      next++;
      if (next === 2 ** codeBits && codeBits < longestCode) codeBits++;
    }
    // From the string's end backwards. What goes beyond the last pixel is dropped.
    const stop = written + length[code]!;
    for (let to = stop - 1, part = code; to >= written; to--, part = prefix[part]!) indices[to] = last[part]!;
    written = stop;
    previous = code;
  }
  return indices;
}
