// @vitest-environment jsdom
import { beforeEach, expect, test } from 'vitest';
import { FakeServices, flush, imageFile, type Started, startApp } from '../testing/fake-services.ts';
import { demonstration, ownFile, ownModel, ownSeeing, seeing } from '../testing/fixtures.ts';

let started: Started;

beforeEach(async () => {
  const services = new FakeServices();
  services.catalogue = [demonstration, seeing, ownModel, ownSeeing];
  started = await startApp(services);
});

/** jsdom's files cannot be read as text. */
function beginningWith(text: string, name: string): File {
  return Object.assign(new File([text], name), { slice: () => ({ text: async () => text }) });
}

const gguf = (name: string) => new File(['GGUF'], name);
const attached = () => started.app.shownDraft.getState().attachments.map(({ name }) => name);

test.each([
  ['an image', imageFile('scan.png')],
  ['an image without a type', new File(['x'], 'scan.jpg')],
  ['a DICOM file', new File(['x'], 'slice.dcm')],
  ['a document', new File(['%PDF'], 'report.pdf')],
  ['a file without an ending', new File(['x'], 'IM0001')],
])('%s goes beside the question', async (_, file) => {
  await started.app.openFiles([file]);
  expect(attached()).toEqual([file.name]);
  expect(started.app.models.getState().dropped).toBeNull();
});

test.each([
  ['by its ending', new File(['x'], 'model.GGUF')],
  ['by its first bytes', beginningWith('GGUF', 'model.part')],
  ['in another format', new File(['x'], 'model.safetensors')],
])('a model is known %s', async (_, file) => {
  await started.app.openFiles([file]);
  expect(attached()).toEqual([]);
  expect(started.app.models.getState().dropped).toEqual({ file });
  expect(started.app.ui.getState().dialog).toEqual({ kind: 'models' });
});

test('two model files are the halves of one that sees', async () => {
  const { app, engine } = started;
  const [text, eyes] = [gguf('text.gguf'), gguf('mmproj.gguf')];
  await app.openFiles([text, eyes]);
  await flush();
  expect(engine.lastLoad.call).toMatchObject({
    source: { kind: 'file', file: text },
    vision: { kind: 'file', file: eyes },
  });
  expect(app.models.getState()).toMatchObject({
    entry: { kind: 'own', name: 'text', vision: {} },
    fileName: 'text.gguf and mmproj.gguf',
    info: { vision: { tileSize: 112 } },
  });
  // Both again after the model is lost.
  await app.modelController.reload();
  expect(engine.loads).toHaveLength(3);
  expect(engine.lastLoad.call).toMatchObject({ source: { file: text }, vision: { file: eyes } });
});

test('one half of a model that sees is not loaded alone', async () => {
  const { app, engine } = started;
  app.models.setState({ catalogue: [demonstration, ownSeeing] });
  const file = gguf('text.gguf');
  await app.openFiles([file]);
  expect(engine.loads).toHaveLength(1);
  expect(app.models.getState().dropped).toEqual({ file });
});

test('the parts of a split model count as one file, in any order, with its image half beside them', async () => {
  const { app, engine } = started;
  const parts = ['big-00002-of-00002.gguf', 'big-00001-of-00002.gguf'].map(gguf);
  const source = { kind: 'split', parts: parts.map(file => ({ kind: 'file', file })) };
  await app.openFiles(parts);
  expect(app.models.getState().dropped).toEqual({ file: parts });
  await app.modelController.load(ownFile, parts);
  expect(engine.lastLoad.call.source).toEqual(source);
  expect(app.models.getState().fileName).toBe('big.gguf (2 parts)');
  const eyes = gguf('mmproj.gguf');
  await app.openFiles([parts[0]!, eyes, parts[1]!]);
  await flush();
  expect(engine.lastLoad.call).toMatchObject({ source, vision: { kind: 'file', file: eyes } });
  expect(app.models.getState()).toMatchObject({
    entry: { kind: 'own', vision: {} },
    fileName: 'big.gguf (2 parts) and mmproj.gguf',
  });
});

test('three models at once are refused in words', async () => {
  const { app, engine } = started;
  await app.openFiles(['a.gguf', 'b.gguf', 'c.gguf'].map(gguf));
  expect(engine.loads).toHaveLength(1);
  expect(app.ui.getState().toasts[0]?.text).toContain('One model at a time');
});

test('images and a model dropped together both arrive', async () => {
  const { app } = started;
  const file = gguf('a.gguf');
  await app.openFiles([imageFile('scan.png'), file]);
  expect(attached()).toEqual(['scan.png']);
  expect(app.models.getState().dropped).toEqual({ file });
});
