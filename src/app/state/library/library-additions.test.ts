// @vitest-environment jsdom
import { Blob as NodeBlob, File as NodeFile } from 'node:buffer';
import { describe, expect, test, vi } from 'vitest';
import type { ModelRecord } from '../../../client/index.ts';
import { descriptionSuffix, termsOf, writeDescription } from '../../../client/index.ts';
import { FakeServices, flush, startApp } from '../../testing/fake-services.ts';
import { modelIdentity, ownModel } from '../../testing/fixtures.ts';

// Those of jsdom cannot be read.
vi.stubGlobal('Blob', NodeBlob);
vi.stubGlobal('File', NodeFile);

async function start(services = new FakeServices()) {
  const started = await startApp(services);
  await flush();
  const { libraryController: library, libraryAdditions: additions, offerController, offers } = started.app;
  /** Shows files to the page, and keeps what they turn out to be. */
  const keep = async (...files: File[]) => {
    offerController.offerFiles(files);
    const described = await offerController.describe(offers.getState().offer!);
    return offerController.keep(described, null);
  };
  return { ...started, services, library, additions, keep, state: () => started.app.library.getState() };
}

const partNames = [1, 2].map(number => `mine-0000${number}-of-00002.gguf`);
const gguf = (name: string) => new File(['GGUF'], name);

test('a model is added by its address, fetched with progress, and can then be chosen', async () => {
  const { services, additions, state, app } = await start();
  const model = { entry: ownModel, url: ' https://models.test/a%20b.gguf?x=1 ' };
  expect(await additions.addByAddress({ ...model, sha256: 'A'.repeat(64) })).toBeNull();
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
  services.library.store(added!.text[0]!.id, 100);
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
  ['an address whose per cent sign means nothing', 'https://models.test/50%/a%.gguf', 'not an address'],
])('%s is refused before anything is stored', async (_, url, words) => {
  const { services, additions } = await start();
  const error = await additions.addByAddress({ entry: ownModel, url });
  const folder = await additions.addCheckpointByAddress(url, 'Q8_0');
  for (const told of [error, folder]) {
    expect(told).toMatchObject({ code: 'invalid-request', message: expect.stringContaining(words) });
  }
  expect(
    await additions.addByAddress({ entry: ownModel, url: 'https://a.test/b', sha256: 'x' }),
  ).toMatchObject({
    code: 'invalid-request',
  });
  expect(services.records.records).toEqual([]);
});

test('of a split file all parts are fetched, one after the other, from the address of any', async () => {
  const { services, additions, state, app } = await start();
  const url = 'https://models.test/a/big-00002-of-00003.gguf?download=true';
  const refused = await additions.addByAddress({ entry: ownModel, url, sha256: 'a'.repeat(64) });
  expect(refused).toMatchObject({ code: 'invalid-request', message: expect.stringContaining('each part') });
  expect(await additions.addByAddress({ entry: ownModel, url })).toBeNull();
  for (let part = 0; part < 3; part++) {
    await flush();
    const { file, finish } = services.library.jobs[part]!;
    expect(file).toMatchObject({
      url: `https://models.test/a/big-0000${part + 1}-of-00003.gguf?download=true`,
    });
    services.library.store(file.id, 100);
    finish();
  }
  await flush();
  await flush();
  const installed = app.models.getState().catalogue.at(-1)!;
  expect(installed).toMatchObject({ name: 'big', file: { kind: 'split' } });
  expect(state().records[0]!.text).toHaveLength(3);
  await app.modelController.load(installed);
  expect(services.engine.lastLoad.call.source).toMatchObject({
    kind: 'split',
    parts: [{ bytes: 100 }, { bytes: 100 }, { bytes: 100 }],
  });
});

test('a publisher’s folder is looked at, and converted while it is fetched', async () => {
  const { services, additions, state } = await start();
  services.library.checkpoint = { architecture: 'internlm2', seesImages: true };
  const address = 'https://models.test/MiniMonkey/resolve/main/config.json';
  expect(await additions.addCheckpointByAddress(address, 'Q4_0')).toBeNull();
  await flush();
  const [record] = state().records;
  expect(record).toMatchObject({
    name: 'MiniMonkey (Q4_0)',
    checkpoint: { url: 'https://models.test/MiniMonkey/resolve/main/', type: 'Q4_0' },
    isFetching: true,
  });
  expect(record).not.toHaveProperty('entryId');
  expect(services.library.converted[0]).toMatchObject({
    textId: record!.text[0]!.id,
    visionId: record!.vision![0]!.id,
    name: 'MiniMonkey',
    from: { kind: 'address', url: record!.checkpoint!.url },
  });
  expect(await additions.addCheckpointByAddress('nowhere', 'Q8_0')).toMatchObject({
    code: 'invalid-request',
  });
});

