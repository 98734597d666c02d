import { abortedError } from '../errors.ts';
import type { ByteSource } from './byte-source.ts';

/** Where in a source some bytes lie. */
export interface ByteRange {
  offset: number;
  bytes: number;
}

/** Reads that are under way while a piece is being worked on: one that is likely there already, and the one behind it. */
const readsAhead = 2;

/**
 * Reads ranges in order, the next ones while the caller works on the one it was handed: at most three are in memory.
 * What is wrong with a range shows when its turn comes, so whatever the caller finds wrong with an earlier one wins.
 * @throws `aborted`, what the source rejects with
 */
export async function* readAhead<Range extends ByteRange>(
  source: ByteSource,
  ranges: Iterable<Range>,
  signal?: AbortSignal,
): AsyncGenerator<{ range: Range; bytes: Uint8Array }, void, undefined> {
  const rest = ranges[Symbol.iterator]();
  const reading: { range: Range; bytes: Promise<Uint8Array> }[] = [];
  const fill = () => {
    while (reading.length < readsAhead) {
      const { value: range, done } = rest.next();
      if (done) return;
      const bytes = source.read(range.offset, range.bytes);
      // Its turn may never come; the error is then nobody's.
      bytes.catch(() => undefined);
      reading.push({ range, bytes });
    }
  };
  const check = () => {
    if (signal?.aborted) throw abortedError();
  };
  for (;;) {
    check();
    fill();
    const next = reading.shift();
    if (!next) return;
    const bytes = await next.bytes;
    check();
    fill();
    yield { range: next.range, bytes };
  }
}
