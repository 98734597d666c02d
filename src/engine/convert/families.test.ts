import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { convertFolder } from '../../../test/support/convert-folder.ts';
import { dataFile, readJson } from '../../../test/support/data.ts';
import { bytesSource } from '../formats/byte-source.ts';
import { parseGguf } from '../formats/gguf.ts';
import { rotationTable } from '../kernels/rotation-table.ts';

/** What gguf-py and llama.cpp's converter make of a checkpoint. */
interface ExpectedFile {
  keys: Record<string, unknown>;
  vocabulary?: { token_type_sha256: string };
  tensors: { name: string; ne: number[]; f32_sha256: string }[];
}

const lists = { 'gguf-tensors': ['llama31-nano', 'qwen2-nano'] } as Record<string, string[]>;
lists['gguf-tensors-modern'] = ['qwen3-nano', 'mistral-nano', 'phi3-nano', 'gemma3-nano'];
const files = Object.entries(lists).flatMap(([list, names]) => names.map(name => ({ list, name })));

/** Of these a file may say more: whether it is named so, how it is stored, and what readers take for granted. */
const named = ['general.name', 'general.file_type', 'tokenizer.ggml.eot_token_id'];

describe.skipIf(!dataFile('testdata/families')).each(files)(
  '$name (needs BEDSIDE_DATA)',
  ({ list, name }) => {
    it('becomes the GGUF file that another converter makes of it, number by number', async () => {
      const golden = dataFile(`testdata/families/golden/${list}.json`)!;
      const expected = readJson<{ files: Record<string, ExpectedFile> }>(golden).files[`${name}.gguf`]!;
      const bytes = await convertFolder(dataFile(`testdata/families/${name}`)!, 'F32');
      const file = await parseGguf(bytesSource(bytes));
      const hashes = file.tensors.map(tensor => {
        const data = bytes.subarray(tensor.offset, tensor.offset + tensor.bytes);
        return [tensor.name, tensor.shape, createHash('sha256').update(data).digest('hex')];
      });
      const sorted = (rows: unknown[][]) => rows.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
      expect(sorted(hashes)).toEqual(
        sorted(expected.tensors.map(({ name, ne, f32_sha256 }) => [name, ne, f32_sha256])),
      );
      for (const [key, value] of Object.entries(expected.keys)) {
        if (!named.includes(key)) expect(file.metadata.get(key), key).toEqual(value);
      }
      if (expected.vocabulary) {
        const types = Int32Array.from(file.metadata.get('tokenizer.ggml.token_type') as ArrayLike<number>);
        const hash = createHash('sha256').update(new Uint8Array(types.buffer)).digest('hex');
        expect(hash).toBe(expected.vocabulary.token_type_sha256);
      }
    });
  },
);

it.skipIf(!dataFile('testdata/families'))('LongRoPE rotates as PyTorch does (needs BEDSIDE_DATA)', () => {
  const { longrope_example: example } = readJson<{
    longrope_example: {
      head_dim: number;
      partial_rotary_factor: number;
      short_factor: number[];
      attention_factor: number;
      inv_freq_short: number[];
    };
  }>(dataFile('testdata/families/golden/phi3-nano.json')!);
  const { attention_factor: magnitude, short_factor, inv_freq_short } = example;
  const dimensions = example.head_dim * example.partial_rotary_factor;
  const table = rotationTable(8, dimensions, 10_000, Float32Array.from(short_factor), 1, magnitude);
  for (const [i, frequency] of inv_freq_short.entries()) {
    const at = (7 * (dimensions / 2) + i) * 2;
    expect(table[at]).toBeCloseTo(magnitude * Math.cos(7 * frequency), 5);
    expect(table[at + 1]).toBeCloseTo(magnitude * Math.sin(7 * frequency), 5);
  }
});
