// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { FakeServices } from '../testing/fake-services.ts';
import { demonstration, errorOf, ownFile, ownModel, processorReport, seeing } from '../testing/fixtures.ts';
import { renderPage, settled } from '../testing/render-page.tsx';

afterEach(cleanup);

const file = new File(['weights'], 'big.gguf');
const rates = { weightsPerSecond: 1e9, multiplyAddsPerSecond: 4e9 };

/** On a processor that writes a token of a billion weights in a second. */
async function renderOnProcessor(services = new FakeServices()) {
  services.engine.device = { ...processorReport, processor: { ...processorReport.processor!, rates } };
  const rendered = await renderPage(services);
  rendered.engine.loadsAtOnce = false;
  return { ...rendered, services };
}

const buttonsOf = (element: HTMLElement) =>
  within(element)
    .getAllByRole('button')
    .map(button => button.textContent || button.getAttribute('aria-label'));

test('a slow model is asked about, loaded once it is accepted, and not asked about again', async () => {
  const { app, engine } = await renderOnProcessor();
  await settled(() => void app.modelController.load(ownFile, file));
  expect(engine.lastLoad.call.accepts).toBe('comfortable');
  await settled(() => engine.lastLoad.findSlow('slow-model', 0.4));
  // Nothing was given up for it.
  expect(app.models.getState()).toMatchObject({ phase: 'ready', entry: demonstration });
  const alert = screen.getByRole('alert');
  expect(alert.textContent).toContain('This model would answer slowly here');
  expect(buttonsOf(alert)).toEqual(['Load it all the same', 'Choose a model', 'Dismiss']);

  await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Load it all the same' })));
  expect(engine.lastLoad.call).toMatchObject({ accepts: 'slow', source: { file } });
  await settled(() => engine.lastLoad.finish());
  expect(app.models.getState()).toMatchObject({ phase: 'ready', entry: ownFile, error: null });
  expect(screen.queryByRole('alert')).toBeNull();

  await settled(() => void app.modelController.load(demonstration));
  await settled(() => engine.lastLoad.finish());
  await settled(() => void app.modelController.load(ownFile, file));
  expect(engine.lastLoad.call.accepts).toBe('slow');
});

test('what was accepted is kept with the settings, and outlives putting them back', async () => {
  const services = new FakeServices({ acceptedSlow: [ownFile.id] });
  const { app, engine } = await renderOnProcessor(services);
  await settled(() => app.settingsController.reset());
  await settled(() => void app.modelController.load(ownFile, file));
  expect(engine.lastLoad.call.accepts).toBe('slow');
  expect((await services.settings.loadSettings()).acceptedSlow).toEqual([ownFile.id]);
});

test('the demonstration is never asked about', async () => {
  const { engine } = await renderOnProcessor();
  expect(engine.loads.map(({ call }) => call.accepts)).toEqual(['too-slow']);
});

test('one that is too slow cannot be accepted: a model of the list for this device is named', async () => {
  const services = new FakeServices();
  const small = {
    ...ownModel,
    id: 'small',
    name: 'Small',
    expects: { ...ownModel.expects!, bytesApprox: 100e6 },
  };
  services.catalogue = [demonstration, ownModel, small];
  const { app, engine } = await renderOnProcessor(services);
  await settled(() => void app.modelController.load(ownFile, file));
  await settled(() => engine.lastLoad.findSlow('too-slow', 6));
  const alert = screen.getByRole('alert');
  expect(buttonsOf(alert)).toEqual(['Choose a model', 'Dismiss']);
  expect(alert.textContent).toContain('A model for this device: Small, with about 4 words a second.');
});

test('in place of a slow model that sees, one that sees is a button away', async () => {
  const services = new FakeServices();
  services.catalogue = [demonstration, seeing];
  const { app, engine } = await renderOnProcessor(services);
  const eyes = new File(['eyes'], 'eyes.gguf');
  await settled(() => void app.modelController.load({ ...ownFile, vision: {} }, file, eyes));
  await settled(() => engine.lastLoad.findSlow('too-slow', 6));
  expect(screen.getByRole('alert').textContent).toContain('A model for this device: Seer');
  await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Use Seer' })));
  await settled(() => engine.lastLoad.finish());
  expect(app.models.getState()).toMatchObject({ phase: 'ready', entry: seeing, error: null });
});

test('after a reload, an answer that waited for such a model offers no more than to be asked again', async () => {
  const { app, engine } = await renderOnProcessor();
  await settled(() => app.chatController.send('What is asthma?'));
  await settled(() => engine.lastAnswer.fail('slow-model'));
  expect(screen.getByRole('alert').textContent).toContain(errorOf('slow-model').message);
  expect(screen.queryByRole('button', { name: 'Load it all the same' })).toBeNull();
});
