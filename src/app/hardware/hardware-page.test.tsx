// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type KernelRow, toErrorData } from '../../client/index.ts';
import { FakeServices, lastMessage, type Started } from '../testing/fake-services.ts';
import { demonstration, errorOf, ownFile, ownModel, processorReport } from '../testing/fixtures.ts';
import { renderPage, settled } from '../testing/render-page.tsx';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const row: KernelRow = {
  group: 'language',
  kernel: 'rms-norm',
  form: '',
  build: 'with subgroups',
  outcome: 'passed',
  largestError: 3.2e-6,
  bound: 1e-4,
  ms: 0.125,
  GBps: null,
  gflops: null,
  weightsPerSecond: null,
  timedOn: '',
  cause: '',
};
const product: KernelRow = { ...row, group: 'products', kernel: 'matvec Q4_0', ms: 2, GBps: 512 };
const wrong: KernelRow = {
  ...product,
  kernel: 'matmul Q4_0',
  outcome: 'wrong',
  largestError: null,
  ms: null,
};

async function open(services?: FakeServices): Promise<Started> {
  const started = await renderPage(services);
  await settled(() => started.app.ui.getState().openDialog({ kind: 'hardware' }));
  await screen.findByRole('dialog', { name: 'This device' });
  return started;
}

const press = (name: string) => settled(() => fireEvent.click(screen.getByRole('button', { name })));

test('the settings lead to it', async () => {
  await renderPage();
  await press('Settings');
  await press('About this device, and a test…');
  expect(await screen.findByRole('dialog', { name: 'This device' })).toBeDefined();
});

test('says of each model whether it runs, and why', async () => {
  await open();
  const dialog = screen.getByRole('dialog', { name: 'This device' });
  const items = within(dialog)
    .getAllByRole('listitem')
    .map(item => item.textContent);
  expect(items).toEqual([
    expect.stringContaining(`${demonstration.name} runsIt is loaded now`),
    expect.stringMatching(/^Chatty runsIt takes \d+/),
    expect.stringContaining(`${ownModel.name} unknown until tried`),
  ]);
  expect(within(dialog).getByText('test gpu')).toBeDefined();
});

