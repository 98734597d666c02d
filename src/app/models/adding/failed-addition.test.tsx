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

test('an address that leads nowhere stays in its field with the error, and nothing else is kept of it', async () => {
  const { services, app, dialog, field, type, press } = await openModels();
  await type('https://models.test/wrong.gguf');
  await press('Fetch');
  await settled(() => services.library.jobs[0]!.fail('network'));
  await settled();
  expect(field().value).toBe('https://models.test/wrong.gguf');
  const form = field().closest('form')!;
  expect(within(form).getByRole('alert').textContent).toContain('What happened: network.');
  expect(document.activeElement).toBe(field());
  expect(dialog.queryByRole('listitem', { name: 'wrong.gguf' })).toBeNull();
  expect(services.records.records).toEqual([]);
  expect(app.library.getState()).toMatchObject({ jobs: {}, errors: {} });
  expect(badge().textContent).not.toMatch(/stopped/);
  expect(app.ui.getState().toasts).toEqual([]);
  // Corrected and tried again.
  await type('https://models.test/right.gguf');
  await press('Fetch');
  expect(within(form).queryByRole('alert')).toBeNull();
  expect(services.library.jobs[1]!.file).toMatchObject({ url: 'https://models.test/right.gguf' });
});

test('what had arrived is kept with its model, where it can go on', async () => {
  const { services, dialog, type, press } = await openModels();
  await type('https://models.test/half.gguf');
  await press('Fetch');
  services.library.store(services.records.records[0]!.text[0]!.id, 100, 40);
  await settled(() => services.library.jobs[0]!.fail('network'));
  await settled();
  const row = within(dialog.getByRole('listitem', { name: 'half.gguf' }));
  expect(row.getByRole('alert').textContent).toContain('What happened: network.');
  expect(row.getByRole('button', { name: 'Fetch the rest: half.gguf' })).toBeDefined();
});

test('a wrong file is refused where it was chosen', async () => {
  const { services, app, dialog } = await openModels();
  await settled(() => void app.libraryAdditions.addFromDisk([new File(['text'], 'notes.gguf')], ownModel));
  await settled(() => services.library.jobs[0]!.fail('not-gguf'));
  await settled();
  const source = dialog.getByRole('heading', { name: 'From a drive of this machine' }).parentElement!;
  expect(within(source).getByRole('alert').textContent).toContain('What happened: not-gguf.');
  expect(dialog.queryByRole('listitem', { name: 'notes' })).toBeNull();
  expect(services.records.records).toEqual([]);
});

test('a failure after the dialog was closed is told, and kept where it can be corrected', async () => {
  const { services, app, type, press } = await openModels();
  await type('https://models.test/wrong.gguf');
  await press('Fetch');
  await settled(() => app.ui.getState().closeDialog());
  await settled(() => services.library.jobs[0]!.fail('network'));
  await settled();
  expect(app.ui.getState().toasts.map(({ text }) => text)).toEqual([
    'wrong.gguf was not added: What happened: network.',
  ]);
});

test('the files of a repository are listed when asked for, and fetched with their hashes', async () => {
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
  await press('Fetch what is chosen');
  expect(services.records.records[0]).toMatchObject({
    name: 'name-Q4_K_M',
    text: ['c', 'd'].map((digit, index) => ({
      url: `https://huggingface.co/org/name/resolve/main/q/name-Q4_K_M-0000${index + 1}-of-00002.gguf`,
      bytes: 5e8,
      sha256: digit.repeat(64),
    })),
  });
});

test('a repository that cannot be read says so at the field; the air gap asks nobody', async () => {
  const { services, app, field, type, press } = await openModels();
  await type('https://huggingface.co/org/secret/tree/main');
  await press('List the files of org/secret');
  expect(within(field().closest('form')!).getByRole('alert').textContent).toContain(
    'What happened: network.',
  );
  app.airGap.setState({ status: 'on' });
  services.library.hub = { 'org/secret': [] };
  await press('List the files of org/secret');
  expect(within(field().closest('form')!).getByRole('alert').textContent).toContain('The air gap is on');
});

test('a page about a file becomes the file', async () => {
  const { services, type, press } = await openModels();
  await type('https://huggingface.co/org/name/blob/main/a.gguf');
  await press('Fetch');
  expect(services.library.jobs[0]!.file).toMatchObject({
    url: 'https://huggingface.co/org/name/resolve/main/a.gguf',
  });
});