test('the checkpoint of a model of the catalogue is that model, and is not looked at first', async () => {
  const { services, additions, state } = await start();
  services.library.checkpoint = 'network';
  expect(await additions.addCheckpointByAddress(ownModel.publisher!.checkpoint!.url, 'Q8_0')).toBeNull();
  await flush();
  expect(state().records[0]).toMatchObject({ name: 'Big (Q8_0)', entryId: ownModel.id });
  expect(state().records[0]!.vision).toBeUndefined();
  expect(await additions.addCheckpointByAddress('https://models.test/other/', 'Q8_0')).toMatchObject({
    code: 'network',
  });
  expect(state().records).toHaveLength(1);
});

test('what is fetched already is not begun a second time, by whichever button it is asked for again', async () => {
  const { services, additions, state } = await start();
  const model = { entry: ownModel, url: 'https://models.test/a.gguf' };
  for (let time = 0; time < 2; time++) {
    expect(await additions.addByAddress(model)).toBeNull();
    expect(await additions.addCheckpointByAddress('https://models.test/big/', 'Q4_0')).toBeNull();
    await flush();
  }
  expect(state().records).toHaveLength(2);
  expect(services.library.jobs).toHaveLength(2);
  await additions.addCheckpointByAddress('https://models.test/big/', 'Q8_0');
  await additions.addByAddress({ ...model, url: 'https://models.test/b.gguf' });
  expect(state().records).toHaveLength(4);
});

test('a picked folder that was begun before goes on under its entry', async () => {
  const { services, additions, state } = await start();
  const settings = Object.assign(gguf('config.json'), { webkitRelativePath: 'Big/config.json' });
  const files = [settings];
  await additions.addCheckpoint(files, 'Q8_0');
  await flush();
  expect(await additions.addCheckpoint(files, 'Q8_0')).toMatchObject({ code: 'busy' });
  services.library.store(state().records[0]!.text[0]!.id, 100, 40);
  services.library.jobs[0]!.fail('storage-full');
  await flush();
  await flush();
  await additions.addCheckpoint(files, 'Q8_0');
  await flush();
  expect(state().records).toHaveLength(1);
  expect(services.library.converted.map(({ textId }) => textId)).toEqual(
    Array(2).fill(state().records[0]!.text[0]!.id),
  );
  await additions.addCheckpoint(files, 'Q4_0');
  await flush();
  expect(state().records).toHaveLength(2);
});

test('exported with a description, and added from it elsewhere: every part is compared', async () => {
  const services = new FakeServices();
  const record: ModelRecord = {
    v: 3,
    id: 'added-1',
    name: 'Mine',
    entryId: ownModel.id,
    text: partNames.map(name => ({ id: name, url: '', name })),
    addedAt: 1,
  };
  services.records.records = [record];
  for (const { id } of record.text) services.library.store(id, 100);
  const { library } = await start(services);
  await library.exportFiles('added-1');

  const elsewhere = await start();
  elsewhere.services.engine.descriptions.set(partNames[1]!, {
    identity: { ...modelIdentity, name: 'Itself' },
  });
  const files = services.saved.map(({ blob, name }) => new File([blob], name));
  const [description] = files.splice(2);
  expect(await elsewhere.keep(description!, files[0]!)).toMatchObject({ code: 'truncated-model' });
  expect(await elsewhere.keep(...files.toReversed(), description!)).toBeNull();
  await flush();
  expect(elsewhere.services.library.jobs[0]?.file).toMatchObject({
    name: partNames[0],
    chunkSha256: ['0'.repeat(64)],
    chunkBytes: 16_777_216,
  });
  // What it is called is what it says, not what the description calls it.
  expect(elsewhere.state().records[0]).toMatchObject({
    name: 'Itself',
    text: partNames.map(name => ({ name })),
  });
});

test('files that were begun without their description are compared with it once it comes', async () => {
  const { services, keep, state } = await start();
  const file = gguf('a.gguf');
  const told = {
    name: 'a.gguf',
    role: 'text' as const,
    bytes: 4,
    chunkBytes: 16_777_216,
    chunkSha256: ['0'],
  };
  const description = new File(
    [writeDescription({ name: 'A', entryId: ownModel.id, files: [told] })],
    `A${descriptionSuffix}`,
  );
  for (const picked of [[file], [file, description], [file]]) {
    await keep(...picked);
    await flush();
    services.library.jobs.at(-1)!.fail('aborted');
    await flush();
    await flush();
  }
  expect(state().records).toHaveLength(1);
  const hashes = services.library.jobs.map(job => job.file.chunkSha256);
  expect(hashes).toEqual([undefined, ['0'], ['0']]);
  expect(new Set(services.library.jobs.map(job => job.file.id)).size).toBe(1);
});

