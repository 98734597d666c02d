import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Checkpoint, type CheckpointSize, makeCheckpoint } from '../../../test/support/checkpoint.ts';
import { dataFile } from '../../../test/support/data.ts';
import { convert } from '../../cli/commands/convert.ts';
import type { Quantisation } from '../../engine/types/quantisation.ts';
import { listPickedFiles, openCheckpointFiles } from './checkpoint-files.ts';
import { type ConvertedFile, convertCheckpoint } from './convert-checkpoint.ts';

/** As a picked folder gives them. */
function open(checkpoint: Checkpoint) {
  const files = [...checkpoint.files].map(([name, bytes]) => new File([bytes as BlobPart], name));
  return openCheckpointFiles(listPickedFiles(files));
}

async function hashOf({ bytes, read }: ConvertedFile): Promise<string> {
  const hash = createHash('sha256');
  let length = 0;
  for await (const piece of read(0, bytes)) {
    expect(piece.length).toBeLessThanOrEqual(2 ** 20);
    hash.update(piece);
    length += piece.length;
  }
  expect(length).toBe(bytes);
  return hash.digest('hex');
}

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'checkpoint-'));
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterAll(async () => {
  vi.restoreAllMocks();
  await rm(directory, { recursive: true });
});

describe('picked files', () => {
  it.each<[string, Partial<CheckpointSize>, Quantisation]>([
    ['Mini-Monkey in parts', { shards: 2 }, 'Q8_0'],
    [
      'PMC-LLaMA as PyTorch files',
      { architecture: 'llama', hasVision: false, form: 'pytorch', dtype: 'F16' },
      'Q4_0',
    ],
    ['a mixture, searched with SIMD there and without here', { hidden: 256, layers: 1 }, 'Q4_K_M'],
  ])('of %s become the bytes that the command line writes', async (name, size, type) => {
    const checkpoint = makeCheckpoint(size);
    const folder = await mkdtemp(join(directory, 'model-'));
    for (const [file, bytes] of checkpoint.files) await writeFile(join(folder, file), bytes);
    const [out, mmproj] = [join(directory, `${name}.gguf`), join(directory, `${name}-mmproj.gguf`)];
    const { hasVision } = checkpoint.size;
    const quant = type.toLowerCase();
    await convert([folder, '--out', out, '--quant', quant, ...(hasVision ? ['--mmproj', mmproj] : [])]);

    const { text, vision, warnings, templateHint } = await convertCheckpoint(open(checkpoint), {
      name: folder.slice(directory.length + 1),
      type,
      withVision: hasVision,
    });
    const written = async (path: string) =>
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex');
    expect(await hashOf(text)).toBe(await written(out));
    if (hasVision) expect(await hashOf(vision!)).toBe(await written(mmproj));
    else expect(vision).toBeUndefined();
    expect(warnings).toEqual([]);
    expect(templateHint).toBe(hasVision ? 'internvl2-chat' : 'pmc-llama');
  });

  it('that lack one are refused before anything is read of the weights', async () => {
    const checkpoint = makeCheckpoint();
    checkpoint.files.delete('tokenizer.model');
    const converting = convertCheckpoint(open(checkpoint), { name: 'Test', type: 'F16', withVision: true });
    await expect(converting).rejects.toMatchObject({
      code: 'no-model',
      message: 'The chosen files are not a whole model. Missing: tokenizer.model or tokenizer.json.',
    });
  });
});

describe('picked files that do not belong together', () => {
  it('of a checkpoint in parts lack one: it is named', async () => {
    const checkpoint = makeCheckpoint({ shards: 3 });
    checkpoint.files.delete('model-00002-of-00003.safetensors');
    const converting = convertCheckpoint(open(checkpoint), { name: 'Test', type: 'F16', withVision: true });
    await expect(converting).rejects.toMatchObject({
      code: 'no-model',
      message: 'The chosen files are not a whole model. Missing: model-00002-of-00003.safetensors.',
    });
  });

  const folder = dataFile('testdata/families/medgemma-nano');
  it.skipIf(!folder)(
    'prepare pictures otherwise than their model sees them (needs BEDSIDE_DATA)',
    async () => {
      const files = (await readdir(folder!)).map(name => {
        const bytes = readFileSync(join(folder!, name));
        if (name !== 'preprocessor_config.json') return new File([bytes], name);
        return new File([JSON.stringify({ ...JSON.parse(bytes.toString()), image_seq_length: 64 })], name);
      });
      const options = { name: 'Test', type: 'F16', withVision: true } as const;
      const converting = convertCheckpoint(openCheckpointFiles(listPickedFiles(files)), options);
      await expect(converting).rejects.toMatchObject({
        code: 'unsupported-model',
        message: expect.stringContaining('"image_seq_length" is 64; only 16'),
      });
      // For its text alone nobody asks what it sees.
      const untouched = convertCheckpoint(openCheckpointFiles(listPickedFiles(files)), {
        ...options,
        withVision: false,
      });
      await expect(untouched).resolves.toMatchObject({ text: expect.anything() });
    },
  );
});

describe('a conversion', () => {
  const options = { name: 'Test', type: 'Q8_0' as const, withVision: true };

  it('stops when told to', async () => {
    const stop = new AbortController();
    const { text } = await convertCheckpoint(open(makeCheckpoint()), { ...options, signal: stop.signal });
    const drain = async () => {
      for await (const piece of text.read(0, text.bytes)) if (piece.length > 0) stop.abort();
    };
    await expect(drain()).rejects.toMatchObject({ code: 'aborted' });
    const late = convertCheckpoint(open(makeCheckpoint()), { ...options, signal: stop.signal });
    await expect(late).rejects.toMatchObject({ code: 'aborted' });
  });

  it('of files that went away ends in an error for people', async () => {
    const files = [...makeCheckpoint().files].map(([name, bytes]) => new File([bytes as BlobPart], name));
    const weights = files.find(({ name }) => name === 'model.safetensors')!;
    const { text } = await convertCheckpoint(openCheckpointFiles(listPickedFiles(files)), options);
    vi.spyOn(weights, 'slice').mockImplementation(() => {
      throw new DOMException('gone', 'NotFoundError');
    });
    await expect(hashOf(text)).rejects.toMatchObject({
      code: 'truncated-model',
      message: 'The file can no longer be read.',
    });
  });
});
