// @vitest-environment jsdom
import { Blob as NodeBlob, File as NodeFile } from 'node:buffer';
import { expect, test, vi } from 'vitest';
import type { ModelRecord } from '../../../client/index.ts';
import { descriptionSuffix } from '../../../client/index.ts';
import { FakeServices, flush, startApp } from '../../testing/fake-services.ts';
import { modelIdentity, ownModel } from '../../testing/fixtures.ts';
import { listLibraryModels } from './library-store.ts';

// Those of jsdom cannot be read.
vi.stubGlobal('Blob', NodeBlob);
vi.stubGlobal('File', NodeFile);

const record: ModelRecord = {
  v: 3,
  id: 'added-1',
  name: 'Mine',
  entryId: ownModel.id,
  text: [{ id: 'file-1', url: 'https://models.test/mine.gguf', name: 'mine.gguf', bytes: 100 }],
  addedAt: 1,
};

async function start(services = new FakeServices()) {
  const started = await startApp(services);
  await flush();
  const { libraryController: library } = started.app;
  return { ...started, services, library, state: () => started.app.library.getState() };
}

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

test('deleted just when a pause is written down, a model stays deleted', async () => {
  const services = new FakeServices();
  services.records.records = [{ ...record, isFetching: true }];
  const { library } = await start(services);
  const { listRecords } = services.records;
  let looks = 0;
  services.records.listRecords = async () => {
    const listed = await listRecords();
    // The first look is for the list of models, the second one before the pause is written down.
    if (++looks === 2) await services.records.deleteRecord('added-1');
    return listed;
  };
  library.pause('added-1');
  await vi.waitUntil(() => looks >= 2, { timeout: 30_000 });
  await flush();
  expect(services.records.records).toEqual([]);
});

test('storage that cannot be written to stops no fetch', async () => {
  const services = new FakeServices();
  services.records.records = [record];
  const { library } = await start(services);
  services.records.noteFetching = () => Promise.reject(new Error('full'));
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

test('what the network ended goes on when it is back, and after a reload; what never began does not', async () => {
  const services = new FakeServices();
  const second: ModelRecord = { ...record, id: 'added-2', text: [{ ...record.text[0]!, id: 'file-2' }] };
  services.records.records = [record, second];
  services.library.store('file-1', 100, 30);
  const { library, app } = await start(services);
  for (const id of ['added-1', 'added-2']) void library.fetch(id);
  await flush();
  for (const job of services.library.jobs) job.fail('network');
  await flush();
  await flush();
  expect(
    app.ui
      .getState()
      .toasts.map(({ text }) => text)
      .join(' '),
  ).toContain('Mine: ');
  expect(services.records.records.map(({ isFetching }) => isFetching)).toEqual([true, false]);
  window.dispatchEvent(new Event('online'));
  await flush();
  expect(services.library.jobs).toHaveLength(3);
  library.pause('added-1');
  await flush();
  await flush();
  expect(services.records.records[0]?.isFetching).toBe(false);
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

test('exported whole and in parts, each file with its half', async () => {
  const services = new FakeServices();
  const part = (id: string) => ({ id, url: '', name: `${id}.gguf` });
  services.records.records = [{ ...record, text: [part('a'), part('b')], vision: [part('c')] }];
  for (const id of ['a', 'b', 'c']) services.library.store(id, 100);
  const { library } = await start(services);
  await library.exportFiles('added-1');
  expect(services.saved.map(({ name }) => name)).toEqual([
    'a.gguf',
    'b.gguf',
    'c.gguf',
    `Mine${descriptionSuffix}`,
  ]);
  const description = JSON.parse(await services.saved[3]!.blob.text());
  expect(description.files.map(({ role }: { role: string }) => role)).toEqual(['text', 'text', 'vision']);
});

test('the notice that the terms of a model want goes with its export, in a file and in the description', async () => {
  const services = new FakeServices();
  const identity = { ...modelIdentity, name: 'Ward Gemma', architecture: 'gemma3' };
  services.records.records = [{ ...record, id: 'added-1', name: 'Mine', identity }];
  services.library.store('file-1', 100);
  const { library } = await start(services);
  await library.exportFiles('added-1');
  const [notice, description] = services.saved.slice(-2);
  expect([notice?.name, description?.name]).toEqual(['Mine.NOTICE.txt', `Mine${descriptionSuffix}`]);
  const words = 'Gemma is provided under and subject to the Gemma Terms of Use';
  expect(await notice?.blob.text()).toContain(words);
  expect(JSON.parse(await description!.blob.text()).notice).toContain(words);
});

test('a checkpoint that was being converted goes on after a reload, from where it is published', async () => {
  const services = new FakeServices();
  const checkpoint = { url: 'https://models.test/MiniMonkey/resolve/main/', type: 'Q8_0' as const };
  const text = [{ id: 'file-1', url: '', name: 'text.gguf' }];
  services.records.records = [{ ...record, text, checkpoint, isFetching: true }];
  const { library, state } = await start(services);
  expect(services.allowed).toEqual(['https://models.test']);
  expect(services.library.converted).toEqual([
    {
      textId: 'file-1',
      textName: 'text.gguf',
      name: 'MiniMonkey',
      type: 'Q8_0',
      from: { kind: 'address', url: checkpoint.url },
    },
  ]);
  expect(state().jobs['added-1']).toMatchObject({ phase: 'convert' });
  library.pause('added-1');
  await flush();
  await flush();
  const [model] = listLibraryModels([], state());
  expect(model).toMatchObject({ isFetchable: true, isComplete: false });
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
