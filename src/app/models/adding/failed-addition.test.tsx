// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeServices } from '../../testing/fake-services.ts';
import { ownModel } from '../../testing/fixtures.ts';
import { renderPage, settled } from '../../testing/render-page.tsx';

beforeEach(() => {
  Element.prototype.scrollIntoView = vi.fn();
});

afterEach(cleanup);

async function openModels(services = new FakeServices()) {
  services.catalogue = [...services.catalogue.filter(({ kind }) => kind === 'demonstration'), ownModel];
  const started = await renderPage(services);
  await settled(() => started.app.ui.getState().openDialog({ kind: 'models' }));
  const dialog = within(screen.getByRole('dialog', { name: 'Models' }));
  const field = () => dialog.getByLabelText<HTMLInputElement>('Address of the GGUF file');
  const type = (text: string) => settled(() => void fireEvent.change(field(), { target: { value: text } }));
  const press = (name: string) => settled(() => void fireEvent.click(dialog.getByRole('button', { name })));
  return { ...started, dialog, field, type, press };
}

const badge = () => screen.getByRole('button', { name: /Choose a model/, hidden: true });
const look = 'Look what it is';
const keep = 'Fetch it, and keep it on this device';

test('an address that leads nowhere stays in its field, and what is wrong is said where it is shown', async () => {
  const { services, app, dialog, field, type, press } = await openModels();
  services.engine.descriptionRefusal = 'network';
  await type('https://models.test/wrong.gguf');
  await press(look);
  const panel = within(dialog.getByRole('region', { name: 'wrong.gguf' }));
  expect(panel.getByRole('alert').textContent).toContain('What happened: network.');
  expect(field().value).toBe('https://models.test/wrong.gguf');
  expect(services.records.records).toEqual([]);
  expect(app.library.getState()).toMatchObject({ jobs: {}, errors: {} });
  // Corrected and tried again.
  services.engine.descriptionRefusal = null;
  await type('https://models.test/right.gguf');
  await press(look);
  await press(keep);
  expect(services.library.jobs[0]!.file).toMatchObject({ url: 'https://models.test/right.gguf' });
});

test('a fetch that fails at once is said at the address, and nothing else is kept of it', async () => {
  const { services, app, dialog, field, type, press } = await openModels();
  await type('https://models.test/wrong.gguf');
  await press(look);
  await press(keep);
  await settled(() => services.library.jobs[0]!.fail('network'));
  await settled();
  expect(field().value).toBe('https://models.test/wrong.gguf');
  const form = field().closest('form')!;
  expect(within(form).getByRole('alert').textContent).toContain('What happened: network.');
  expect(document.activeElement).toBe(field());
  expect(dialog.queryByRole('listitem', { name: 'wrong' })).toBeNull();
  expect(services.records.records).toEqual([]);
  expect(app.library.getState()).toMatchObject({ jobs: {}, errors: {} });
  expect(badge().textContent).not.toMatch(/stopped/);
  expect(app.ui.getState().toasts).toEqual([]);
});

test('what had arrived is kept with its model, where it can go on', async () => {
  const { services, dialog, type, press } = await openModels();
  await type('https://models.test/half.gguf');
  await press(look);
  await press(keep);
  services.library.store(services.records.records[0]!.text[0]!.id, 100, 40);
  await settled(() => services.library.jobs[0]!.fail('network'));
  await settled();
  const row = within(dialog.getByRole('listitem', { name: 'half' }));
  expect(row.getByRole('alert').textContent).toContain('What happened: network.');
  expect(row.getByRole('button', { name: 'Fetch the rest: half' })).toBeDefined();
});

test('a copy that fails is said where the file was chosen', async () => {
  const { services, app, dialog, press } = await openModels();
  await settled(() => void app.openFiles([new File(['GGUF'], 'notes.gguf')]));
  await press('Keep it on this device');
  await settled(() => services.library.jobs[0]!.fail('not-gguf'));
  await settled();
  const section = dialog.getByRole('region', { name: 'A model of your own' });
  expect(within(section).getByRole('alert').textContent).toContain('What happened: not-gguf.');
  expect(dialog.queryByRole('listitem', { name: 'notes' })).toBeNull();
  expect(services.records.records).toEqual([]);
});

test('a failure after the dialog was closed is told, and kept where it can be corrected', async () => {
  const { services, app, type, press } = await openModels();
  await type('https://models.test/wrong.gguf');
  await press(look);
  await press(keep);
  await settled(() => app.ui.getState().closeDialog());
  await settled(() => services.library.jobs[0]!.fail('network'));
  await settled();
  expect(app.ui.getState().toasts.map(({ text }) => text)).toEqual([
    'wrong was not added: What happened: network.',
  ]);
});

test('the files of a repository are listed when asked for, shown, and fetched with their hashes', async () => {
  const services = new FakeServices();
  services.library.hub = {
    'org/name': [
      { path: 'name-Q8_0.gguf', bytes: 2e9, sha256: 'b'.repeat(64) },
      { path: 'q/name-Q4_K_M-00002-of-00002.gguf', bytes: 5e8, sha256: 'd'.repeat(64) },
      { path: 'q/name-Q4_K_M-00001-of-00002.gguf', bytes: 5e8, sha256: 'c'.repeat(64) },
    ],
  };
  const { dialog, type, press } = await openModels(services);
  await type('org/name');
  expect(services.allowed).toEqual([]);
  await press('List the files of org/name');
  expect(services.allowed).toEqual(['https://huggingface.co']);
  const select = dialog.getByLabelText<HTMLSelectElement>('File');
  expect([...select.options].map(({ text }) => text)).toEqual([
    'Q4_K_M · 1.0 GB · q/name-Q4_K_M (2 parts)',
    'Q8_0 · 2.0 GB · name-Q8_0.gguf',
  ]);
  await press(look);
  await press(keep);
  expect(services.records.records[0]).toMatchObject({
    text: ['c', 'd'].map((digit, index) => ({
      url: `https://huggingface.co/org/name/resolve/main/q/name-Q4_K_M-0000${index + 1}-of-00002.gguf`,
      bytes: 5e8,
      sha256: digit.repeat(64),
    })),
  });
});

test('a repository that cannot be read says so at the field; the air gap asks nobody', async () => {
  const { services, app, dialog, field, type, press } = await openModels();
  await type('https://huggingface.co/org/secret/tree/main');
  await press('List the files of org/secret');
  expect(within(field().closest('form')!).getByRole('alert').textContent).toContain(
    'What happened: network.',
  );
  app.airGap.setState({ status: 'on' });
  services.library.hub = { 'org/secret': [] };
  await press('List the files of org/secret');
  expect(within(field().closest('form')!).getByRole('alert').textContent).toContain('The air gap is on');
  await type('https://models.test/a.gguf');
  await press(look);
  const panel = within(dialog.getByRole('region', { name: 'a.gguf' }));
  expect(panel.getByRole('alert').textContent).toContain('The air gap is on');
});

test('a page about a file becomes the file', async () => {
  const { services, type, press } = await openModels();
  await type('https://huggingface.co/org/name/blob/main/a.gguf');
  await press(look);
  expect(services.engine.described[0]!.source).toMatchObject({
    url: 'https://huggingface.co/org/name/resolve/main/a.gguf',
  });
});
