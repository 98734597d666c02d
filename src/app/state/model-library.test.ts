// @vitest-environment jsdom
import { Blob as NodeBlob, File as NodeFile } from 'node:buffer';
import { expect, test, vi } from 'vitest';
import type { ModelRecord } from '../../client/index.ts';
import { descriptionSuffix, writeDescription } from '../../client/index.ts';
import { FakeServices, flush, startApp } from '../testing/fake-services.ts';
import { ownModel, ownSeeing } from '../testing/fixtures.ts';

// Those of jsdom cannot be read.
vi.stubGlobal('Blob', NodeBlob);
vi.stubGlobal('File', NodeFile);

const record: ModelRecord = {
  v: 1,
  id: 'added-1',
  name: 'Mine',
  entryId: ownModel.id,
  text: { id: 'file-1', url: 'https://models.test/mine.gguf', name: 'mine.gguf', bytes: 100 },
  addedAt: 1,
};

async function start(services = new FakeServices()) {
  const started = await startApp(services);
  await flush();
  const { modelLibrary, modelLibraryController: library } = started.app;
  return { ...started, services, library, state: () => modelLibrary.getState() };
}

test('a model is added by its address, fetched with progress, and can then be chosen', async () => {
  const { services, library, state, app } = await start();
  const model = { name: ' ', entry: ownModel, url: ' https://models.test/a%20b.gguf?x=1 ' };
  expect(await library.addByAddress({ ...model, sha256: 'A'.repeat(64) })).toBeNull();
  await flush();
  expect(services.allowed).toEqual(['https://models.test']);
  const [job] = services.library.jobs;
  const [added] = state().records;
  expect(job?.file).toMatchObject({ url: 'https://models.test/a%20b.gguf?x=1', sha256: 'a'.repeat(64) });
  expect(added).toMatchObject({ name: 'a b.gguf', entryId: 'big', isFetching: true });
  job?.call.onProgress?.('download', 40, 100);
  expect(state().jobs[added!.id]).toMatchObject({ phase: 'download', done: 40, total: 100 });
  job?.call.onNotice?.('no-ranges');
  expect(app.ui.getState().toasts.at(-1)?.text).toMatch(/cannot send parts/);
  services.library.store(added!.text.id, 100);
  job?.finish();
  await flush();
  await flush();
  expect(state().jobs).toEqual({});
  expect(services.records.records[0]?.isFetching).toBe(false);
  expect(app.models.getState().catalogue.at(-1)).toMatchObject({
    id: added!.id,
    kind: 'installed',
    template: ownModel.template,
  });
  expect(state().isPersistent).toBe(true);
});

test.each([
  ['no address', 'mine.gguf', 'not an address'],
  ['an address without protection', 'http://models.test/a.gguf', 'not an address'],
])('%s is refused before anything is stored', async (_, url, words) => {
  const { services, library } = await start();
  const error = await library.addByAddress({ name: '', entry: ownModel, url });
  expect(error).toMatchObject({ code: 'invalid-request', message: expect.stringContaining(words) });
  expect(
    await library.addByAddress({ name: '', entry: ownModel, url: 'https://a.test/b', sha256: 'x' }),
  ).toMatchObject({
    code: 'invalid-request',
  });
  expect(services.records.records).toEqual([]);
});

test('paused, it keeps what is there; reloaded, what was being fetched goes on, and nothing else', async () => {
  const services = new FakeServices();
  services.records.records = [
    { ...record, isFetching: true },
    { ...record, id: 'added-2' },
  ];
  services.library.store('file-1', 100, 30);
  const { library, state } = await start(services);
  expect(services.library.jobs).toHaveLength(1);
  library.pause('added-1');
  await flush();
  await flush();
  expect(state().jobs).toEqual({});
  expect(state().errors).toEqual({});
  expect(services.records.records[0]?.isFetching).toBe(false);
});

test('paused and at once gone on with: it goes on after a reload too', async () => {
  const services = new FakeServices();
  services.records.records = [record];
  const { library, state } = await start(services);
  const first = library.fetch('added-1');
  await flush();
  library.pause('added-1');
  while (Object.keys(state().jobs).length > 0) await Promise.resolve();
  void library.fetch('added-1');
  await first;
  await flush();
  expect(services.library.jobs).toHaveLength(2);
  expect(services.records.records[0]?.isFetching).toBe(true);
});

