import { describe, expect, it } from 'vitest';
import {
  ByteWriter,
  type MetadataEntry,
  type WriterTensor,
  writeGguf,
} from '../../../test/support/gguf-writer.ts';
import { type ErrorCode, FormatError } from '../errors.ts';
import { GgmlType } from '../quant/block-formats.ts';
import { bytesSource } from './byte-source.ts';
import { parseGguf } from './gguf.ts';

const data = new Uint8Array(64);
const tensor: WriterTensor = { name: 'a', type: GgmlType.F32, shape: [16], data };
const withTensor = (change: Partial<WriterTensor>) => writeGguf({ tensors: [{ ...tensor, ...change }] });
const withProperty = (...metadata: MetadataEntry[]) => writeGguf({ metadata, tensors: [tensor] });

/** Magic, version, counts; then whatever the case writes. Ends in enough zeros for counts to be believable. */
function raw(tensors: number | bigint, properties: number | bigint, write?: (out: ByteWriter) => void) {
  const out = new ByteWriter().bytes('GGUF').u32(3).u64(tensors).u64(properties);
  write?.(out);
  return out.zeros(4096).finish();
}

const key = (out: ByteWriter, type: number) => out.string('k').u32(type);
const array = (out: ByteWriter, type: number, count: number | bigint) => key(out, 9).u32(type).u64(count);

const cases: [name: string, bytes: Uint8Array, says: RegExp, code?: ErrorCode][] = [
  ['version 0', writeGguf({ version: 0 }), /no GGUF version 0/],
  ['version 1', writeGguf({ version: 1 }), /version 1/, 'unsupported-model'],
  ['version 4', writeGguf({ version: 4 }), /version 4, newer/, 'unsupported-model'],
  ['an absurd version', writeGguf({ version: 0xdeadbeef }), /no GGUF version 3735928559/],
  ['a big-endian version', writeGguf({ version: 0x03000000 }), /big-endian/, 'unsupported-model'],

  ['more tensors than any model has', raw(65537, 0), /65,537 tensors/],
  ['a tensor count beyond numbers', raw(2n ** 63n, 0), /number of tensors is impossibly large/],
  ['more properties than any model has', raw(0, 4097), /4,097 properties/],
  ['a property count beyond numbers', raw(0, 2n ** 64n - 1n), /number of properties is impossibly/],
  ['more tensors than bytes', raw(60000, 0), /file ends/, 'truncated-model'],
  ['more properties than bytes', raw(0, 4000), /file ends/, 'truncated-model'],

  ['an empty key', raw(0, 1, out => out.string('').u32(4).u32(1)), /Property 1 has no name/],
  ['a key of 1025 bytes', withProperty(['k'.repeat(1025), 'u32', 1]), /1,025 bytes, more than the 1,024/],
  ['a key longer than numbers', raw(0, 1, out => out.u64(2n ** 60n)), /impossibly large/],
  ['a key that is not UTF-8', raw(0, 1, out => out.string(Uint8Array.of(0xff, 0x61)).u32(4).u32(1)), /UTF-8/],
  ['a key twice', withProperty(['k', 'u32', 1], ['k', 'string', 'x']), /"k" appears twice/],
  ['an unknown value type', raw(0, 1, out => key(out, 13).u32(1)), /"k" has the unknown value type 13/],
  ['a huge value type', raw(0, 1, out => key(out, 0xffffffff).u32(1)), /unknown value type 4294967295/],
  ['a truth value of 2', withProperty(['k', 'bool', 2]), /1 or 0\) but is 2/],
  ['a truth value of 255 in a list', withProperty(['k', 'bool[]', [1, 0, 255]]), /but is 255/],
  ['an integer beyond numbers', withProperty(['k', 'u64', 2n ** 53n]), /"k" is impossibly large/],
  ['a negative integer beyond numbers', withProperty(['k', 'i64', -(2n ** 60n)]), /"k" is impossibly large/],
  ['a list integer beyond numbers', withProperty(['k', 'u64[]', [1, 2n ** 63n]]), /"k" is impossibly large/],
  ['a text over 1 MiB', withProperty(['k', 'string', 'x'.repeat(2 ** 20 + 1)]), /1,048,577 bytes/],
  ['a text past the end', raw(0, 1, out => key(out, 8).u64(100_000)), /in the middle of/, 'truncated-model'],
  ['a text with a negative length', raw(0, 1, out => key(out, 8).u64(2n ** 64n - 1n)), /impossibly large/],
  [
    'a text that is not UTF-8',
    withProperty(['k', 'string', Uint8Array.of(0xc3, 0x28)]),
    /"k" is not valid text/,
  ],
  [
    'a list piece that is not UTF-8',
    withProperty(['k', 'string[]', [Uint8Array.of(0x80)]]),
    /not valid text/,
  ],

  ['a list of lists', raw(0, 1, out => array(out, 9, 1).u32(4).u64(0)), /list of lists/],
  ['a list of an unknown type', raw(0, 1, out => array(out, 77, 1)), /unknown value type 77/],
  ['a list of over a million', raw(0, 1, out => array(out, 0, 2 ** 20 + 1)), /1,048,577 entries/],
  ['a list beyond numbers', raw(0, 1, out => array(out, 8, 2n ** 61n)), /impossibly large/],
  [
    'a list of numbers past the end',
    raw(0, 1, out => array(out, 12, 2 ** 20)),
    /file ends/,
    'truncated-model',
  ],
  ['a list of texts past the end', raw(0, 1, out => array(out, 8, 2 ** 20)), /file ends/, 'truncated-model'],
  ['a list piece past the end', raw(0, 1, out => array(out, 8, 2).u64(1e6)), /file ends/, 'truncated-model'],

  ['alignment 0', withProperty(['general.alignment', 'u32', 0]), /power of two/],
  ['alignment 48', withProperty(['general.alignment', 'u32', 48]), /is 48; it must be a power of two/],
  ['alignment 1', withProperty(['general.alignment', 'u32', 1]), /power of two/],
  ['alignment 2^31', withProperty(['general.alignment', 'u32', 2 ** 31]), /power of two/],
  ['alignment as u64', withProperty(['general.alignment', 'u64', 32]), /unsigned 32-bit/],
  ['alignment as text', withProperty(['general.alignment', 'string', '32']), /unsigned 32-bit/],

  ['a tensor without a name', withTensor({ name: '' }), /Tensor 1 has no name/],
  ['a tensor name of 65 bytes', withTensor({ name: 'n'.repeat(65) }), /65 bytes, more than the 64/],
  ['a tensor twice', writeGguf({ tensors: [tensor, tensor] }), /"a" appears twice/],
  ['no dimensions', withTensor({ shape: [] }), /0 dimensions/],
  ['five dimensions', withTensor({ shape: [16, 1, 1, 1, 1] }), /5 dimensions/],
  ['a row of zero', withTensor({ shape: [0] }), /Dimension 1 of the tensor "a" is 0/],
  ['a last dimension of zero', withTensor({ shape: [16, 0] }), /Dimension 2 of the tensor "a" is 0/],
  ['a negative dimension', withTensor({ shape: [2n ** 64n - 16n] }), /impossibly large/],
  ['a product that wraps to zero', withTensor({ shape: [2n ** 32n, 2n ** 32n] }), /"a" is impossibly large/],
  ['a product that wraps to four', withTensor({ shape: [2n ** 33n, 2n ** 31n, 1, 4] }), /impossibly large/],
  ['a product beyond numbers', withTensor({ shape: [2 ** 27, 2 ** 27] }), /"a" is impossibly large/],
  ['bytes beyond numbers', withTensor({ shape: [2 ** 26, 2 ** 26] }), /"a" is impossibly large/],
  ['a row of part blocks', withTensor({ type: GgmlType.Q4_0, shape: [16, 2] }), /16 weights.*32 of Q4_0/],
  ['a row of part superblocks', withTensor({ type: GgmlType.Q6_K, shape: [128, 2] }), /256 of Q6_K/],
  ['an unknown format', withTensor({ type: 999 }), /format number 999/, 'unsupported-type'],
  ['a negative format', withTensor({ type: 0xffffffff }), /format number 4294967295/, 'unsupported-type'],
  ['a withdrawn format', withTensor({ type: 31 }), /Q4_0_4_4/, 'unsupported-type'],
  ['an unaligned offset', withTensor({ offset: 8 }), /starts at 8.*multiple of 32/],
  ['an offset beyond numbers', withTensor({ offset: 2n ** 63n }), /impossibly large/],
  ['an offset past the end', withTensor({ offset: 4096 }), /tensors need/, 'truncated-model'],
  ['an offset at the end of numbers', withTensor({ offset: 2n ** 53n - 32n }), /need/, 'truncated-model'],
  ['data past the end', withTensor({ shape: [17] }), /tensors need/, 'truncated-model'],
  ['petabytes of data', withTensor({ shape: [2 ** 48] }), /tensors need/, 'truncated-model'],
  [
    'overlapping tensors',
    writeGguf({ tensors: [tensor, { ...tensor, name: 'b', offset: 32 }] }),
    /"a" and "b" overlap/,
  ],
  [
    'a tensor inside a later one',
    writeGguf({
      tensors: [
        { ...tensor, offset: 32 },
        { ...tensor, name: 'b', shape: [32], offset: 0 },
      ],
    }),
    /"b" and "a" overlap/,
  ],
  [
    'two tensors in one place',
    writeGguf({ tensors: [tensor, { ...tensor, name: 'b', offset: 0 }] }),
    /overlap/,
  ],
];

