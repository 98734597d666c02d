// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { FakeServices } from '../testing/fake-services.ts';
import { ownSeeing, seeing } from '../testing/fixtures.ts';
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

test('a file that proves unsound when it is loaded is refused beside the composer, and the model before it goes on', async () => {
  const { app, engine } = await openModels();
  const picker = screen.getByLabelText('GGUF file of Big');
  await settled(() => fireEvent.change(picker, { target: { files: [file] } }));
  engine.loadsAtOnce = false;
  await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Use it' })));
  await settled(() => engine.lastLoad.fail('not-gguf', 'stays'));
  expect(screen.getByRole('alert').textContent).toContain('This is not a GGUF file');
  expect(screen.getByRole('button', { name: /Model: Nano, ready/ })).toBeDefined();
  // What was not used stays on offer.
  expect(app.offers.getState().offer).toMatchObject({ files: { file } });
});

test('a model in parts, and one in two files, are opened with all of them at once', async () => {
  const services = new FakeServices();
  services.catalogue = [...services.catalogue, ownSeeing];
  const { engine } = await openModels(services);
  expect(card('Big eyes').getByText('sees images')).toBeDefined();
  const picker = screen.getByLabelText<HTMLInputElement>('GGUF files of Big eyes');
  expect(picker.multiple).toBe(true);
  const parts = [2, 1].map(number => new File(['GGUF'], `big-0000${number}-of-00002.gguf`));
  const eyes = new File(['GGUF'], 'mmproj.gguf');
  await settled(() => fireEvent.change(picker, { target: { files: [...parts, eyes] } }));
  const source = { kind: 'split', parts: parts.map(part => ({ kind: 'file', file: part })) };
  expect(engine.described.at(-1)).toMatchObject({ source, vision: { file: eyes } });
  await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Use it' })));
  expect(engine.lastLoad.call).toMatchObject({ source, vision: { file: eyes } });
});

test('unloading frees the memory', async () => {
  const { dialog, engine } = await openModels();
  await settled(() => fireEvent.click(dialog.getByRole('button', { name: 'Unload and free the memory' })));
  expect(engine.loaded).toBeNull();
  expect(screen.getByRole('button', { name: 'Model: No model, none loaded. Choose a model' })).toBeDefined();
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
