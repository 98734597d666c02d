import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeCheckpoint } from '../../../test/support/checkpoint.ts';
import { dataFile } from '../../../test/support/data.ts';
import { startFaultyServer } from '../../../test/support/faulty-server.ts';
import { bytesSource } from '../../engine/formats/byte-source.ts';
import { parseGguf } from '../../engine/formats/gguf.ts';
import { convert } from './convert.ts';

let folder: string;
let outFolder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'Tiny-Monkey-'));
  outFolder = await mkdtemp(join(tmpdir(), 'converted-'));
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});

afterEach(async () => {
  vi.restoreAllMocks();
  for (const path of [folder, outFolder]) await rm(path, { recursive: true });
});

async function writeCheckpoint(options: Parameters<typeof makeCheckpoint>[0] = {}): Promise<void> {
  for (const [name, bytes] of makeCheckpoint(options).files) await writeFile(join(folder, name), bytes);
}

const out = (name: string) => join(outFolder, name);

describe('convert', () => {
  it('writes both files and reports them', async () => {
    await writeCheckpoint({ shards: 2 });
    const result = await convert([
      folder,
      '--out',
      out('text.gguf'),
      '--mmproj',
      out('mmproj.gguf'),
      '--quant',
      'q4_0',
    ]);
    const text = await readFile(out('text.gguf'));
    const vision = await readFile(out('mmproj.gguf'));
    const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    expect(result).toEqual({
      out: out('text.gguf'),
      tensors: 21,
      bytes: text.length,
      sha256: sha256(text),
      quant: 'q4_0',
      mmproj: { out: out('mmproj.gguf'), tensors: 46, bytes: vision.length, sha256: sha256(vision) },
    });
    expect((await parseGguf(bytesSource(text))).tensors).toHaveLength(21);
    expect((await parseGguf(bytesSource(vision))).metadata.get('general.architecture')).toBe('clip');
    expect((await readdir(outFolder)).sort()).toEqual(['mmproj.gguf', 'text.gguf']);
  });

  const medgemma = dataFile('testdata/families/medgemma-nano');
  it.skipIf(!medgemma)(
    'puts the notice that its terms want beside a model (needs BEDSIDE_DATA)',
    async () => {
      const write = (...more: string[]) =>
        convert([medgemma!, '--out', out('eyes.gguf'), '--mmproj', out('eyes-mmproj.gguf'), ...more]);
      const words =
        'HAI-DEF is provided under and subject to the Health AI Developer Foundations Terms of Use found at https://developers.google.com/health-ai-developer-foundations/terms';
      expect(await write()).toMatchObject({ terms: words, notice: out('eyes.NOTICE.txt') });
      expect((await readdir(outFolder)).sort()).toEqual(['eyes-mmproj.gguf', 'eyes.NOTICE.txt', 'eyes.gguf']);
      const notice = await readFile(out('eyes.NOTICE.txt'), 'utf8');
      expect(notice.split('\n')[0]).toBe(words);
      expect(notice).toContain('Modified files: Bedside converted them');
      for (const name of ['eyes.gguf', 'eyes-mmproj.gguf']) await rm(out(name));
      await writeFile(out('eyes.NOTICE.txt'), 'mine');
      await expect(write()).rejects.toMatchObject({ reason: 'file-exists' });
      expect(await readdir(outFolder)).toEqual(['eyes.NOTICE.txt']);
      await write('--force');
      expect(await readFile(out('eyes.NOTICE.txt'), 'utf8')).toBe(notice);
    },
  );

  it('writes the same from an address, without keeping the original', async () => {
    const { files } = makeCheckpoint({ shards: 2 });
    const server = await startFaultyServer(files);
    const local = join(folder, 'Tiny-Monkey');
    await mkdir(local);
    for (const [name, bytes] of files) await writeFile(join(local, name), bytes);
    const write = (from: string, name: string) =>
      convert([from, '--out', out(name), '--mmproj', out(`${name}-mmproj`)]);
    const fromDisk = (await write(local, 'disk')) as { sha256: string; mmproj: { sha256: string } };
    const fetched = (await write(server.url, 'fetched')) as typeof fromDisk;
    expect(fetched.sha256).toBe(fromDisk.sha256);
    expect(fetched.mmproj.sha256).toBe(fromDisk.mmproj.sha256);
    expect((await readdir(outFolder)).length).toBe(4);

    server.misbehave(({ name }) => (name === 'config.json' ? { status: 404 } : undefined));
    await expect(write(server.url, 'absent')).rejects.toMatchObject({ code: 'no-model' });
    await server.close();
  });

  it('replaces a file only when told to', async () => {
    await writeCheckpoint({ hasVision: false });
    await writeFile(out('text.gguf'), 'mine');
    await expect(convert([folder, '--out', out('text.gguf')])).rejects.toMatchObject({
      code: 'invalid-request',
    });
    expect(await readFile(out('text.gguf'), 'utf8')).toBe('mine');
    await convert([folder, '--out', out('text.gguf'), '--force']);
    expect((await readFile(out('text.gguf'))).subarray(0, 4).toString()).toBe('GGUF');
  });

  it('leaves nothing when a weight cannot be stored', async () => {
    const checkpoint = makeCheckpoint({ dtype: 'F32', hasVision: false });
    const bytes = checkpoint.files.get('model.safetensors')!;
    // The last weight of the last tensor.
    new DataView(bytes.buffer).setFloat32(bytes.length - 4, Number.POSITIVE_INFINITY, true);
    for (const [name, data] of checkpoint.files) await writeFile(join(folder, name), data);
    await writeFile(out('text.gguf'), 'mine');
    await expect(convert([folder, '--out', out('text.gguf'), '--force'])).rejects.toMatchObject({
      code: 'invalid-model',
    });
    expect(await readdir(outFolder)).toEqual(['text.gguf']);
    expect(await readFile(out('text.gguf'), 'utf8')).toBe('mine');
  });

  it('leaves nothing when the second file cannot be written', async () => {
    await writeCheckpoint();
    const bad = join(outFolder, 'nowhere', 'mmproj.gguf');
    await expect(convert([folder, '--out', out('text.gguf'), '--mmproj', bad])).rejects.toMatchObject({
      code: 'storage-unavailable',
    });
    expect(await readdir(outFolder)).toEqual([]);
  });

  it('stops on an interrupt and leaves nothing', async () => {
    await writeCheckpoint({ layers: 8 });
    const running = convert([folder, '--out', out('text.gguf')]);
    process.emit('SIGINT');
    await expect(running).rejects.toMatchObject({ code: 'aborted' });
    expect(await readdir(outFolder)).toEqual([]);
  });

  it.each([
    [['--out', 'x.gguf'], 'folder of the model is missing'],
    [['folder'], '--out is missing'],
    [['folder', '--out', 'x.gguf', '--quant', 'q1_k'], '--quant must be one of'],
    [['folder', '--out', 'x.gguf', '--quant', 'toString'], '--quant must be one of'],
    [['folder', '--out', 'x.gguf', '--mmproj', './x.gguf'], 'the same file'],
  ])('%j is refused', async (argv, message) => {
    await expect(convert(argv)).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining(message) as string,
    });
  });

  it('says that the folder is not there', async () => {
    await expect(convert([join(folder, 'none'), '--out', out('x.gguf')])).rejects.toMatchObject({
      code: 'no-model',
    });
  });
});