describe('what computes', () => {
  const fact = (term: string) =>
    within(screen.getByRole('region', { name: 'What computes' })).getByText(term, { selector: 'dt' })
      .nextSibling?.textContent;

  test('both kinds of device are named with the rates that were measured, and nothing is said of others', async () => {
    const { engine } = await open();
    expect(fact('GPU')).toBe(
      'test gpu; in use now; not measured yet: a test of the arithmetic on it does that',
    );
    expect(fact('Processor')).toMatch(
      /^4 threads; 20\.0 billion weights a second: with nano more words a second than anyone reads$/,
    );
    await press('Test this device');
    await settled(() => {
      const inFormat = { ...product, kernel: 'matvec Q8_0', weightsPerSecond: 4e11 };
      engine.lastTest.progress({ done: 1, total: 1, next: '', rows: [product, wrong, inFormat] });
      engine.lastTest.finish();
    });
    expect(fact('GPU')).toMatch(
      /^test gpu; in use now; 400\.0 billion weights a second: with nano at best more words a second than anyone reads$/,
    );
  });

  test('where one of them is missing it says why', async () => {
    const services = new FakeServices();
    services.engine.device = processorReport;
    services.engine.surveyed = {
      ...services.engine.surveyed,
      gpu: { error: toErrorData(errorOf('no-webgpu')) },
    };
    await open(services);
    expect(fact('GPU')).toBe('none. What happened: no-webgpu.');
    expect(fact('Processor')).toMatch(/^4 threads; in use now; 20\.0 billion/);
    expect(screen.getByText('Threads that compute').nextSibling?.textContent).toBe('4');
  });

  test('the other device is a choice, which the next load follows', async () => {
    const { engine, app } = await open();
    const radio = (name: string) => screen.getByRole<HTMLInputElement>('radio', { name });
    expect(radio('GPU, if any').checked).toBe(true);
    await settled(() => fireEvent.click(radio('Processor')));
    expect(app.settings.getState().settings.device).toBe('processor');
    expect(engine.loads).toHaveLength(1);
    engine.device = processorReport;
    await press('Load the model again with: the processor');
    expect(engine.wishes.at(-1)).toEqual({ device: 'processor', activationBits: 32 });
    expect(screen.queryByRole('button', { name: /Load the model again/ })).toBeNull();
    expect(fact('Processor')).toContain('in use now');
    expect(fact('GPU')).not.toContain('in use now');
  });

  test('how exactly the processor computes is a choice where it does, and only there', async () => {
    const services = new FakeServices();
    await open(services);
    expect(screen.queryByRole('group', { name: 'How exactly the processor computes' })).toBeNull();
    cleanup();
    services.engine.device = processorReport;
    const { app, engine } = await open(services);
    await settled(() => fireEvent.click(screen.getByRole('radio', { name: 'Faster, rounded (16 bits)' })));
    expect(app.settings.getState().settings.activationBits).toBe(16);
    await press('Load the model again with: Faster, rounded (16 bits)');
    expect(engine.wishes.at(-1)).toEqual({ device: 'auto', activationBits: 16 });
    expect(screen.queryByRole('button', { name: /Load the model again/ })).toBeNull();
  });

  test('8 bits are no choice where the browser makes them no faster than 16', async () => {
    const roundings = () => screen.getAllByRole('radio', { name: /bits\)$/ }).length;
    const services = new FakeServices();
    services.engine.device = processorReport;
    await open(services);
    expect(roundings()).toBe(2);
    cleanup();
    const processor = { ...processorReport.processor!, hasRelaxedSimd: false };
    services.engine.device = { ...processorReport, processor };
    await open(services);
    expect(roundings()).toBe(1);
  });

  test('an answer that is being written is not disturbed, and ends where its model is loaded elsewhere', async () => {
    const { engine, app } = await renderPage();
    const sent = app.chatController.send('What is asthma?');
    await settled();
    engine.lastAnswer.write('A disease');
    await settled(() => app.ui.getState().openDialog({ kind: 'hardware' }));
    await screen.findByText(/is looked at as soon as the model has nothing to do/);
    expect(engine.surveys).toBe(0);
    await settled(() => fireEvent.click(screen.getByRole('radio', { name: 'Processor' })));
    expect(app.chat.getState().run?.phase).toBe('answering');
    await press('Load the model again with: the processor');
    await sent;
    await settled();
    expect(lastMessage(app)).toMatchObject({ text: 'A disease', stopReason: 'aborted' });
    expect(app.models.getState()).toMatchObject({ phase: 'ready', loadedWith: { device: 'processor' } });
    expect(engine.surveys).toBeGreaterThan(0);
  });
});

test('a file that the reader opened stands first, by its own name', async () => {
  const { app } = await open();
  await settled(() => void app.modelController.load(ownFile, new File(['GGUF'], 'mine.gguf')));
  const [first] = within(screen.getByRole('dialog', { name: 'This device' })).getAllByRole('listitem');
  expect(first?.textContent).toContain(`${ownFile.name} runsIt is loaded now`);
});

