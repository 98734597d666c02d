import { damaged } from './codec.ts';

const headerBytes = 64;
const mostSegments = 15;

/**
 * RLE Lossless (PS3.5, annex G): a segment for each byte of each sample, the most significant first. Gives the bytes that a native
 * frame would have, little endian, a pixel's samples beside one another: `pixels` * `samples` * `bytesPerSample`.
 */
export function decodeRle(
  frame: Uint8Array,
  pixels: number,
  samples: number,
  bytesPerSample: number,
): Uint8Array<ArrayBuffer> {
  if (frame.length < headerBytes) throw damaged('RLE header');
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const segments = view.getUint32(0, true);
  const pixelBytes = samples * bytesPerSample;
  if (segments !== pixelBytes || segments > mostSegments) throw damaged(`${segments} RLE segments`);
  const offsets = Array.from({ length: segments }, (_, i) => view.getUint32(4 + 4 * i, true));
  // Two bytes become 128 at most.
  if (pixels * pixelBytes > frame.length * 64) throw damaged('RLE segment ends early');
  const out = new Uint8Array(pixels * pixelBytes);
  for (const [i, start] of offsets.entries()) {
    const end = offsets[i + 1] ?? frame.length;
    if (start < headerBytes || end < start || end > frame.length) throw damaged('RLE offset');
    const sample = Math.floor(i / bytesPerSample);
    const byte = bytesPerSample - 1 - (i % bytesPerSample);
    unpackSegment(frame.subarray(start, end), out, sample * bytesPerSample + byte, pixelBytes);
  }
  return out;
}

/** Writes a byte at `to` and every `step` after it until `out` is full. */
function unpackSegment(segment: Uint8Array, out: Uint8Array, first: number, step: number): void {
  const { length } = out;
  let to = first;
  let at = 0;
  while (to < length) {
    if (at >= segment.length) throw damaged('RLE segment ends early');
    const control = segment[at++]!;
    if (control < 128) {
      const run = Math.min(control + 1, Math.ceil((length - to) / step));
      if (at + run > segment.length) throw damaged('RLE segment ends early');
      for (let i = 0; i < run; i++, to += step) out[to] = segment[at + i]!;
      at += control + 1;
    } else if (control > 128) {
      if (at >= segment.length) throw damaged('RLE segment ends early');
      const value = segment[at++]!;
      for (let i = 257 - control; i > 0 && to < length; i--, to += step) out[to] = value;
    }
  }
}
