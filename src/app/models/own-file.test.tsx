// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { BedsideError, sentence, toErrorData } from '../../client/index.ts';
import { FakeServices } from '../testing/fake-services.ts';
import { modelIdentity, modelPlan, ownModel, processorReport, templateSummary } from '../testing/fixtures.ts';
import { renderPage, settled } from '../testing/render-page.tsx';

afterEach(cleanup);

const file = new File(['GGUF'], 'ward.gguf');

async function drop(services: FakeServices, ...files: File[]) {
  const started = await renderPage(services);
  const event = new Event('drop', { bubbles: true, cancelable: true });
  Object.assign(event, { dataTransfer: { types: ['Files'], files } });
  await settled(() => document.dispatchEvent(event));
  expect(event.defaultPrevented).toBe(true);
  return started;
}

const panelOf = (name: string) => within(screen.getByRole('region', { name }));
const press = (name: string | RegExp) => settled(() => fireEvent.click(screen.getByRole('button', { name })));
const facts = (panel: ReturnType<typeof panelOf>) =>
  Object.fromEntries(
    panel.getAllByRole('term').map(term => [term.textContent, term.nextElementSibling?.textContent]),
  );

test('a dropped file is shown for what it is, and used under its own name', async () => {
  const services = new FakeServices();
  services.engine.descriptions.set('ward.gguf', {
    identity: {
      ...modelIdentity,
      name: 'Ward 3B',
      publisher: 'A hospital',
      licence: 'apache-2.0',
      languages: ['en', 'de'],
    },
  });
  const { engine } = await drop(services, file);
  const panel = panelOf('Ward 3B');
  expect(document.activeElement).toBe(panel.getByRole('heading', { name: 'Ward 3B' }));
  expect(facts(panel)).toMatchObject({
    Publisher: 'A hospital',
    Licence: 'apache-2.0',
    Languages: 'English, German',
    Context: '2,048 tokens',
    'Number format': 'Q8_0',
  });
  expect(panel.getByText('Nobody has examined this model for medicine.')).toBeDefined();
  expect(panel.getByLabelText<HTMLInputElement>(/The template in the file/).checked).toBe(true);
  expect(engine.loads).toHaveLength(1);
  await press('Use it');
  expect(engine.lastLoad.call.source).toEqual({ kind: 'file', file });
  expect(screen.getByRole('button', { name: /Model: Ward 3B, ready/ })).toBeDefined();
});

test('a file without a template is not used before one is chosen, and the choice is kept with it', async () => {
  const services = new FakeServices();
  services.engine.descriptions.set('ward.gguf', { template: null });
  const { app, engine } = await drop(services, file);
  const panel = panelOf('ward');
  expect(panel.getAllByRole('radio').map(({ parentElement }) => parentElement?.textContent)).toEqual([
    expect.stringMatching(/^ChatML Each turn/),
    expect.stringMatching(/^Alpaca /),
    expect.stringMatching(/^Vicuna /),
    expect.stringMatching(/^Llama 2 /),
    expect.stringMatching(/^Plain text /),
  ]);
  await press('Use it');
  expect(panel.getByRole('alert').textContent).toContain('Choose first how');
  expect(engine.loads).toHaveLength(1);
  await settled(() => fireEvent.click(panel.getByRole('radio', { name: /^ChatML/ })));
  expect(panel.queryByRole('alert')).toBeNull();
  await press('Use it');
  await settled(() => void app.chatController.send('What is asthma?'));
  expect(engine.lastAnswer.call).toMatchObject({ template: 'chatml', includeHistory: true });
  // On another visit the same file is asked so again.
  const { entry } = app.models.getState();
  expect(services.settings.settings.askedAs).toEqual({ [entry!.id]: { template: 'chatml' } });
});

test('a template that cannot be used says why, and others are offered', async () => {
  const services = new FakeServices();
  const fault = toErrorData(
    new BedsideError('unusable-template', sentence`too-long: It never ends.`, 'Choose another.'),
  );
  services.engine.descriptions.set('ward.gguf', {
    template: { ...templateSummary, fault: { ...fault, code: 'unusable-template' } },
  });
  await drop(services, file);
  const panel = panelOf('ward');
  expect(panel.getByRole('alert').textContent).toContain('It never ends. Choose another.');
  expect(panel.queryByRole('radio', { name: /The template in the file/ })).toBeNull();
  expect(panel.getAllByRole('radio').some(radio => (radio as HTMLInputElement).checked)).toBe(false);
});

test('what does not run is refused by name, and cannot be used', async () => {
  const services = new FakeServices();
  services.engine.descriptions.set('ward.gguf', {
    identity: { ...modelIdentity, name: 'ward', architecture: 'mamba' },
    runs: toErrorData(
      new BedsideError(
        'unsupported-model',
        sentence`no: Models of the architecture "mamba" are not supported.`,
        'Choose a GGUF file of the architecture llama.',
      ),
    ),
    plan: null,
  });
  await drop(services, file);
  const panel = panelOf('ward');
  expect(panel.getByRole('alert').textContent).toContain('"mamba" are not supported');
  expect(panel.queryByRole('button', { name: 'Use it' })).toBeNull();
  await press('Not this one');
  expect(screen.queryByRole('region', { name: 'ward' })).toBeNull();
  expect(document.activeElement?.textContent).toContain('Open a model file');
});

