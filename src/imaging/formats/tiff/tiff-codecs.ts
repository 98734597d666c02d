import type { TiffCompression } from './tiff-page.ts';

/** Unpacks a piece to `length` bytes. What is missing is undefined: the picture is not whole. */
export async function unpack(
  packed: Uint8Array,
  compression: TiffCompression,
  length: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  switch (compression) {
    case 'none':
      return packed.length < length ? undefined : packed.slice(0, length);
    case 'packbits':
      return unpackBits(packed, length);
    case 'lzw':
      return unpackLzw(packed, length);
    case 'deflate':
      return inflate(packed, length);
  }
}

/** TIFF 6.0, section 9. */
function unpackBits(packed: Uint8Array, length: number): Uint8Array<ArrayBuffer> | undefined {
  const out = new Uint8Array(length);
  let [at, to] = [0, 0];
  while (to < length) {
    const control = packed[at++];
    if (control === undefined) return undefined;
    if (control === 128) continue;
    const count = control < 128 ? control + 1 : 257 - control;
    const end = Math.min(to + count, length);
    if (control < 128) {
      if (at + count > packed.length) return undefined;
      out.set(packed.subarray(at, at + end - to), to);
      at += count;
    } else {
      const value = packed[at++];
      if (value === undefined) return undefined;
      out.fill(value, to, end);
    }
    to = end;
  }
  return out;
}

const clear = 256;
const endOfInformation = 257;

/** TIFF 6.0, section 13: codes of 9 to 12 bits, the highest first, which grow one code early. */
function unpackLzw(packed: Uint8Array, length: number): Uint8Array<ArrayBuffer> | undefined {
  const out = new Uint8Array(length);
  // A code's string is that of `prefix` and one byte more; where it was last written tells it.
  const starts = new Int32Array(4096);
  const lengths = new Int32Array(4096);
  let [next, bits, to] = [258, 9, 0];
  let [before, beforeLength] = [-1, 0];
  let [buffer, count, at] = [0, 0, 0];
  while (to < length) {
    while (count < bits) {
      const byte = packed[at++];
      if (byte === undefined) return undefined;
      buffer = (buffer << 8) | byte;
      count += 8;
    }
    count -= bits;
    const code = (buffer >>> count) & ((1 << bits) - 1);
    if (code === endOfInformation) return undefined;
    if (code === clear) {
      [next, bits, before] = [258, 9, -1];
      continue;
    }
    const start = to;
    if (code < clear) out[to++] = code;
    else if (code < next) to = copy(out, starts[code]!, lengths[code]!, to);
    else if (code === next && before >= 0) {
      to = copy(out, before, beforeLength, to);
      if (to < length) out[to++] = out[before]!;
    } else return undefined;
    if (before >= 0 && next < 4096) {
      // The string before and the first byte of this one: they lie beside one another in what was written.
      starts[next] = before;
      lengths[next] = beforeLength + 1;
      next++;
      if (next === (1 << bits) - 1 && bits < 12) bits++;
    }
    before = start;
    beforeLength = to - start;
  }
  return out;
}

/** Byte by byte: source and target may overlap. Returns where it ended. */
function copy(out: Uint8Array, from: number, length: number, to: number): number {
  const end = Math.min(to + length, out.length);
  for (let i = from, at = to; at < end; i++, at++) out[at] = out[i]!;
  return end;
}

/** A zlib stream, as far as it is needed. */
async function inflate(packed: Uint8Array, length: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const stream = new DecompressionStream('deflate');
  const writer = stream.writable.getWriter();
  const reader = stream.readable.getReader();
  const writing = writer.write(packed.slice()).then(() => writer.close());
  // Its failure is the reader's too, and is heard there.
  writing.catch(() => undefined);
  const out = new Uint8Array(length);
  let to = 0;
  try {
    while (to < length) {
      const { done, value } = await reader.read();
      if (done) return undefined;
      out.set(value.subarray(0, length - to), to);
      to += value.length;
    }
    return out;
  } catch {
    return undefined;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
