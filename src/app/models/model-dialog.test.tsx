// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { FakeServices } from '../testing/fake-services.ts';
import { ownModel, ownSeeing, seeing } from '../testing/fixtures.ts';
import { renderPage, settled } from '../testing/render-page.tsx';

afterEach(cleanup);

const file = new File(['GGUF'], 'mine.gguf');

async function openModels(services = new FakeServices()) {
  const started = await renderPage(services);
  await settled(() => fireEvent.click(screen.getByRole('button', { name: /Choose a model/ })));
  return { ...started, dialog: within(screen.getByRole('dialog', { name: 'Models' })) };
}

const card = (name: string) => within(screen.getByRole('article', { name }));

test('lists the catalogue, what is loaded and what is stored', async () => {
  const services = new FakeServices();
  services.library.store('nano-chat', 7_800_000);
  const { dialog } = await openModels(services);
  expect(dialog.getAllByRole('article').map(article => article.getAttribute('aria-label'))).toEqual([
    'Nano',
    'Chatty',
    'Big',
  ]);
  expect(card('Nano').getByRole<HTMLButtonElement>('button', { name: 'In use' }).disabled).toBe(true);
  expect(card('Big').getByText('Two gigabytes of GPU memory.')).toBeDefined();
  expect(dialog.getByText('7.2 million')).toBeDefined();
  await settled(() =>
    fireEvent.click(dialog.getByRole('button', { name: 'Delete the stored copy of Nano' })),
  );
  expect(dialog.getByText('Delete 7.8 MB?')).toBeDefined();
  await settled(() => fireEvent.click(dialog.getByRole('button', { name: 'Delete for good: Nano' })));
  expect(dialog.getByText('No model is stored.')).toBeDefined();
});

test('a choice closes the dialog and shows the load, which can be cancelled', async () => {
  const { engine } = await openModels();
  engine.loadsAtOnce = false;
  await settled(() => fireEvent.click(card('Chatty').getByRole('button', { name: 'Use this model' })));
  expect(screen.queryByRole('dialog')).toBeNull();
  const panel = within(screen.getByRole('region', { name: 'Loading the model' }));
  await settled(() => engine.lastLoad.progress({ phase: 'upload', done: 1e6, total: 4e6, fromStore: false }));
  expect(panel.getByText(/1\.0 MB of 4\.0 MB/)).toBeDefined();
  expect(panel.getByRole('progressbar')).toHaveProperty('value', 1e6);
  await settled(() => fireEvent.click(panel.getByRole('button', { name: 'Cancel' })));
  expect(screen.getByRole('button', { name: /Model: Nano, ready/ })).toBeDefined();
});

test('a file of one’s own is called what it says, whatever it was picked for', async () => {
  const { engine } = await openModels();
  const picker = screen.getByLabelText('GGUF file of Big');
  await settled(() => fireEvent.change(picker, { target: { files: [file] } }));
  expect(engine.lastLoad.call).toMatchObject({ source: { kind: 'file', file }, contextTokens: 2048 });
  expect(screen.getByRole('button', { name: /Model: mine, ready/ })).toBeDefined();
});

test('a model in parts is opened with all of them at once', async () => {
  const { engine } = await openModels();
  const picker = screen.getByLabelText('GGUF file of Big');
  const parts = [2, 1].map(number => new File(['GGUF'], `big-0000${number}-of-00002.gguf`));
  await settled(() => fireEvent.change(picker, { target: { files: [...parts, file] } }));
  expect(card('Big').getByRole('alert').textContent).toContain('3 files were chosen.');
  expect(card('Big').getByRole('alert').textContent).toContain('choose all the parts');
  await settled(() => fireEvent.change(picker, { target: { files: parts } }));
  expect(engine.lastLoad.call.source).toEqual({
    kind: 'split',
    parts: parts.map(part => ({ kind: 'file', file: part })),
  });
});

test('an unsound file is refused beside the composer, and the model before it goes on', async () => {
  const { engine } = await openModels();
  engine.loadsAtOnce = false;
  const picker = screen.getByLabelText('GGUF file of Big');
  await settled(() => fireEvent.change(picker, { target: { files: [file] } }));
  await settled(() => engine.lastLoad.fail('not-gguf', 'stays'));
  expect(screen.getByRole('alert').textContent).toContain('This is not a GGUF file');
  expect(screen.getByRole('button', { name: /Model: Nano, ready/ })).toBeDefined();
});

