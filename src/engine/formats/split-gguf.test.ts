import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type MetadataEntry, writeGguf } from '../../../test/support/gguf-writer.ts';
import { type SplitOptions, splitGguf } from '../../../test/support/split-gguf.ts';
import { createTokenizer } from '../tokenizer/tokenizer.ts';
import { readVocabulary } from '../tokenizer/vocabulary.ts';
import { type ByteSource, bytesSource } from './byte-source.ts';
import { parseGguf } from './gguf.ts';
import { joinShards } from './split-gguf.ts';

const nano = new Uint8Array(
  readFileSync(new URL('../../../public/models/nano-chat/nano-chat-q8_0.gguf', import.meta.url)),
);

const sources = (parts: readonly Uint8Array[]) => parts.map(bytesSource);
const wholeOf = (source: ByteSource) => source.read(0, source.bytes);

describe('the parts of the nano chat model', () => {
  it.each<[string, number, SplitOptions]>([
    ['2', 2, {}],
    ['3', 3, {}],
    ['4, the first without tensors', 4, { isFirstEmpty: true }],
  ])('%s are the file that they were, byte for byte', async (_, count, options) => {
    const joined = await joinShards(sources(await splitGguf(nano, count, options)));
    expect(joined.bytes).toBe(nano.length);
    expect(Buffer.compare(await wholeOf(joined), nano)).toBe(0);
  });

  it('may come in any order', async () => {
    const [a, b, c] = sources(await splitGguf(nano, 3)) as [ByteSource, ByteSource, ByteSource];
    const joined = await joinShards([c, a, b]);
    expect(Buffer.compare(await wholeOf(joined), nano)).toBe(0);
  });

  it('parse to the same tensors, properties and tokens', async () => {
    const joined = await parseGguf(await joinShards(sources(await splitGguf(nano, 3))));
    const whole = await parseGguf(bytesSource(nano));
    expect(joined).toEqual(whole);
    const [ours, theirs] = [joined, whole].map(file => createTokenizer(readVocabulary(file.metadata)));
    const text = 'What is asthma? Éclair, 37.5 °C.';
    expect(ours!.encode(text)).toEqual(theirs!.encode(text));
  });
});

describe('reads', () => {
  it('of a tensor hand on what the part gives, without a copy', async () => {
    const parts = await splitGguf(nano, 3);
    const joined = await joinShards(sources(parts));
    const { tensors } = await parseGguf(joined);
    const buffers = new Set<ArrayBufferLike>(parts.map(part => part.buffer));
    for (const { offset, bytes } of tensors) {
      const data = await joined.read(offset, bytes);
      expect(buffers.has(data.buffer)).toBe(true);
    }
  });

  it('may cross from one part into the next, at every byte around the seam', async () => {
    const file = writeGguf({
      metadata: [['general.architecture', 'string', 'llama']],
      tensors: tensorsOf(['a', 'b', 'c'], 12),
    });
    const joined = await joinShards(sources(await splitGguf(file, 3)));
    const { dataOffset } = await parseGguf(joined);
    for (let from = dataOffset - 3; from < file.length; from++) {
      for (const length of [0, 1, 31, file.length - from]) {
        if (from + length > file.length) continue;
        expect(await joined.read(from, length)).toEqual(file.subarray(from, from + length));
      }
    }
    await expect(joined.read(file.length - 1, 2)).rejects.toMatchObject({ code: 'truncated-model' });
    await expect(joined.read(-1, 2)).rejects.toMatchObject({ code: 'truncated-model' });
  });

  it('read headers alone while joining', async () => {
    let bytesRead = 0;
    const parts = sources(await splitGguf(nano, 3)).map(part => ({
      bytes: part.bytes,
      read(offset: number, length: number) {
        bytesRead += length;
        return part.read(offset, length);
      },
    }));
    await joinShards(parts);
    // A window for each part's header, and the properties once more.
    expect(bytesRead).toBeLessThan(1.2 * 2 ** 20);
  });
});

it('keeps every property as it was, whatever its type, and a wide alignment', async () => {
  const metadata: MetadataEntry[] = [
    ['general.architecture', 'string', 'llama'],
    ['a', 'u8', 200],
    ['b', 'i64', -5n],
    ['c', 'u64', 7n],
    ['d', 'f64', 0.1],
    ['e', 'bool', true],
    ['f', 'i16[]', [-1, 2]],
    ['g', 'string[]', []],
    ['h', 'u64[]', [1n, 2n]],
  ];
  const file = writeGguf({ metadata, tensors: tensorsOf(['a', 'b', 'c', 'd'], 20), alignment: 256 });
  const joined = await joinShards(sources(await splitGguf(file, 2)));
  expect(await wholeOf(joined)).toEqual(file);
});

it('leaves a whole file as it is', async () => {
  const source = bytesSource(nano);
  expect(await joinShards([source])).toBe(source);
  // What gguf-split leaves in a file that it merged.
  const merged = bytesSource(writeGguf({ metadata: [['split.count', 'u16', 0]] }));
  expect(await joinShards([merged])).toBe(merged);
});