describe('parseGguf refuses', () => {
  it.each(cases)('%s', async (_name, bytes, says, code = 'invalid-model') => {
    const error = await parseGguf(bytesSource(bytes)).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(FormatError);
    const { message, code: actual, offset, advice } = error as FormatError;
    expect(message).toMatch(says);
    expect(actual).toBe(code);
    expect(offset).toBeGreaterThanOrEqual(0);
    expect(offset).toBeLessThanOrEqual(bytes.length);
    expect(advice).not.toBe('');
  });

  it('a header of more than 64 MiB, without keeping it all', async () => {
    const text = new Uint8Array(2 ** 20).fill(0x78);
    const writer = new ByteWriter().bytes('GGUF').u32(3).u64(0).u64(70);
    for (let i = 0; i < 70; i++) writer.string(`k${i}`).u32(8).string(text);
    await expect(parseGguf(bytesSource(writer.finish()))).rejects.toThrow('header is longer');
  });

  it('lists of more than four million entries in all', async () => {
    const writer = new ByteWriter().bytes('GGUF').u32(3).u64(0).u64(5);
    const million = new Uint8Array(2 ** 20);
    for (let i = 0; i < 5; i++) writer.string(`k${i}`).u32(9).u32(7).u64(million.length).bytes(million);
    await expect(parseGguf(bytesSource(writer.finish()))).rejects.toThrow('"k4" has 1,048,576 entries');
  });
});
