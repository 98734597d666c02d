import { expect, it } from 'vitest';
import { type Checkpoint, type CheckpointSize, makeCheckpoint } from '../../../test/support/checkpoint.ts';
import { streamGguf } from './gguf-stream.ts';
import { planConversion } from './plan-conversion.ts';

async function convert({ folder }: Checkpoint): Promise<Buffer[]> {
  const { text, vision } = await planConversion(folder, { name: 'Test', type: 'Q4_0', withVision: true });
  const files: Buffer[] = [];
  for (const plan of [text, vision!]) {
    const pieces: Uint8Array[] = [];
    for await (const piece of streamGguf(plan)) pieces.push(piece);
    files.push(Buffer.concat(pieces));
  }
  return files;
}

it.each<[string, Partial<CheckpointSize>]>([
  ['bf16, one file', {}],
  ['f16, three files', { dtype: 'F16', shards: 3 }],
  ['f32, two files', { dtype: 'F32', shards: 2 }],
])('PyTorch and safetensors files of the same weights (%s) become the same bytes', async (_what, options) => {
  const wanted = await convert(makeCheckpoint(options));
  const checkpoint = makeCheckpoint({ ...options, form: 'pytorch' });
  expect([...checkpoint.files.keys()].some(name => name.includes('safetensors'))).toBe(false);
  const got = await convert(checkpoint);
  for (const [i, file] of got.entries()) expect(Buffer.compare(file, wanted[i]!)).toBe(0);
});

it('where a folder has both, safetensors files are read', async () => {
  const checkpoint = makeCheckpoint();
  checkpoint.files.set('pytorch_model.bin', Uint8Array.of(0x80, 2));
  await expect(convert(checkpoint)).resolves.toHaveLength(2);
});

it('an index of PyTorch files leads to no other files', async () => {
  const checkpoint = makeCheckpoint({ form: 'pytorch', shards: 2 });
  const index = 'pytorch_model.bin.index.json';
  const text = new TextDecoder().decode(checkpoint.files.get(index));
  checkpoint.files.set(index, new TextEncoder().encode(text.replaceAll('pytorch_model-', '../model-')));
  await expect(convert(checkpoint)).rejects.toMatchObject({
    code: 'invalid-model',
    message: expect.stringMatching(/^pytorch_model.bin.index.json names no usable file/),
  });
});

it('a program in one of several files is refused before anything is written', async () => {
  const checkpoint = makeCheckpoint({ form: 'pytorch', shards: 3 });
  const part = 'pytorch_model-00002-of-00003.bin';
  const bytes = checkpoint.files.get(part)!.slice();
  // The list's first name, whose checksum is then wrong: 0 stands for none, in the archive's directory.
  const text = Buffer.from(bytes.buffer);
  text.write('collectionz', text.indexOf('collections'), 'latin1');
  text.writeUInt32LE(0, text.indexOf('PK\x01\x02', 0, 'latin1') + 16);
  checkpoint.files.set(part, bytes);
  const plan = planConversion(checkpoint.folder, { name: 'Test', type: 'F16', withVision: false });
  await expect(plan).rejects.toMatchObject({
    code: 'unsafe-model',
    message: expect.stringMatching(/^In pytorch_model-00002-of-00003.bin: .*"collectionz.OrderedDict"/),
  });
});
