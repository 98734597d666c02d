import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../test/support/random.ts';
import {
  joinSafetensors,
  type StoredTensor,
  writeSafetensors,
} from '../../../test/support/safetensors-writer.ts';
import { FormatError } from '../errors.ts';
import { bytesSource } from './byte-source.ts';
import { parseSafetensors } from './safetensors.ts';

const tensors: StoredTensor[] = [
  { name: 'matrix', dtype: 'BF16', shape: [3, 4], data: new Uint8Array(24).fill(1) },
  { name: 'vector', dtype: 'F32', shape: [5], data: new Uint8Array(20).fill(2) },
  { name: 'scalar', dtype: 'I64', shape: [], data: new Uint8Array(8).fill(3) },
  { name: 'nothing', dtype: 'F16', shape: [0, 7], data: new Uint8Array(0) },
];
const file = writeSafetensors(tensors);

async function codeOf(bytes: Uint8Array): Promise<string> {
  try {
    await parseSafetensors(bytesSource(bytes));
    return 'parsed';
  } catch (error) {
    if (error instanceof FormatError) return error.code;
    throw error;
  }
}

const header = (entries: Record<string, unknown>, dataBytes = 0) =>
  joinSafetensors(JSON.stringify(entries), [new Uint8Array(dataBytes)]);

describe('a safetensors header', () => {
  it('says where each tensor lies', async () => {
    const parsed = await parseSafetensors(bytesSource(file));
    expect([...parsed.keys()].sort()).toEqual(['matrix', 'nothing', 'scalar', 'vector']);
    const end = file.length;
    expect(parsed.get('matrix')).toEqual({
      name: 'matrix',
      dtype: 'BF16',
      shape: [3, 4],
      bytes: 24,
      offset: end - 52,
    });
    expect(file[parsed.get('vector')!.offset]).toBe(2);
    expect(file[parsed.get('scalar')!.offset]).toBe(3);
    expect(parsed.get('scalar')!.shape).toEqual([]);
    expect(parsed.get('nothing')!.bytes).toBe(0);
  });

  it('may name a tensor as it likes', async () => {
    const entry = (at: number) => ({ dtype: 'U8', shape: [1], data_offsets: [at, at + 1] });
    const text = `{"__proto__":${JSON.stringify(entry(0))},"constructor":${JSON.stringify(entry(1))}}`;
    const parsed = await parseSafetensors(bytesSource(joinSafetensors(text, [new Uint8Array(2)])));
    expect([...parsed.keys()]).toEqual(['__proto__', 'constructor']);
  });

  it.each([
    ['a number for a header', joinSafetensors('17', []), 'invalid-model'],
    ['no JSON', joinSafetensors('{"a":', []), 'invalid-model'],
    ['bytes that are no text', joinSafetensors('{}', []).fill(0xff, 8), 'invalid-model'],
    ['an entry that is no table', header({ a: 1 }), 'invalid-model'],
    ['no type', header({ a: { shape: [1], data_offsets: [0, 1] } }, 1), 'invalid-model'],
    [
      'an unknown type',
      header({ a: { dtype: 'X9', shape: [1], data_offsets: [0, 1] } }, 1),
      'unsupported-model',
    ],
    [
      'a type of every object',
      header({ a: { dtype: 'toString', shape: [], data_offsets: [0, 0] } }),
      'unsupported-model',
    ],
    [
      'a negative size',
      header({ a: { dtype: 'U8', shape: [-1], data_offsets: [0, 1] } }, 1),
      'invalid-model',
    ],
    ['half a size', header({ a: { dtype: 'U8', shape: [0.5], data_offsets: [0, 1] } }, 1), 'invalid-model'],
    ['one offset', header({ a: { dtype: 'U8', shape: [1], data_offsets: [0] } }, 1), 'invalid-model'],
    [
      'offsets that run backwards',
      header({ a: { dtype: 'U8', shape: [1], data_offsets: [1, 0] } }, 1),
      'invalid-model',
    ],
    [
      'fewer bytes than the shape',
      header({ a: { dtype: 'F32', shape: [2], data_offsets: [0, 4] } }, 4),
      'invalid-model',
    ],
    [
      'a size past exact numbers',
      header({ a: { dtype: 'U8', shape: [2 ** 40, 2 ** 40], data_offsets: [0, 1] } }, 1),
      'invalid-model',
    ],
    ['a gap', header({ a: { dtype: 'U8', shape: [1], data_offsets: [1, 2] } }, 2), 'invalid-model'],
    [
      'an overlap',
      header(
        {
          a: { dtype: 'U8', shape: [2], data_offsets: [0, 2] },
          b: { dtype: 'U8', shape: [2], data_offsets: [1, 3] },
        },
        3,
      ),
      'invalid-model',
    ],
    ['bytes left over', header({ a: { dtype: 'U8', shape: [1], data_offsets: [0, 1] } }, 2), 'invalid-model'],
    [
      'tensors past the end',
      header({ a: { dtype: 'U8', shape: [9], data_offsets: [0, 9] } }, 1),
      'truncated-model',
    ],
  ])('with %s is refused', async (_what, bytes, code) => {
    expect(await codeOf(bytes)).toBe(code);
  });

  it('of an absurd length is refused without being read', async () => {
    const bytes = file.slice();
    new DataView(bytes.buffer).setBigUint64(0, 2n ** 62n, true);
    expect(await codeOf(bytes)).toBe('invalid-model');
  });

  it('is refused wherever the file is cut', async () => {
    for (let length = 0; length < file.length; length++) {
      expect(await codeOf(file.subarray(0, length)), `cut at ${length}`).toBe('truncated-model');
    }
  });

  it('of 3,000 damaged files is refused or read consistently', async () => {
    const random = seededRandom(5);
    const headerBytes = file.length - 52;
    let refused = 0;
    for (let round = 0; round < 3000; round++) {
      const bytes = file.slice();
      for (let hit = 0; hit <= random() * 3; hit++) {
        // Digits and marks break the structure in more interesting ways than bytes that end the JSON.
        const at = Math.floor(random() * headerBytes);
        bytes[at] =
          random() < 0.7 ? '0123456789,[]{}":'.charCodeAt(Math.floor(random() * 17)) : random() * 256;
      }
      try {
        for (const tensor of (await parseSafetensors(bytesSource(bytes))).values()) {
          expect(tensor.offset + tensor.bytes).toBeLessThanOrEqual(bytes.length);
        }
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(1000);
    expect(refused).toBeLessThan(3000);
  });
});
