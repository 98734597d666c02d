import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BedsideError } from '../errors.ts';
import { blockFormats, findBlockFormat, GgmlType, type GgmlTypeName } from './block-formats.ts';
import { canDequantize, dequantizeTensor } from './dequantize.ts';

interface Vectors {
  /** One block a format, from the numpy reference in the gguf package. */
  dequant: Record<string, { bytes_hex: string; values: number[] }>;
  bf16: { u16: number[]; f32: number[] };
}
const vectors: Vectors = JSON.parse(
  readFileSync(new URL('../../../test/fixtures/golden/model-test-vectors.json', import.meta.url), 'utf8'),
);

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof BedsideError) return error.code;
    throw error;
  }
  return 'none';
}

describe('dequantizeTensor', () => {
  const cases = Object.entries(vectors.dequant);

  it('has a reference block for every block format that it reads', () => {
    const readable = [...blockFormats.values()].filter(
      format => canDequantize(format.type) && format.blockElements > 1,
    );
    expect(readable.map(format => format.name).sort()).toEqual(cases.map(([name]) => name).sort());
  });

  it.each(cases)('%s equals the reference exactly', (name, { bytes_hex, values }) => {
    const type = GgmlType[name as GgmlTypeName];
    // JSON has lost the sign of zeros: adding 0 drops it here too.
    const read = [...dequantizeTensor(type, fromHex(bytes_hex))].map(value => value + 0);
    expect(read).toEqual(values.map(Math.fround));
  });

  it.each(cases)('%s reads many blocks at an odd address into a given array', (name, vector) => {
    const type = GgmlType[name as GgmlTypeName];
    const block = fromHex(vector.bytes_hex);
    const blocks = 5;
    const storage = new Uint8Array(3 + block.length * blocks);
    for (let i = 0; i < blocks; i++) {
      storage.set(block, 3 + i * block.length);
      storage[3 + i * block.length + 20] = i; // no two blocks alike: a byte of weights in every format
    }
    if (block.length <= 20) for (let i = 0; i < blocks; i++) storage[3 + i * block.length + 17] = 16 * i + i;
    const out = new Float32Array(vector.values.length * blocks);
    expect(dequantizeTensor(type, storage.subarray(3), out)).toBe(out);
    for (let i = 0; i < blocks; i++) {
      const alone = storage.slice(3 + i * block.length, 3 + (i + 1) * block.length);
      const values = vector.values.length;
      expect(out.slice(i * values, (i + 1) * values)).toEqual(dequantizeTensor(type, alone));
    }
  });

  it('reads BF16', () => {
    const bytes = new Uint8Array(Uint16Array.from(vectors.bf16.u16).buffer);
    expect([...dequantizeTensor(GgmlType.BF16, bytes)]).toEqual(vectors.bf16.f32.map(Math.fround));
  });

  it('reads F16', () => {
    const bytes = new Uint8Array(Uint16Array.of(0x3c00, 0xc000, 0x3555, 0x0001).buffer);
    expect([...dequantizeTensor(GgmlType.F16, bytes)]).toEqual([1, -2, 0.333251953125, 2 ** -24]);
  });

  it('reads F32 from an odd address', () => {
    const storage = new Uint8Array(13);
    storage.set(new Uint8Array(Float32Array.of(1.5, -0.1, 3e-38).buffer), 1);
    const read = dequantizeTensor(GgmlType.F32, storage.subarray(1));
    expect(read).toEqual(Float32Array.of(1.5, -0.1, 3e-38));
  });

  it.each(['Q8_1', 'Q8_K', 'MXFP4', 'F64', 'I32'] as const)('names %s when it refuses it', name => {
    expect(() => dequantizeTensor(GgmlType[name], new Uint8Array(0))).toThrow(name);
    expect(codeOf(() => dequantizeTensor(GgmlType[name], new Uint8Array(0)))).toBe('unsupported-type');
  });

  it('refuses an unknown type, part of a block, and an output of another size', () => {
    expect(codeOf(() => dequantizeTensor(99, new Uint8Array(0)))).toBe('unsupported-type');
    expect(codeOf(() => dequantizeTensor(GgmlType.Q8_0, new Uint8Array(33)))).toBe('invalid-request');
    expect(codeOf(() => dequantizeTensor(GgmlType.Q8_0, new Uint8Array(34), new Float32Array(31)))).toBe(
      'invalid-request',
    );
  });
});

describe('block formats', () => {
  it('are found by number', () => {
    expect(findBlockFormat(14)).toEqual({ type: 14, name: 'Q6_K', blockElements: 256, blockBytes: 210 });
    expect(findBlockFormat(4)).toBeUndefined();
    expect(blockFormats.size).toBe(Object.keys(GgmlType).length);
  });
});