test('the parts of a split file are copied in their order, whatever the order of picking', async () => {
  const { services, keep, state } = await start();
  const picked = ['eyes.gguf', 'big-00002-of-00002.gguf', 'big-00001-of-00002.gguf'].map(gguf);
  services.engine.descriptions.set('big-00001-of-00002.gguf', {
    identity: { ...modelIdentity, name: 'Big' },
  });
  expect(await keep(...picked.toReversed())).toBeNull();
  await flush();
  expect(state().records[0]).toMatchObject({
    name: 'Big',
    text: [{ name: 'big-00001-of-00002.gguf' }, { name: 'big-00002-of-00002.gguf' }],
    vision: [{ name: 'eyes.gguf' }],
  });
  expect(services.library.jobs[0]!.file).toMatchObject({ name: 'big-00001-of-00002.gguf' });
});

test('the halves of a model that came in the other order are kept as what they are', async () => {
  const { services, keep, state } = await start();
  services.engine.descriptions.set('eyes.gguf', { isSwapped: true });
  expect(await keep(gguf('eyes.gguf'), gguf('big.gguf'))).toBeNull();
  expect(state().records[0]).toMatchObject({ text: [{ name: 'big.gguf' }], vision: [{ name: 'eyes.gguf' }] });
});

test('from a drive: a description of other files, and one that is damaged', async () => {
  const { services, keep } = await start();
  const file = gguf('a.gguf');
  const described = {
    name: 'other.gguf',
    role: 'text' as const,
    bytes: 4,
    chunkBytes: 16_777_216,
    chunkSha256: ['0'],
  };
  const description = writeDescription({ name: 'M', entryId: 'big', files: [described] });
  const other = new File([description], `M${descriptionSuffix}`);
  expect(await keep(file, other)).toMatchObject({ code: 'truncated-model' });
  const broken = new File(['{'], `M${descriptionSuffix}`);
  expect(await keep(file, broken)).toMatchObject({ code: 'invalid-model' });
  expect(services.records.records).toEqual([]);
});

describe('terms of use are not passed by', () => {
  const folderFile = (folder: string) =>
    Object.assign(new File(['x'], 'config.json'), { webkitRelativePath: `${folder}/config.json` });
  const bound = { ...ownModel, terms: 'hai-def' as const };
  const unseen = (url: string) => ({
    kind: 'remote' as const,
    name: 'a.gguf',
    text: [{ id: 'a', name: 'a.gguf', url }],
  });

  test.each<[string, 'hai-def' | 'gemma', (of: Awaited<ReturnType<typeof start>>) => Promise<unknown>]>([
    [
      'a folder that is called MedGemma',
      'hai-def',
      ({ additions }) => additions.addCheckpoint([folderFile('medgemma-1.5-4b-it')], 'Q8_0'),
    ],
    [
      'a folder that proves to be of Gemma’s architecture',
      'gemma',
      ({ additions, services }) => {
        services.library.checkpoint = { architecture: 'gemma3', seesImages: false };
        return additions.addCheckpoint([folderFile('mine')], 'Q8_0');
      },
    ],
    [
      'a folder that is taken for a model under terms',
      'hai-def',
      ({ additions }) => additions.addCheckpoint([folderFile('mine')], 'Q8_0', bound),
    ],
    [
      'the address of a checkpoint',
      'gemma',
      ({ additions }) => additions.addCheckpointByAddress('https://models.test/gemma-3-1b-it/', 'Q8_0'),
    ],
    [
      'a file that nobody could look at',
      'hai-def',
      ({ additions }) => additions.addUnseen(unseen('https://models.test/medgemma/a.gguf')),
    ],
  ])('by %s', async (_, id, add) => {
    const started = await start();
    expect(await add(started)).toMatchObject({ reason: 'terms-not-accepted' });
    expect(started.state().records).toEqual([]);
    await started.app.settingsController.acceptTerms(termsOf({ terms: id, name: 'N' })!);
    expect(await add(started)).toBeNull();
    expect(started.state().records).toHaveLength(1);
  });

  test('where there are none, nothing is asked', async () => {
    const { additions } = await start();
    expect(await additions.addUnseen(unseen('https://models.test/mine/a.gguf'))).toBeNull();
    expect(await additions.addCheckpoint([folderFile('mine')], 'Q8_0', ownModel)).toBeNull();
  });
});
