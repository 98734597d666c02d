// @vitest-environment jsdom
import { beforeEach, expect, test } from 'vitest';
import { type CatalogueEntry, greedySampling, mildSampling } from '../../../client/index.ts';
import { converse, FakeServices, lastMessage, type Started, startApp } from '../../testing/fake-services.ts';
import {
  demonstration,
  modelIdentity,
  modelInfo,
  ownModel,
  ownSeeing,
  seeing,
} from '../../testing/fixtures.ts';

const file = new File(['GGUF'], 'mine.gguf', { lastModified: 5 });
const small = { ...modelIdentity, name: 'Small', parameterCount: 134_515_008, publisher: 'P' };
const large = {
  ...ownModel,
  states: {
    architecture: 'llama',
    parameterCount: 13e9,
    shape: { layers: 40, embedding: 5120, feedForward: 13_824, heads: 40, kvHeads: 40 },
    vocabulary: { model: 'llama', pieces: 32_001 },
  },
};

let started: Started;
beforeEach(async () => {
  const services = new FakeServices();
  services.catalogue = [demonstration, seeing, large, ownSeeing];
  started = await startApp(services);
});

const state = () => started.app.models.getState();

/** Picked at the card of a model, and used as what it turned out to be. */
async function openAs(openedAs: CatalogueEntry) {
  const { offerController, offers } = started.app;
  offerController.offerFiles([file], openedAs);
  const described = await offerController.describe(offers.getState().offer!);
  await offerController.use(described, null);
  return described;
}

test('a file that contradicts the entry it is opened under is named as what it is', async () => {
  const { app, engine } = started;
  engine.descriptions.set('mine.gguf', { identity: small });
  const { contradiction } = await openAs(large);
  expect(state()).toMatchObject({ phase: 'ready', entry: { name: 'Small', kind: 'own' } });
  expect(state().entry).not.toHaveProperty('looksLike');
  expect(contradiction).toEqual(
    expect.stringMatching(/^This is not Big: it has 0.13 billion parameters, not 13; /),
  );
  await converse(started, 'What is asthma?', 'A disease.');
  expect(lastMessage(app)).toMatchObject({
    model: 'Small',
    modelKind: 'own',
    modelKey: 'file:mine.gguf:4:5',
    identity: { quantisation: 'Q8_0', template: 'file' },
  });
  expect(started.services.settings.settings.modelId).not.toBe(large.id);
});

test('under whichever entry it is opened, it is the same model', async () => {
  await openAs(large);
  const first = state().entry;
  await openAs(ownSeeing);
  expect(state().entry).toEqual(first);
  expect(started.engine.loads).toHaveLength(2);
});

test('a hash proves it to be a model of the list, and is kept with what it writes', async () => {
  const { app, engine } = started;
  const bytes = demonstration.file as { bytes: number; sha256: string };
  engine.descriptions.set('mine.gguf', {
    identity: { ...modelIdentity, fileBytes: bytes.bytes, sha256: [bytes.sha256] },
  });
  await openAs(large);
  expect(engine.described[0]?.knownSizes).toContain(bytes.bytes);
  // Its answers stay marked as those of a demonstration.
  expect(state().entry).toMatchObject({ name: demonstration.name, kind: 'demonstration' });
  await converse(started, 'What is asthma?', 'A disease.');
  expect(lastMessage(app)).toMatchObject({
    modelKey: `sha256:${bytes.sha256}`,
    identity: { sha256: [bytes.sha256] },
  });
});

test('a file that nobody has said how to ask is loaded, and asked only once somebody has', async () => {
  const { app, engine } = started;
  engine.descriptions.set('mine.gguf', { template: null });
  await openAs(large);
  expect(state()).toMatchObject({ phase: 'ready', entry: { template: null } });
  await app.chatController.send('What is asthma?');
  expect(lastMessage(app).error).toMatchObject({ code: 'unusable-template', reason: 'no-template-chosen' });
  expect(engine.answers).toHaveLength(0);
});

test('words are chosen as its file recommends, else a little varied, unless the reader chooses', async () => {
  const { app, engine } = started;
  await openAs(large);
  await converse(started, 'What is asthma?', 'A disease.');
  expect(engine.lastAnswer.call.sampling).toEqual(mildSampling);
  const sampling = { settings: { temperature: 0.6, topK: 20 }, notFollowed: [] };
  app.models.setState({ info: { ...modelInfo, sampling } });
  await converse(started, 'And gout?', 'Another.');
  expect(engine.lastAnswer.call.sampling).toEqual({ ...greedySampling, temperature: 0.6, topK: 20 });
  await app.settingsController.update({ sampling: greedySampling });
  await converse(started, 'And measles?', 'A third.');
  expect(engine.lastAnswer.call.sampling).toEqual(greedySampling);
});