test('a file that is no model says so where it was shown, and the next one takes its place', async () => {
  const services = new FakeServices();
  services.engine.descriptionRefusal = 'not-gguf';
  const { engine } = await drop(services, file);
  const panel = panelOf('ward.gguf');
  expect(panel.getByRole('alert').dataset.code).toBe('not-gguf');
  engine.descriptionRefusal = null;
  const other = new File(['GGUF'], 'other.gguf');
  const picker = screen.getByLabelText('Model files to open');
  await settled(() => fireEvent.change(picker, { target: { files: [other] } }));
  expect(panelOf('other').getByRole('button', { name: 'Use it' })).toBeDefined();
});

test('a file opened under an entry that it contradicts keeps its own name, and says why', async () => {
  const services = new FakeServices();
  const states = {
    architecture: 'llama',
    parameterCount: 13e9,
    shape: { layers: 40, embedding: 5120, feedForward: 13824, heads: 40, kvHeads: 40 },
    vocabulary: { model: 'llama', pieces: 32001 },
  };
  services.catalogue = [...services.catalogue, { ...ownModel, id: 'thirteen', name: 'Thirteen', states }];
  await renderPage(services);
  await press(/Choose a model/);
  const picker = screen.getByLabelText('GGUF file of Thirteen');
  await settled(() => fireEvent.change(picker, { target: { files: [file] } }));
  const panel = panelOf('ward');
  expect(panel.getByText(/^This is not Thirteen: .*billion parameters/)).toBeDefined();
  await press('Use it');
  expect(screen.getByRole('button', { name: /Model: ward, ready/ })).toBeDefined();
});

test('what looks like a model of the catalogue says so, with its card for the case that it is', async () => {
  const services = new FakeServices();
  const { architecture, parameterCount, shape, vocabulary } = modelIdentity;
  services.catalogue = [
    ...services.catalogue.filter(({ id }) => id !== ownModel.id),
    {
      ...ownModel,
      card: 'https://site.test/card.json',
      states: {
        architecture,
        parameterCount,
        shape: shape as {
          layers: number;
          embedding: number;
          feedForward: number;
          heads: number;
          kvHeads: number;
        },
        vocabulary: { model: vocabulary!.model, pieces: vocabulary!.pieces },
      },
    },
  ];
  await drop(services, file);
  const panel = panelOf('ward');
  expect(panel.getByText(/^It looks like Big:/)).toBeDefined();
  expect(panel.getByText('If it is what it looks like, Big:')).toBeDefined();
  expect(panel.getByText('What it is for, and what it cannot do')).toBeDefined();
});

test('two models at once are not two halves', async () => {
  const services = new FakeServices();
  services.engine.descriptions.set('ward.gguf', { vision: { ...modelIdentity, name: 'other' } });
  await renderPage(services).then(({ app }) =>
    settled(() => void app.openFiles([file, new File(['GGUF'], 'other.gguf')])),
  );
  const alert = panelOf('ward.gguf and other.gguf').getByRole('alert');
  expect(alert.dataset.code).toBe('vision-mismatch');
  expect(alert.textContent).toContain('These are two models');
});

test('kept on this device, it is listed under its own name and asked as was chosen', async () => {
  const services = new FakeServices();
  services.engine.descriptions.set('ward.gguf', { template: null });
  const { app } = await drop(services, file);
  await settled(() => fireEvent.click(panelOf('ward').getByRole('radio', { name: /^Vicuna/ })));
  await press('Keep it on this device');
  expect(app.offers.getState().offer).toBeNull();
  const [record] = services.records.records;
  expect(record).toMatchObject({ name: 'ward', template: 'vicuna', identity: { name: 'ward' } });
  expect(record).not.toHaveProperty('entryId');
  services.library.store(record!.text[0]!.id, file.size);
  await settled(() => services.library.jobs[0]!.finish());
  await press('Use: ward');
  await settled(() => void app.chatController.send('What is asthma?'));
  expect(services.engine.lastAnswer.call).toMatchObject({ template: 'vicuna' });
});

test.each([
  [0.4e9, 'slow', 'It writes about 2 words a second'],
  [6e9, 'too slow', 'It would write about one word every 8 seconds'],
] as const)(
  'on a processor, a file of %d weights is said to be %s before it is used',
  async (layerWeights, verdict, words) => {
    const services = new FakeServices();
    const rates = { weightsPerSecond: 1e9, multiplyAddsPerSecond: 4e9 };
    services.engine.device = { ...processorReport, processor: { ...processorReport.processor!, rates } };
    const plan = {
      ...modelPlan,
      work: { layerWeights, headWeights: 0, bytesPerWeight: 0.5625, attention: 0, cached: 0 },
    };
    services.engine.descriptions.set('ward.gguf', { plan });
    const { app, engine } = await drop(services, file);
    const panel = panelOf('ward');
    expect(panel.getByText(words, { exact: false })).toBeDefined();
    expect(panel.getByRole('button', { name: 'Keep it on this device' })).toBeDefined();
    if (verdict === 'too slow') {
      expect(panel.queryByRole('button', { name: /^Use it/ })).toBeNull();
      return;
    }
    // Who uses it has read how slow it is: it is not asked again.
    await press('Use it all the same');
    expect(engine.lastLoad.call.accepts).toBe('slow');
    const [id] = app.settings.getState().settings.acceptedSlow;
    expect(app.models.getState().entry?.id).toBe(id);
  },
);
