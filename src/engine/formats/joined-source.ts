import { type ByteSource, checkRange } from './byte-source.ts';

/** A run of bytes of a source, and where it stands in the joined one. */
export interface Segment {
  /** In the joined source. */
  start: number;
  bytes: number;
  source: ByteSource;
  /** In `source`. */
  from: number;
}

/**
 * One source of `bytes` bytes out of pieces of others; what no segment covers is zero. A read inside one segment hands on
 * what its source gives, without a copy.
 * @param segments in order, not overlapping
 */
export function joinedSource(segments: readonly Segment[], bytes: number): ByteSource {
  return {
    bytes,
    async read(offset, length) {
      checkRange({ bytes }, offset, length);
      const end = offset + length;
      let index = firstBehind(segments, offset);
      const first = segments[index];
      if (first && first.start <= offset && end <= first.start + first.bytes) {
        return first.source.read(first.from + offset - first.start, length);
      }
      const joined = new Uint8Array(length);
      for (; index < segments.length && segments[index]!.start < end; index++) {
        const segment = segments[index]!;
        const from = Math.max(offset, segment.start);
        const to = Math.min(end, segment.start + segment.bytes);
        joined.set(await segment.source.read(segment.from + from - segment.start, to - from), from - offset);
      }
      return joined;
    },
  };
}

/** The first segment that ends behind `offset`. */
function firstBehind(segments: readonly Segment[], offset: number): number {
  let [low, high] = [0, segments.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const { start, bytes } = segments[middle]!;
    if (start + bytes > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}
