import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bytesSource } from '../../engine/formats/byte-source.ts';
import { parseGguf } from '../../engine/formats/gguf.ts';
import { readLlamaConfig } from '../../engine/models/llama/llama-config.ts';
import { checkLlamaTensors } from '../../engine/models/llama/llama-tensors.ts';
import { synthetic } from './synthetic.ts';

test('writes a file that is a whole model', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bedside-synthetic-'));
  const out = join(folder, 'noise.gguf');
  try {
    const report = await synthetic(['mini-monkey-2b', '--layers', '1', '--type', 'q2_k', '--out', out]);
    const bytes = await readFile(out);
    expect(report).toMatchObject({ out, bytes: bytes.length });
    const file = await parseGguf(bytesSource(bytes));
    const config = readLlamaConfig(file);
    expect(config).toMatchObject({ layers: 1, hidden: 2048 });
    expect(checkLlamaTensors(file, config).get('output.weight')?.typeName).toBe('Q2_K');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('asks for a name that it knows and a place', async () => {
  await expect(synthetic(['mini-monkey-2b'])).rejects.toMatchObject({ code: 'invalid-request' });
  await expect(synthetic(['none', '--out', '/nowhere'])).rejects.toMatchObject({ code: 'invalid-request' });
});