describe('refuses', () => {
  const small = (names: string[], architecture = 'llama') =>
    writeGguf({
      metadata: [['general.architecture', 'string', architecture]],
      tensors: tensorsOf(names, 8),
    });
  const three = () => splitGguf(small(['a', 'b', 'c']), 3);
  const join = (parts: readonly Uint8Array[], names?: string[]) => joinShards(sources(parts), names);

  it.each([
    [[0], 'This is part 1 of 3 of a model: parts 2 and 3 are missing.'],
    [[2], 'This is part 3 of 3 of a model: parts 1 and 2 are missing.'],
    [[2, 0], 'This model comes in 3 parts: part 2 is missing.'],
  ])('the parts %j alone', async (present, message) => {
    const parts = await three();
    await expect(join(present.map(index => parts[index]!))).rejects.toMatchObject({
      code: 'part-missing',
      message,
      advice: expect.stringContaining('-00001-of-00003.gguf to -00003-of-00003.gguf'),
    });
  });

  it('one of very many without naming them all', async () => {
    const [first] = await splitGguf(small(['a', 'b']), 2, { count: 900 });
    await expect(join([first!])).rejects.toThrow(
      'This is part 1 of 900 of a model: the other 899 parts are missing.',
    );
  });

  it('a part that is there twice', async () => {
    const [a, b] = (await three()) as [Uint8Array, Uint8Array];
    await expect(join([a, b, b])).rejects.toMatchObject({
      code: 'part-mismatch',
      message: 'Part 2 of 3 is there twice.',
    });
  });

  const foreign: [string, () => Promise<Uint8Array[]>, string][] = [
    ['models in more parts', () => splitGguf(small(['x', 'y']), 2), 'one is of a model in'],
    ['models of more tensors', () => splitGguf(small(['d', 'e', 'f', 'g']), 3), 'a model of 3 tensors'],
    ['models with the same tensors elsewhere', () => splitGguf(small(['b', 'c', 'a']), 3), 'the tensor "c"'],
  ];
  it.each(foreign)('parts of two %s', async (_, makeOther, why) => {
    const [a, , c] = (await three()) as [Uint8Array, Uint8Array, Uint8Array];
    const other = await makeOther();
    const message = expect.stringContaining(why);
    await expect(join([a, other[1]!, c])).rejects.toMatchObject({ code: 'part-mismatch', message });
  });

  it('parts of two architectures', async () => {
    const parts = ['llama', 'clip'].map((architecture, index) =>
      writeGguf({ metadata: [['general.architecture', 'string', architecture], ...splitKeys(index, 2, 0)] }),
    );
    await expect(join(parts)).rejects.toThrow('one is of the kind "llama", another of the kind "clip"');
  });

  it('tensors that do not add up', async () => {
    await expect(join(await splitGguf(small(['a', 'b']), 2, { tensors: 5 }))).rejects.toMatchObject({
      code: 'part-mismatch',
      message: expect.stringContaining('they hold 2 tensors together, but the model has 5'),
    });
  });

  it('a whole model among parts, by its name', async () => {
    const [a, b] = (await three()) as [Uint8Array, Uint8Array];
    await expect(join([a, b, nano], ['a', 'b', 'nano.gguf'])).rejects.toThrow(
      'nano.gguf is a whole model, not a part of one',
    );
  });

  it('a part that was cut short, by its name', async () => {
    const parts = (await three()) as [Uint8Array, Uint8Array, Uint8Array];
    const cut = parts[1].subarray(0, parts[1].length - 32);
    const names = ['m-1', 'm-2', 'm-3'];
    await expect(join([parts[0], cut, parts[2]], names)).rejects.toMatchObject({
      code: 'truncated-model',
      message: expect.stringMatching(/^m-2: The file ends after/),
    });
  });

  it.each<[string, number, number, number, string]>([
    ['a number beyond the count', 3, 3, 0, '"split.no" is 3'],
    ['a negative count of tensors', 0, 3, -1, '"split.tensors.count" is -1'],
  ])('%s', async (_, number, count, tensors, message) => {
    const part = writeGguf({ metadata: splitKeys(number, count, tensors) });
    const expected = { code: 'invalid-model', message: expect.stringContaining(message) };
    await expect(join([part])).rejects.toMatchObject(expected);
  });
});

function tensorsOf(names: readonly string[], bytes: number) {
  return names.map((name, index) => ({
    name,
    type: 0,
    shape: [bytes / 4],
    data: new Uint8Array(bytes).fill(index + 1),
  }));
}

function splitKeys(number: number, count: number, tensors: number): MetadataEntry[] {
  return [
    ['split.no', 'u16', number],
    ['split.count', 'u16', count],
    ['split.tensors.count', 'i32', tensors],
  ];
}
