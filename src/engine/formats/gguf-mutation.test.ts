import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { writeGguf } from '../../../test/support/gguf-writer.ts';
import { FormatError } from '../errors.ts';
import { blockFormatOf, GgmlType } from '../quant/block-formats.ts';
import { type ByteSource, bytesSource } from './byte-source.ts';
import { type GgufFile, parseGguf } from './gguf.ts';

const small = writeGguf({
  alignment: 64,
  metadata: [
    ['general.architecture', 'string', 'llama'],
    ['llama.block_count', 'u32', 1],
    ['llama.rope.freq_base', 'f32', 10000],
    ['tokenizer.ggml.add_bos_token', 'bool', 1],
    ['tokenizer.ggml.tokens', 'string[]', ['<unk>', '<s>', '</s>', '▁a', '心']],
    ['tokenizer.ggml.scores', 'f32[]', [0, 0, 0, -1, -2]],
    ['tokenizer.ggml.token_type', 'i32[]', [2, 3, 3, 1, 1]],
    ['size', 'u64', 12345],
    ['flags', 'bool[]', [1, 0, 1]],
  ],
  tensors: [
    { name: 'token_embd.weight', type: GgmlType.Q8_0, shape: [32, 5], data: new Uint8Array(170) },
    { name: 'output_norm.weight', type: GgmlType.F32, shape: [32], data: new Uint8Array(128) },
    { name: 'blk.0.ffn_down.weight', type: GgmlType.Q4_K, shape: [256, 2], data: new Uint8Array(288) },
    { name: 'v.patch_embd.weight', type: GgmlType.F16, shape: [2, 2, 3, 4], data: new Uint8Array(96) },
  ],
});
const nano = new Uint8Array(
  readFileSync(new URL('../../../public/models/nano-chat/nano-chat-q8_0.gguf', import.meta.url)),
);

/** mulberry32: the same numbers in [0, 1) from the same seed. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Account {
  source: ByteSource;
  bytesRead: number;
  largestRead: number;
}

function accounted(data: Uint8Array): Account {
  const inner = bytesSource(data);
  const account: Account = {
    bytesRead: 0,
    largestRead: 0,
    source: {
      bytes: inner.bytes,
      read(offset, length) {
        account.bytesRead += length;
        account.largestRead = Math.max(account.largestRead, length);
        return inner.read(offset, length);
      },
    },
  };
  return account;
}

/** Everything that the rest of the engine relies on without looking again. */
function inconsistencies(file: GgufFile, fileBytes: number): string[] {
  const wrong: string[] = [];
  const names = new Set<string>();
  const ranges: [number, number][] = [];
  for (const { name, type, typeName, shape, elements, bytes, offset } of file.tensors) {
    const format = blockFormatOf(type);
    if (format.name !== typeName) wrong.push(`${name}: type`);
    if (names.has(name)) wrong.push(`${name}: twice`);
    names.add(name);
    if (shape.length < 1 || shape.length > 4 || shape.some(size => !(size >= 1)))
      wrong.push(`${name}: shape`);
    const product = shape.reduce((all, size) => all * BigInt(size), 1n);
    if (BigInt(elements) !== product) wrong.push(`${name}: elements`);
    if (shape[0]! % format.blockElements !== 0) wrong.push(`${name}: blocks`);
    const exact = (product / BigInt(format.blockElements)) * BigInt(format.blockBytes);
    if (BigInt(bytes) !== exact) wrong.push(`${name}: bytes`);
    if ((offset - file.dataOffset) % file.alignment !== 0 || offset < file.dataOffset)
      wrong.push(`${name}: aligned`);
    if (offset + bytes > fileBytes) wrong.push(`${name}: past the end`);
    ranges.push([offset, offset + bytes]);
  }
  ranges.sort((a, b) => a[0] - b[0]);
  for (let i = 1; i < ranges.length; i++) if (ranges[i - 1]![1] > ranges[i]![0]) wrong.push('overlap');
  return wrong;
}

/** What became of a parse: nothing wrong with it, a refusal by its code, or a fault of ours. */
async function outcome(data: Uint8Array, account: Account): Promise<string> {
  try {
    const file = await parseGguf(account.source);
    return inconsistencies(file, data.length).join(', ') || 'consistent';
  } catch (error) {
    return error instanceof FormatError ? 'refused' : `threw ${String(error)}`;
  }
}

async function mutate(original: Uint8Array, headerBytes: number, rounds: number, seed: number) {
  const random = seededRandom(seed);
  const tally = new Map<string, number>();
  let largestRead = 0;
  let mostRead = 0;
  const data = original.slice();
  for (let round = 0; round < rounds; round++) {
    const places = Array.from({ length: 1 + Math.floor(random() * 8) }, () =>
      Math.floor(random() * headerBytes),
    );
    // Half of the time a value that counts, sizes and types are sensitive to; else any byte.
    for (const at of places) {
      data[at] =
        random() < 0.5 ? [0, 1, 2, 8, 9, 0x7f, 0x80, 0xff][Math.floor(random() * 8)]! : random() * 256;
    }
    const account = accounted(data);
    const result = await outcome(data, account);
    tally.set(result, (tally.get(result) ?? 0) + 1);
    largestRead = Math.max(largestRead, account.largestRead);
    mostRead = Math.max(mostRead, account.bytesRead);
    for (const at of places) data[at] = original[at]!;
  }
  return { tally, largestRead, mostRead };
}

