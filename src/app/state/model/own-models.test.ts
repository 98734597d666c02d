// @vitest-environment jsdom
import { beforeEach, describe, expect, test } from 'vitest';
import { greedySampling, mildSampling } from '../../../client/index.ts';
import {
  converse,
  FakeServices,
  flush,
  lastMessage,
  type Started,
  startApp,
} from '../../testing/fake-services.ts';
import {
  demonstration,
  modelIdentity,
  modelInfo,
  ownModel,
  ownSeeing,
  seeing,
} from '../../testing/fixtures.ts';
import { keyOf, keyOfFiles } from './model-identity.ts';

const file = new File(['GGUF'], 'mine.gguf', { lastModified: 5 });
const hash = 'a'.repeat(64);
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

test('a file that contradicts the entry it is opened under is named as what it is', async () => {
  const { app, engine } = started;
  engine.descriptions.set('mine.gguf', { identity: small });
  await app.modelController.load(large, file);
  expect(state()).toMatchObject({ phase: 'ready', entry: { name: 'Small', kind: 'own' } });
  expect(state().entry).not.toHaveProperty('looksLike');
  expect(app.ui.getState().toasts.map(({ text }) => text)).toEqual([
    expect.stringMatching(/^This is not Big: it has 0.13 billion parameters, not 13; /),
  ]);
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
  const { app } = started;
  await app.modelController.load(large, file);
  const first = state().entry;
  await app.modelController.load(ownSeeing, file);
  expect(state().entry).toEqual(first);
  expect(started.engine.loads).toHaveLength(2);
});

test('a hash proves it to be a model of the list, and is kept with what it writes', async () => {
  const { app, engine } = started;
  const bytes = demonstration.file as { bytes: number; sha256: string };
  engine.descriptions.set('mine.gguf', {
    identity: { ...modelIdentity, fileBytes: bytes.bytes, sha256: [bytes.sha256] },
  });
  await app.modelController.load(large, file);
  expect(engine.described[0]?.knownSizes).toContain(bytes.bytes);
  // Its answers stay marked as those of a demonstration.
  expect(state().entry).toMatchObject({ name: demonstration.name, kind: 'demonstration' });
  await converse(started, 'What is asthma?', 'A disease.');
  expect(lastMessage(app)).toMatchObject({
    modelKey: `sha256:${bytes.sha256}`,
    identity: { sha256: [bytes.sha256] },
  });
});

test('what is no model file leaves the model before, and says why', async () => {
  const { app, engine } = started;
  engine.descriptionRefusal = 'not-gguf';
  await app.modelController.load(large, file);
  expect(state()).toMatchObject({ phase: 'ready', entry: demonstration, error: { code: 'not-gguf' } });
  expect(engine.loads).toHaveLength(1);
});

test('another model chosen while a file is being described is the one that comes', async () => {
  const { app, engine } = started;
  let describe: () => void = () => undefined;
  const describeModel = engine.describeModel.bind(engine);
  engine.describeModel = async request => {
    await new Promise<void>(resolve => (describe = resolve));
    return describeModel(request);
  };
  const opening = app.modelController.load(large, file);
  await flush();
  await app.modelController.load(seeing);
  describe();
  await opening;
  expect(state()).toMatchObject({ phase: 'ready', entry: seeing });
});

test('a file that nobody has said how to ask is loaded, and asked only once somebody has', async () => {
  const { app, engine } = started;
  engine.descriptions.set('mine.gguf', { template: null });
  await app.modelController.load(large, file);
  expect(state()).toMatchObject({ phase: 'ready', entry: { template: null } });
  await app.chatController.send('What is asthma?');
  expect(lastMessage(app).error).toMatchObject({ code: 'unusable-template', reason: 'no-template-chosen' });
  expect(engine.answers).toHaveLength(0);
});

test('words are chosen as its file recommends, else a little varied, unless the reader chooses', async () => {
  const { app, engine } = started;
  await app.modelController.load(large, file);
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

describe('keyOfFiles', () => {
  const eyes = new File(['GGUF eyes'], 'eyes.gguf', { lastModified: 6 });

  test('is of the files, in whichever order they came', () => {
    expect(keyOfFiles({ file, visionFile: eyes })).toBe('file:eyes.gguf:9:6 file:mine.gguf:4:5');
    expect(keyOfFiles({ file: eyes, visionFile: file })).toBe(keyOfFiles({ file, visionFile: eyes }));
    for (const entry of [ownModel, seeing]) {
      expect(keyOf({ entry, files: { file } })).toBe('file:mine.gguf:4:5');
    }
  });

  test('is of their hashes where all of them are known', () => {
    const hashed = { ...modelIdentity, sha256: [hash] };
    expect(keyOfFiles({ file }, { identity: hashed })).toBe(`sha256:${hash}`);
    expect(keyOfFiles({ file, visionFile: eyes }, { identity: hashed, vision: modelIdentity })).toMatch(
      /^file:/,
    );
  });
});
