// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import type { ModelRecord } from '../../client/index.ts';
import { FakeServices } from '../testing/fake-services.ts';
import { gpuReport, ownModel } from '../testing/fixtures.ts';
import { renderPage, settled } from '../testing/render-page.tsx';

// jsdom lays nothing out.
const scrolledTo = vi.fn<(this: HTMLElement) => void>();
HTMLElement.prototype.scrollIntoView = function scrollIntoView() {
  scrolledTo.call(this);
};

afterEach(() => {
  cleanup();
  scrolledTo.mockClear();
});

const mine: ModelRecord = {
  v: 3,
  id: 'added-1',
  name: 'Mine',
  entryId: ownModel.id,
  text: [{ id: 'file-1', url: 'https://models.test/a.gguf', name: 'a.gguf' }],
  addedAt: 1,
};

async function openModels(services = new FakeServices()) {
  const started = await renderPage(services);
  await settled(() => fireEvent.click(screen.getByRole('button', { name: /Choose a model/ })));
  return { ...started, dialog: within(screen.getByRole('dialog', { name: 'Models' })) };
}

const checkpointButton = 'Make it from the published checkpoint…';

/** jsdom opens no details by a click on their summary. */
const toggle = (details: HTMLDetailsElement) =>
  settled(() => {
    details.open = true;
    fireEvent(details, new Event('toggle'));
  });

test('a card says what a model is for and where it fails, and a missing one says so and can be asked again', async () => {
  const services = new FakeServices();
  const url = 'https://site.test/card.json';
  services.catalogue = [{ ...ownModel, card: url }];
  await openModels(services);
  const details = screen
    .getByText('What it is for, and what it cannot do')
    .closest<HTMLDetailsElement>('details')!;
  await toggle(details);
  expect(within(details).getByRole('alert')).toBeDefined();
  services.cards[url] = {
    name: 'Big',
    notice: 'Never for care.',
    developer: 'Somebody',
    source: 'https://models.test/big',
    license: { name: 'MIT', attribution: 'None.' },
    purpose: { intendedUse: 'Research.', intendedUsers: 'Testers.', outOfScope: ['Care of any patient.'] },
    training: { data: 'texts' },
    evaluation: [{ what: 'MedQA', result: '56.36' }],
    limits: ['It invents.'],
    files: [{ name: 'a.bin', format: 'PyTorch', sha256: 'f'.repeat(64) }],
  };
  await toggle(details);
  for (const words of ['Never for care.', 'Care of any patient.', 'It invents.', 'MedQA', 'f'.repeat(64)]) {
    expect(within(details).getByText(words)).toBeDefined();
  }
});

test('a published checkpoint is offered with its address and size, and fetched when asked for', async () => {
  const { dialog, services } = await openModels();
  await settled(() => fireEvent.click(dialog.getByRole('button', { name: checkpointButton })));
  const address = dialog.getByLabelText<HTMLInputElement>('Or the address of its folder');
  expect(address.value).toBe('https://models.test/big/resolve/main/');
  expect(dialog.getByText(/About 8\.0 GB are fetched/)).toBeDefined();
  await settled(() => fireEvent.click(dialog.getByRole('button', { name: 'Fetch and convert' })));
  expect(services.library.converted[0]).toMatchObject({ name: 'big', type: 'Q8_0' });
  const item = dialog.getByRole('listitem', { name: 'Big (Q8_0)' });
  expect(scrolledTo.mock.contexts.at(-1)).toBe(item);
  expect(document.activeElement).toBe(item);
  const row = within(item);
  expect(row.getByText('Converting')).toBeDefined();
  await settled(() => services.library.jobs[0]!.call.onProgress?.('convert', 1e9, 2e9));
  expect(row.getByText(/1\.0 GB of 2\.0 GB/)).toBeDefined();
  await settled(() => fireEvent.click(row.getByRole('button', { name: 'Pause: Big (Q8_0)' })));
  expect(row.getByRole('button', { name: 'Fetch: Big (Q8_0)' })).toBeDefined();
});

test('each precision says what it comes to, and the chosen one is converted to', async () => {
  const services = new FakeServices();
  const states = {
    architecture: 'llama',
    parameterCount: 6738415616,
    shape: { layers: 32, embedding: 4096, feedForward: 11008, heads: 32, kvHeads: 32 },
    vocabulary: { model: 'llama', pieces: 32000 },
  };
  services.catalogue = [{ ...ownModel, states }];
  const { dialog } = await openModels(services);
  await settled(() => fireEvent.click(dialog.getByRole('button', { name: checkpointButton })));
  const precision = dialog.getByLabelText<HTMLSelectElement>('Precision');
  expect(dialog.queryByText(/ten minutes/)).toBeNull();
  expect([...precision.options].map(({ text }) => text.match(/about .*/)?.[0])).toEqual([
    'about 13.5 GB',
    'about 7.2 GB',
    'about 5.5 GB',
    'about 4.8 GB',
    'about 4.1 GB',
    'about 3.8 GB',
    'about 3.3 GB',
    'about 2.5 GB',
  ]);
  fireEvent.change(precision, { target: { value: 'Q4_K_M' } });
  expect(dialog.getByText(/ten minutes/)).toBeDefined();
  await settled(() => fireEvent.click(dialog.getByRole('button', { name: 'Fetch and convert' })));
  expect(services.library.converted[0]).toMatchObject({ type: 'Q4_K_M' });
  expect(dialog.getByRole('listitem', { name: 'Big (Q4_K_M)' })).toBeDefined();
});

