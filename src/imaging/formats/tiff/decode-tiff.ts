import { sentence } from '../../../engine/sentence.ts';
import { damagedImage } from '../image-errors.ts';
import { unpack } from './tiff-codecs.ts';
import { readTiffPage, type TiffPage } from './tiff-page.ts';

/** A page's samples, row by row, those of a pixel beside one another. */
export interface TiffPixels {
  page: TiffPage;
  values: Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;
}

/** No compression that is read makes more of a byte. */
const mostExpansion = 1100;

/** Decodes a file of one page (TIFF 6.0, 8 or 16 bits). Fails as `readTiffPage` does, and with `damaged-image` where it is not whole. */
export async function decodeTiff(bytes: Uint8Array): Promise<TiffPixels> {
  // Plain: a `slice` of Node's buffers is no copy.
  const file = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const page = readTiffPage(file);
  const { width, height, samples, bits, pieces, isPlanar } = page;
  const count = width * height * samples;
  if ((count * bits) / 8 > file.length * mostExpansion) throw cut();
  const values = bits === 8 ? new Uint8Array(count) : new Uint16Array(count);
  const across = Math.ceil(width / pieces.width);
  const down = Math.ceil(height / pieces.height);
  const planes = isPlanar ? samples : 1;
  if (pieces.at.length < across * down * planes) throw cut();
  for (let plane = 0; plane < planes; plane++) {
    for (let i = 0; i < across * down; i++) {
      const left = (i % across) * pieces.width;
      const top = Math.floor(i / across) * pieces.height;
      await placePiece(file, page, plane * across * down + i, { left, top, plane }, values);
    }
  }
  return { page, values };
}

function cut() {
  return damagedImage('tiff', sentence`ends-too-early: it ends too early`);
}

async function placePiece(
  file: Uint8Array,
  page: TiffPage,
  index: number,
  { left, top, plane }: { left: number; top: number; plane: number },
  values: TiffPixels['values'],
): Promise<void> {
  const { width, height, samples, bits, pieces, isPlanar, isLittle } = page;
  // Tiles are whole at the edges; the last strip is not.
  const rows = pieces.isTiled ? pieces.height : Math.min(pieces.height, height - top);
  const beside = isPlanar ? 1 : samples;
  const line = pieces.width * beside;
  const length = (line * rows * bits) / 8;
  const [start, packedBytes] = [pieces.at[index]!, pieces.bytes[index]!];
  if (start + packedBytes > file.length || length > packedBytes * mostExpansion) throw cut();
  const bytes = await unpack(file.subarray(start, start + packedBytes), page.compression, length);
  if (!bytes) throw cut();
  const piece = toWords(bytes, bits, isLittle);
  if (page.isPredicted) undoPrediction(piece, line, beside);
  const columns = Math.min(pieces.width, width - left);
  for (let y = 0; y < Math.min(rows, height - top); y++) {
    let to = ((top + y) * width + left) * samples + plane;
    const from = y * line;
    if (isPlanar) for (let x = 0; x < columns; x++, to += samples) values[to] = piece[from + x]!;
    else values.set(piece.subarray(from, from + columns * samples), to);
  }
}

function toWords(bytes: Uint8Array<ArrayBuffer>, bits: number, isLittle: boolean) {
  if (bits === 8) return bytes;
  const words = new Uint16Array(bytes.buffer);
  if (!isLittle) for (let i = 0; i < words.length; i++) words[i] = (words[i]! << 8) | (words[i]! >> 8);
  return words;
}

/** Each sample is the difference to the pixel on its left (TIFF 6.0, section 14). */
function undoPrediction(values: Uint8Array | Uint16Array, line: number, samples: number): void {
  for (let start = 0; start < values.length; start += line) {
    const end = Math.min(start + line, values.length);
    for (let i = start + samples; i < end; i++) values[i] = values[i]! + values[i - samples]!;
  }
}