test('tests the device, shows what comes, and what is wrong', async () => {
  const { engine } = await open();
  await press('Test this device');
  const test = engine.lastTest;
  expect(test.call).toMatchObject({ scope: 'all', memoryBytes: 3e9 });
  await settled(() => test.progress({ done: 0, total: 2, next: 'products of Q4_0', rows: [] }));
  expect(screen.getByText('0 of 2: products of Q4_0')).toBeDefined();
  await settled(() => test.progress({ done: 1, total: 2, next: '', rows: [product, wrong] }));
  expect(screen.getByText('Products with weights: 1 of 2 right, built with subgroups')).toBeDefined();
  const table = within(screen.getByRole('table', { name: 'Products with weights' }));
  expect(table.getByRole('row', { name: /matvec Q4_0/ }).textContent).toBe(
    'matvec Q4_0right3.2e-61.0e-42.0 ms512 GB/s',
  );
  expect(table.getByRole('row', { name: /matmul Q4_0/ }).textContent).toContain('wrongnot a number');
  await settled(() => {
    test.progress({ done: 2, total: 2, next: '', rows: [row] });
    test.finish({ memory: { wantedBytes: 3e9, foundBytes: 1e9 } });
  });
  expect(
    screen.getByText(/^This device computes wrongly: 2 of 3 right\..* room for 1\.0 GB on the GPU\.$/),
  ).toBeDefined();
  expect(screen.getByText(/Its files alone have 2\.0 GB; the test found room for 1\.0 GB/)).toBeDefined();
});

test('tests what the loaded model uses, and stops when told', async () => {
  const { engine } = await open();
  fireEvent.click(screen.getByLabelText('What the loaded model uses'));
  await press('Test this device');
  expect(engine.lastTest.call.scope).toBe('model');
  await settled(() => engine.lastTest.progress({ done: 1, total: 9, next: '', rows: [row] }));
  await press('Stop');
  expect(screen.getByText('Stopped. Of 1 result so far: all 1 right.')).toBeDefined();
  await press('Test again');
  expect(engine.tests).toHaveLength(2);
});

test('a test that was stopped before its first result claims nothing', async () => {
  await open();
  await press('Test this device');
  await press('Stop');
  expect(screen.getByText('Stopped before the first result.')).toBeDefined();
});

test('focus stays where the test is started and stopped', async () => {
  const { engine } = await open();
  screen.getByRole('button', { name: 'Test this device' }).focus();
  await press('Test this device');
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Stop' }));
  await settled(() => engine.lastTest.finish());
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Test again' }));
});

test('closing it stops the test; a device that is busy says so', async () => {
  const { engine, app } = await open();
  await press('Test this device');
  await settled(() => app.ui.getState().closeDialog());
  expect(engine.lastTest.pending.isSettled).toBe(true);
  await settled(() => app.ui.getState().openDialog({ kind: 'hardware' }));
  await press('Test again');
  await settled(() => engine.lastTest.pending.reject('busy'));
  expect(screen.getByText('What happened: busy. What to do about busy.')).toBeDefined();
});

test('the report holds what the page shows and nothing of a conversation', async () => {
  const started = await open();
  const { engine, app } = started;
  await settled(() => app.ui.getState().closeDialog());
  const sent = app.chatController.send('Mrs Example, born 1950, has asthma?');
  await settled();
  engine.lastAnswer.write('A secret answer.');
  engine.lastAnswer.finish();
  await sent;
  await settled(() => app.ui.getState().openDialog({ kind: 'hardware' }));
  await press('Test this device');
  await settled(() => {
    engine.lastTest.progress({ done: 1, total: 1, next: '', rows: [product, wrong] });
    engine.lastTest.finish();
  });
  const copied: string[] = [];
  vi.stubGlobal('navigator', {
    ...navigator,
    clipboard: { writeText: async (text: string) => copied.push(text) },
  });
  await press('Copy report');
  await press('Copy as JSON');
  expect(copied).toHaveLength(2);
  for (const text of copied) {
    expect(text).toContain('matvec Q4_0');
    expect(text).toContain('test gpu');
    expect(text).not.toMatch(/Mrs Example|secret/);
  }
  expect(copied[0]).toContain('right: matvec Q4_0, with subgroups: error 3.2e-6 of 1.0e-4; 2.0 ms, 512 GB/s');
  expect(JSON.parse(copied[1]!).test.rows).toEqual([product, wrong]);
  expect(screen.getByRole('button', { name: 'Copy as JSON: copied' })).toBeDefined();
});