test('a published file is fetched from its card, compared with the hash that the catalogue knows', async () => {
  const services = new FakeServices();
  const file = { url: 'https://models.test/big/resolve/1f/big-q4.gguf', bytes: 98e6, sha256: 'c'.repeat(64) };
  services.catalogue = [{ ...ownModel, publisher: { page: 'https://models.test/big', file } }];
  const { dialog } = await openModels(services);
  const card = within(dialog.getByRole('article', { name: 'Big' }));
  await settled(() => fireEvent.click(card.getByRole('button', { name: /^Fetch it \(98(\.0)?.MB\)$/ })));
  expect(services.library.jobs[0]!.file).toMatchObject({ url: file.url, sha256: file.sha256 });
  expect(services.records.records[0]).toMatchObject({ name: 'big-q4.gguf', entryId: ownModel.id });
  expect(card.queryByRole('button', { name: /Fetch it/ })).toBeNull();
});

test('what will not run here is said before it is fetched', async () => {
  const services = new FakeServices();
  services.engine.device = { ...gpuReport, isSoftware: true };
  const { dialog } = await openModels(services);
  await settled(() => fireEvent.click(dialog.getByRole('button', { name: checkpointButton })));
  expect(dialog.getByText(/^It will not run on this device\./).textContent).toContain('2.0 GB');
});

test('the way to a checkpoint starts at its card, as often as it is wanted', async () => {
  const services = new FakeServices();
  const checkpoint = { url: 'https://models.test/other/', bytesApprox: 4e9 };
  const publisher = { page: 'https://models.test/other', checkpoint };
  services.catalogue = [...services.catalogue, { ...ownModel, id: 'other', name: 'Other', publisher }];
  const { dialog } = await openModels(services);
  const ways = dialog
    .getByText('From a publisher’s checkpoint, converted here')
    .closest<HTMLDetailsElement>('details')!;
  const convert = within(screen.getByRole('article', { name: 'Other' })).getByRole('button', {
    name: checkpointButton,
  });
  for (const wasOpen of [false, true]) {
    ways.open = wasOpen;
    scrolledTo.mockClear();
    await settled(() => fireEvent.click(convert));
    expect(ways.open).toBe(true);
    expect(scrolledTo.mock.contexts).toEqual([ways]);
    expect(document.activeElement).toBe(ways.querySelector('summary'));
    expect(dialog.getByLabelText<HTMLInputElement>('Or the address of its folder').value).toBe(
      checkpoint.url,
    );
  }
});

test('who has added models finds them before the catalogue, who has not after it; the way to one’s own file is first', async () => {
  const { dialog } = await openModels();
  const order = () => dialog.getAllByRole('heading', { level: 3 }).map(heading => heading.textContent);
  expect(order()[0]).toBe('A model of your own');
  expect(order().indexOf('Kept on this device')).toBeGreaterThan(order().indexOf('Big'));
  cleanup();
  const services = new FakeServices();
  services.records.records = [mine];
  const { dialog: again } = await openModels(services);
  const [first, second] = again.getAllByRole('heading', { level: 3 });
  expect([first!.textContent, second!.textContent]).toEqual(['A model of your own', 'Kept on this device']);
});

test('while the library works, the header says how far it is', async () => {
  const services = new FakeServices();
  services.records.records = [{ ...mine, isFetching: true }];
  await renderPage(services);
  const badge = () => screen.getByRole('button', { name: /Choose a model/ });
  expect(within(badge()).getByText('fetching 0 %')).toBeDefined();
  await settled(() => services.library.jobs[0]!.call.onProgress?.('download', 43, 100));
  expect(within(badge()).getByText('fetching 43 %')).toBeDefined();
  expect(badge().getAttribute('aria-label')).toBe(
    'Model: Nano, ready, demonstration. Fetching 43 %. Choose a model',
  );
  await settled(() => services.library.jobs[0]!.finish());
  expect(within(badge()).queryByText(/fetching/)).toBeNull();
  expect(screen.getByText('Mine is in the library.')).toBeDefined();
});

test('what failed stays in the header until it is looked after', async () => {
  const services = new FakeServices();
  services.records.records = [{ ...mine, isFetching: true }];
  await renderPage(services);
  const badge = () => screen.getByRole('button', { name: /Choose a model/ });
  await settled(() => services.library.jobs[0]!.fail('network'));
  expect(within(badge()).getByText('download stopped')).toBeDefined();
  expect(badge().getAttribute('aria-label')).toContain('Download stopped.');
  await settled(() => fireEvent.click(badge()));
  await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Fetch: Mine' })));
  expect(within(badge()).queryByText('download stopped')).toBeNull();
  expect(within(badge()).getByText('fetching 0 %')).toBeDefined();
});

test('the page about this device is one step away', async () => {
  const { dialog } = await openModels();
  await settled(() =>
    fireEvent.click(dialog.getByRole('button', { name: 'Which of them run on this device?' })),
  );
  expect(screen.queryByRole('dialog', { name: 'Models' })).toBeNull();
  expect(await screen.findByRole('dialog', { name: 'This device' })).toBeDefined();
});
