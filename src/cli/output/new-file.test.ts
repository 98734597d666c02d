import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeNewFile } from './new-file.ts';

/** What the disk does to a write after its first. */
const disk = vi.hoisted(() => ({ failure: undefined as string | undefined, writes: 0 }));

vi.mock('node:fs/promises', async importOriginal => {
  const actual = await importOriginal<typeof import('node:fs/promises')>();
  return {
    ...actual,
    async open(...args: Parameters<typeof actual.open>) {
      const handle = await actual.open(...args);
      const write = handle.write.bind(handle) as (
        data: Uint8Array,
        offset: number,
        length: number,
      ) => unknown;
      handle.write = (async (data: Uint8Array, offset = 0) => {
        disk.writes++;
        if (disk.failure !== undefined && disk.writes > 1) {
          throw Object.assign(new Error('write failed'), { code: disk.failure });
        }
        // Never more than 5 bytes at once, as a write may be short.
        return write(data, offset, Math.min(5, data.length - offset));
      }) as typeof handle.write;
      return handle;
    },
  };
});

let folder: string;
beforeEach(async () => {
  Object.assign(disk, { failure: undefined, writes: 0 });
  folder = await mkdtemp(join(tmpdir(), 'new-file-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function* pieces(): AsyncGenerator<Uint8Array> {
  yield Uint8Array.of(1, 2, 3, 4, 5, 6, 7);
  yield Uint8Array.of(8, 9);
}

describe('a new file', () => {
  it('appears whole, when it is put in place', async () => {
    const path = join(folder, 'x.gguf');
    const file = await writeNewFile(path, pieces());
    expect(await readdir(folder)).not.toContain('x.gguf');
    await file.commit();
    expect(await readdir(folder)).toEqual(['x.gguf']);
    expect([...(await readFile(path))]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(file.bytes).toBe(9);
    expect(file.sha256).toBe('47e4ee7f211f73265dd17658f6e21c1318bd6c81f37598e20a2756299542efcf');
  });

  it('leaves nothing when it is given up', async () => {
    const file = await writeNewFile(join(folder, 'x.gguf'), pieces());
    await file.discard();
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ['ENOSPC', 'storage-full'],
    ['EDQUOT', 'storage-full'],
    ['EIO', 'storage-unavailable'],
  ])('leaves nothing when the disk says %s', async (failure, code) => {
    disk.failure = failure;
    await expect(writeNewFile(join(folder, 'x.gguf'), pieces())).rejects.toMatchObject({ code });
    expect(await readdir(folder)).toEqual([]);
  });

  it('leaves nothing when its source fails', async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield Uint8Array.of(1);
      throw new RangeError('no more');
    }
    await expect(writeNewFile(join(folder, 'x.gguf'), failing())).rejects.toThrow('no more');
    expect(await readdir(folder)).toEqual([]);
  });

  it('cannot take the place of a folder', async () => {
    await mkdir(join(folder, 'x.gguf'));
    const file = await writeNewFile(join(folder, 'x.gguf'), pieces());
    await expect(file.commit()).rejects.toMatchObject({ code: 'storage-unavailable' });
    expect(await readdir(folder)).toEqual(['x.gguf']);
  });
});
