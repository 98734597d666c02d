import type { DataSet } from '../data-set/data-set.ts';
import type { LutDescriptor } from '../header/lookup-table.ts';

const segment = { discrete: 0, linear: 1, indirect: 2 };
/** As deep as a copied segment may copy others. */
const mostCopies = 8;
/** More segments than entries are made to keep a reader busy: copies of copies, and segments of nothing. */
const mostSegments = 2 * 65_536;

/**
 * A segmented palette's entries (PS3.3, C.7.9.2): listed, on a straight line from the last one, or copied from elsewhere in the
 * table. Undefined where there is none; of damaged ones there are fewer.
 */
export function expandSegments(
  dataSet: DataSet,
  which: number,
  { count, bits }: LutDescriptor,
): Uint16Array | undefined {
  const bytes = dataSet.bytes(which);
  if (!bytes) return undefined;
  const words = toWords(bytes, bits, dataSet.encoding.isLittle);
  const out = new Uint16Array(count);
  let length = 0;
  let expanded = 0;
  const put = (value: number) => {
    if (length < count) out[length++] = value;
  };
  const expand = (start: number, segments: number, depth: number): void => {
    let at = start;
    for (let done = 0; done < segments && at + 1 < words.length && length < count; done++) {
      if (++expanded > mostSegments) return;
      const [kind, size] = [words[at]!, words[at + 1]!];
      at += 2;
      if (kind === segment.discrete) {
        for (const value of words.subarray(at, at + size)) put(value);
        at += size;
      } else if (kind === segment.linear) {
        const from = out[length - 1] ?? 0;
        const to = words[at++] ?? from;
        for (let i = 1; i <= size; i++) put(Math.floor(from + ((to - from) * i) / size + 0.5));
      } else if (kind === segment.indirect && depth < mostCopies) {
        const offset = bits === 8 ? offsetOfBytes(words, at) : (words[at]! | (words[at + 1]! << 16)) >>> 1;
        at += bits === 8 ? 4 : 2;
        expand(offset, size, depth + 1);
      } else return;
    }
  };
  expand(0, Number.POSITIVE_INFINITY, 0);
  return out.subarray(0, length);
}

function toWords(bytes: Uint8Array, bits: number, isLittle: boolean): Uint8Array | Uint16Array {
  if (bits === 8) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint16Array.from({ length: bytes.length >> 1 }, (_, i) => view.getUint16(i * 2, isLittle));
}

/** Of 8-bit segments: the least significant of four bytes first. */
function offsetOfBytes(bytes: Uint8Array | Uint16Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}