describe('a damaged header', () => {
  it('is refused wherever the file is cut', async () => {
    const { dataOffset, tensors } = await parseGguf(bytesSource(small));
    const last = tensors.at(-1)!;
    for (let length = 0; length < last.offset + last.bytes; length++) {
      const error = await parseGguf(bytesSource(small.subarray(0, length))).then(
        () => 'parsed',
        (thrown: unknown) => thrown,
      );
      expect(error, `cut at ${length}`).toBeInstanceOf(FormatError);
      expect((error as FormatError).code, `cut at ${length}`).toBe(
        length === 0 ? 'not-gguf' : 'truncated-model',
      );
    }
    expect(dataOffset).toBeGreaterThan(500);
  });

  it('of 10,000 small files is refused or read consistently, with no more read than there is', async () => {
    const { dataOffset } = await parseGguf(bytesSource(small));
    const { tally, largestRead, mostRead } = await mutate(small, dataOffset, 10_000, 1);
    expect([...tally.keys()].sort()).toEqual(['consistent', 'refused']);
    expect(tally.get('refused')).toBeGreaterThan(5000);
    // One window holds the whole file: what is allocated on top of it was proven to be in it.
    expect(largestRead).toBeLessThanOrEqual(small.length);
    expect(mostRead).toBeLessThanOrEqual(small.length);
  });

  it('of 400 copies of the real model is refused or read consistently, from bounded reads', async () => {
    const { dataOffset } = await parseGguf(bytesSource(nano));
    const { tally, largestRead, mostRead } = await mutate(nano, dataOffset, 400, 2);
    expect([...tally.keys()].sort()).toEqual(['consistent', 'refused']);
    // A read is one window, or one list of at most a million 8-byte numbers. Bytes are read again only where the
    // next item starts in one window and ends past it, so at most twice.
    expect(largestRead).toBeLessThanOrEqual(8 * 2 ** 20);
    expect(mostRead).toBeLessThanOrEqual(2 * nano.length);
  });

  it('of the real model is refused or read consistently when its structure is hit', async () => {
    // The first 1,100 bytes hold the counts and the scalar properties; the last 4,000 the tensor descriptions.
    const { dataOffset } = await parseGguf(bytesSource(nano));
    const tail = await mutateRange(dataOffset - 4000, dataOffset, 400, 3);
    const head = await mutateRange(0, 1100, 400, 4);
    expect([...new Set([...tail, ...head])].sort()).toEqual(['consistent', 'refused']);
  });
});

async function mutateRange(from: number, to: number, rounds: number, seed: number): Promise<Set<string>> {
  const random = seededRandom(seed);
  const results = new Set<string>();
  const data = nano.slice();
  for (let round = 0; round < rounds; round++) {
    const at = from + Math.floor(random() * (to - from));
    data[at] = random() * 256;
    results.add(await outcome(data, accounted(data)));
    data[at] = nano[at]!;
  }
  return results;
}

describe('a hostile header in a file that claims to be a terabyte', () => {
  /** A sparse file: the given bytes, then zeros as far as it is asked to go. */
  function sparse(start: Uint8Array, bytes: number): Account {
    const account: Account = {
      bytesRead: 0,
      largestRead: 0,
      source: {
        bytes,
        async read(offset, length) {
          account.bytesRead += length;
          account.largestRead = Math.max(account.largestRead, length);
          const out = new Uint8Array(length);
          out.set(start.subarray(Math.min(offset, start.length), Math.min(offset + length, start.length)));
          return out;
        },
      },
    };
    return account;
  }

  it.each([
    ['f64', 12],
    ['string', 8],
    ['bool', 7],
    ['u64', 10],
  ])('cannot make a list of %s read more than it is allowed', async (_name, type) => {
    const header = writeGguf({ metadata: [['k', 'u8[]', []]] }).slice();
    const view = new DataView(header.buffer);
    const at = 24 + 8 + 1 + 4; // after magic, counts, key and value type: element type, count
    view.setUint32(at, type, true);
    view.setBigUint64(at + 4, 2n ** 20n, true);
    const account = sparse(header.subarray(0, at + 12), 2 ** 40);
    const file = await parseGguf(account.source);
    expect((file.metadata.get('k') as ArrayLike<unknown>).length).toBe(2 ** 20);
    expect(account.largestRead).toBeLessThanOrEqual(8 * 2 ** 20);
    expect(account.bytesRead).toBeLessThanOrEqual(10 * 2 ** 20);
  });

  it('is refused at the first of 65,536 nameless tensors', async () => {
    const header = writeGguf({}).slice();
    new DataView(header.buffer).setBigUint64(8, 65536n, true);
    const account = sparse(header, 2 ** 40);
    await expect(parseGguf(account.source)).rejects.toThrow('Tensor 1 has no name');
    expect(account.bytesRead).toBeLessThanOrEqual(256 * 1024);
  });
});
