// @vitest-environment jsdom
import { beforeEach, expect, test } from 'vitest';
import { FakeServices, imageFile, type Started, startApp } from '../testing/fake-services.ts';
import { demonstration, ownModel, ownSeeing, seeing } from '../testing/fixtures.ts';

let started: Started;

beforeEach(async () => {
  const services = new FakeServices();
  services.catalogue = [demonstration, seeing, ownModel, ownSeeing];
  started = await startApp(services);
});

/** jsdom's files cannot be read as text. */
function beginningWith(text: string, name: string): File {
  return Object.assign(new File([text], name), {
    slice: () => ({ arrayBuffer: async () => new TextEncoder().encode(text).buffer }),
  });
}

const gguf = (name: string) => new File(['GGUF'], name);
const attached = () => started.app.shownDraft.getState().attachments.map(({ name }) => name);
const offered = () => started.app.offers.getState().offer;

test.each([
  ['an image', imageFile('scan.png')],
  ['an image without a type', new File(['x'], 'scan.jpg')],
  ['a DICOM file', new File(['x'], 'slice.dcm')],
  ['a file without an ending', new File(['x'], 'IM0001')],
])('%s goes beside the question', async (_, file) => {
  await started.app.openFiles([file]);
  expect(attached()).toEqual([file.name]);
  expect(offered()).toBeNull();
});

test.each([
  ['a document', new File(['%PDF-'], 'report.pdf')],
  ['a document without an ending', beginningWith('%PDF-1.7', 'report')],
  ['a text', new File(['x'], 'notes.md')],
  ['what an office program writes', new File(['x'], 'letter.docx')],
])('%s goes beside the question to be asked about', async (_, file) => {
  started.services.documents.known.set(file.name, { kind: 'text', parts: [], emptyPages: [] });
  await started.app.openFiles([file]);
  expect(attached()).toEqual([]);
  expect(started.app.shownDraft.getState().sources).toMatchObject([{ name: file.name, status: 'ready' }]);
});

test.each([
  ['by its ending', new File(['x'], 'model.GGUF')],
  ['by its first bytes', beginningWith('GGUF', 'model.part')],
  ['in another format', new File(['x'], 'model.safetensors')],
])('a model is known %s, and shown before it is loaded', async (_, file) => {
  await started.app.openFiles([file]);
  expect(attached()).toEqual([]);
  expect(offered()).toEqual({ kind: 'files', files: { file } });
  expect(started.app.ui.getState().dialog).toEqual({ kind: 'models' });
  expect(started.engine.loads).toHaveLength(1);
});

test('two model files are offered as the halves of one', async () => {
  const [file, visionFile] = [gguf('text.gguf'), gguf('mmproj.gguf')];
  await started.app.openFiles([file, visionFile]);
  expect(offered()).toEqual({ kind: 'files', files: { file, visionFile } });
});

test('the parts of a split model count as one file, in any order, with its image half beside them', async () => {
  const { app } = started;
  const parts = ['big-00002-of-00002.gguf', 'big-00001-of-00002.gguf'].map(gguf);
  await app.openFiles(parts);
  expect(offered()).toEqual({ kind: 'files', files: { file: parts } });
  const eyes = gguf('mmproj.gguf');
  await app.openFiles([parts[0]!, eyes, parts[1]!]);
  expect(offered()).toEqual({ kind: 'files', files: { file: parts, visionFile: eyes } });
});

test('the description of an export goes with its files, and alone is no model', async () => {
  const { app } = started;
  const description = new File(['{}'], 'mine.bedside.json');
  await app.openFiles([description]);
  expect(offered()).toBeNull();
  expect(app.ui.getState().toasts[0]?.text).toContain('choose it together with the files');
  const file = gguf('mine.gguf');
  await app.openFiles([description, file]);
  expect(offered()).toEqual({ kind: 'files', files: { file }, description });
});

test('three models at once are refused in words, and what was offered before stays', async () => {
  const { app } = started;
  const file = gguf('mine.gguf');
  await app.openFiles([file]);
  await app.openFiles(['a.gguf', 'b.gguf', 'c.gguf'].map(gguf));
  expect(app.ui.getState().toasts[0]?.text).toContain('One model at a time');
  expect(offered()).toEqual({ kind: 'files', files: { file } });
});

test('images and a model dropped together both arrive', async () => {
  const file = gguf('a.gguf');
  await started.app.openFiles([imageFile('scan.png'), file]);
  expect(attached()).toEqual(['scan.png']);
  expect(offered()).toEqual({ kind: 'files', files: { file } });
});
