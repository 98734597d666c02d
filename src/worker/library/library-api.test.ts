import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, test } from 'vitest';
import { createWeightStore } from '../../storage/create-weight-store.ts';
import { openDatabase } from '../../storage/database.ts';
import { chunkKey, mebibyte } from '../../storage/weight-manifest.ts';
import { createFileLocks } from './file-locks.ts';
import { createLibraryApi } from './library-api.ts';

const chunkBytes = 8 * mebibyte;
const layout = { url: '', bytes: chunkBytes + 1000, chunkBytes };
const model = Uint8Array.from({ length: layout.bytes }, (_, i) => (i * 31 + (i >> 9)) & 255);
const network = { isOnline: () => true, fetch: () => Promise.reject(new Error('not asked')) };

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

test('what another tab writes anew while a file is verified counts in the end', async () => {
  const weights = createWeightStore();
  const locks = createFileLocks(undefined);
  const library = createLibraryApi({ weights, network, locks });
  async function* whole() {
    yield model;
  }
  await weights.saveFile('m', whole(), layout);
  await openDatabase('bedside-weights').deleteMany([chunkKey('m', 1)]);

  let verifying: ReturnType<typeof library.verify> | undefined;
  await locks.hold(
    'm',
    new AbortController().signal,
    () => undefined,
    async () => {
      const writer = await weights.begin('m', layout);
      verifying = library.verify({ id: 'm', sha256: undefined }, new MessageChannel().port1, 1);
      await new Promise(resolve => setTimeout(resolve));
      await writer.write(1, model.slice(chunkBytes));
      await writer.finish();
    },
  );
  expect(await verifying).toEqual({ ok: true, value: 0 });
  expect(await weights.openFile('m')).toBeDefined();
});