test('a dropped file that could be several kinds asks which', async () => {
  const services = new FakeServices();
  services.catalogue = [...services.catalogue, { ...ownModel, id: 'other', name: 'Other' }];
  const { engine } = await renderPage(services);
  const drop = new Event('drop', { bubbles: true, cancelable: true });
  Object.assign(drop, { dataTransfer: { types: ['Files'], files: [file] } });
  await settled(() => document.dispatchEvent(drop));
  expect(drop.defaultPrevented).toBe(true);
  expect(engine.loads).toHaveLength(1);
  expect(screen.getByRole('dialog').textContent).toContain('Which kind of model is mine.gguf?');
  await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Open as Other' })));
  expect(engine.lastLoad.call.source).toEqual({ kind: 'file', file });
});

test('unloading frees the GPU', async () => {
  const { dialog, engine } = await openModels();
  await settled(() => fireEvent.click(dialog.getByRole('button', { name: 'Unload and free the GPU' })));
  expect(engine.loaded).toBeNull();
  expect(screen.getByRole('button', { name: 'Model: No model, none loaded. Choose a model' })).toBeDefined();
});

test('a model in two files is opened with both, and one alone is answered with a hint', async () => {
  const services = new FakeServices();
  services.catalogue = [...services.catalogue, ownSeeing];
  const { engine } = await openModels(services);
  expect(card('Big eyes').getByText('sees images')).toBeDefined();
  const picker = screen.getByLabelText<HTMLInputElement>('GGUF files of Big eyes');
  expect(picker.multiple).toBe(true);
  await settled(() => fireEvent.change(picker, { target: { files: [file] } }));
  expect(card('Big eyes').getByRole('alert').textContent).toContain('One file was chosen.');
  expect(engine.loads).toHaveLength(1);
  const eyes = new File(['GGUF'], 'mmproj.gguf');
  await settled(() => fireEvent.change(picker, { target: { files: [file, eyes] } }));
  expect(engine.lastLoad.call).toMatchObject({ source: { file }, vision: { file: eyes } });
  expect(screen.getByRole('button', { name: /Model: mine, ready/ })).toBeDefined();
});

test('one dropped half of a model cannot be opened as it, but picked again with the other', async () => {
  const services = new FakeServices();
  services.catalogue = [...services.catalogue, ownSeeing];
  const { app, engine } = await renderPage(services);
  await settled(() => void app.openFiles([file]));
  expect(screen.queryByRole('button', { name: 'Open as Big eyes' })).toBeNull();
  expect(card('Big eyes').getByText(/Its other file is missing/)).toBeDefined();
  await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Open as Big' })));
  expect(engine.lastLoad.call).toMatchObject({ source: { file } });
  expect(engine.lastLoad.call.vision).toBeUndefined();
});

test('two dropped files ask which of the models that see they are', async () => {
  const services = new FakeServices();
  services.catalogue = [ownModel, ownSeeing, { ...ownSeeing, id: 'other', name: 'Other eyes' }];
  const { app, engine } = await renderPage(services);
  const eyes = new File(['GGUF'], 'mmproj.gguf');
  await settled(() => void app.openFiles([file, eyes]));
  expect(screen.getByRole('dialog').textContent).toContain(
    'Which kind of model is mine.gguf with mmproj.gguf?',
  );
  expect(screen.queryByRole('article', { name: 'Big' })).toBeNull();
  await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Open as Other eyes' })));
  expect(engine.lastLoad.call).toMatchObject({ source: { file }, vision: { file: eyes } });
});

test('a model that sees says with what, and is stored as one, whatever it is made of', async () => {
  const services = new FakeServices();
  services.catalogue = [seeing];
  services.library.store('nano-vqa', 5_684_704);
  services.library.store('nano-vqa-vision', 2_193_120, 1_000_000);
  const { dialog } = await openModels(services);
  expect(
    dialog.getByText('nano eyes, 1.1 million parameters, tiles of 112 pixels, 16 tokens each'),
  ).toBeDefined();
  const row = within(dialog.getByRole('listitem', { name: 'Seer' }));
  expect(row.getByText('6.7 MB of 7.9 MB here; the rest is missing')).toBeDefined();
  expect(row.getByRole('button', { name: 'Fetch the rest: Seer' })).toBeDefined();
});