test('storage that cannot be written to stops no fetch', async () => {
  const services = new FakeServices();
  services.records.records = [record];
  const { library } = await start(services);
  services.records.saveRecord = () => Promise.reject(new Error('full'));
  void library.fetch('added-1');
  await flush();
  expect(services.library.jobs).toHaveLength(1);
});

test('a failure is shown with the model, and the next attempt clears it', async () => {
  const services = new FakeServices();
  services.records.records = [record];
  const { library, state } = await start(services);
  void library.fetch('added-1');
  await flush();
  services.library.jobs[0]?.fail('storage-full');
  await flush();
  await flush();
  expect(state().errors['added-1']).toMatchObject({ code: 'storage-full' });
  void library.fetch('added-1');
  await flush();
  expect(state().errors).toEqual({});
});

test('verified: sound, or damaged by so much', async () => {
  const services = new FakeServices();
  services.records.records = [record];
  const { library, state, app } = await start(services);
  await library.verify('added-1');
  expect(app.ui.getState().toasts.at(-1)?.text).toBe('Mine is exactly as it was stored.');
  services.library.damagedBytes = 16_777_216;
  await library.verify('added-1');
  expect(state().errors['added-1']).toMatchObject({
    code: 'wrong-hash',
    message: 'Mine is damaged on this device: 16,777,216 bytes are not as they were stored.',
  });
});

test('deleted with its files and its entry', async () => {
  const services = new FakeServices();
  services.records.records = [record];
  services.library.store('file-1', 100);
  const { library, app } = await start(services);
  expect(app.models.getState().catalogue.some(({ id }) => id === 'added-1')).toBe(true);
  await library.remove('added-1');
  expect(services.library.files).toEqual([]);
  expect(services.records.records).toEqual([]);
  expect(app.models.getState().catalogue.some(({ id }) => id === 'added-1')).toBe(false);
});

test('exported with a description, and added from it elsewhere: every part is compared', async () => {
  const services = new FakeServices();
  services.records.records = [record];
  services.library.store('file-1', 100);
  const { library } = await start(services);
  await library.exportFiles('added-1');
  expect(services.saved.map(({ name }) => name)).toEqual(['mine.gguf', `Mine${descriptionSuffix}`]);

  const elsewhere = await start();
  const files = services.saved.map(({ blob, name }) => new File([blob], name));
  expect(await elsewhere.library.addFromDisk(files, null)).toBeNull();
  await flush();
  expect(elsewhere.services.library.jobs[0]?.file).toMatchObject({
    name: 'mine.gguf',
    chunkSha256: ['0'.repeat(64)],
    chunkBytes: 16_777_216,
  });
  expect(elsewhere.state().records[0]).toMatchObject({ name: 'Mine', entryId: 'big' });
});

test('from a drive: the wrong number of files, a description of others, one that is damaged', async () => {
  const { services, library } = await start();
  const file = new File(['GGUF'], 'a.gguf');
  expect(await library.addFromDisk([file, file], ownModel)).toMatchObject({
    message: 'Big comes in one file.',
  });
  expect(await library.addFromDisk([file], ownSeeing)).toMatchObject({ code: 'invalid-request' });
  const described = {
    name: 'other.gguf',
    role: 'text' as const,
    bytes: 4,
    chunkBytes: 16_777_216,
    chunkSha256: ['0'],
  };
  const description = writeDescription({ name: 'M', entryId: 'big', files: [described] });
  const other = new File([description], `M${descriptionSuffix}`);
  expect(await library.addFromDisk([file, other], null)).toMatchObject({ code: 'truncated-model' });
  const broken = new File(['{'], `M${descriptionSuffix}`);
  expect(await library.addFromDisk([file, broken], null)).toMatchObject({ code: 'invalid-model' });
  expect(services.records.records).toEqual([]);
});

test('the air gap pauses what is being fetched, and nothing new is begun until it is open', async () => {
  const services = new FakeServices();
  services.records.records = [{ ...record, isFetching: true }];
  const { library, state, app } = await start(services);
  await app.airGapController.set(false);
  await app.airGapController.set(true);
  await flush();
  expect(services.library.jobs[0]?.call.signal?.aborted).toBe(true);
  await library.fetch('added-1');
  expect(state().errors['added-1']).toMatchObject({ message: 'The air gap is on: nothing is fetched.' });
  expect(services.library.jobs).toHaveLength(1);
});
