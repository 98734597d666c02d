// @vitest-environment jsdom
import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import type { DeviceReport, Settings } from '../../client/index.ts';
import { FakeServices } from '../testing/fake-services.ts';
import { gpuReport, processorReport } from '../testing/fixtures.ts';
import { renderPage, settled } from '../testing/render-page.tsx';

afterEach(cleanup);

const note = () => screen.queryByRole('region', { name: 'What answers here' });
const words = () => note()?.querySelector('p')?.textContent;

async function renderOn(device: DeviceReport, settings: Partial<Settings> = {}) {
  const services = new FakeServices(settings);
  services.engine.device = device;
  return renderPage(services);
}

const pace = /words a second/;

test('where a GPU answers nothing is said', async () => {
  await renderOn(gpuReport);
  expect(note()).toBeNull();
});

test('where the processor answers the page says so, with its threads and how fast', async () => {
  const { app, engine } = await renderOn(processorReport);
  expect(words()).toMatch(
    /^No GPU here: this device’s processor answers, 4 threads, more words a second than anyone reads\. /,
  );
  await settled(() => fireEvent.click(screen.getByRole('button', { name: 'About this device' })));
  expect(await screen.findByRole('dialog', { name: 'This device' })).toBeDefined();
  await settled(() => app.ui.getState().closeDialog());
  // It has been read by whoever asks a question.
  const sent = app.chatController.send('What is asthma?');
  await settled();
  engine.lastAnswer.finish();
  await sent;
  await settled();
  expect(note()).toBeNull();
  // The answer took 40 tokens a second; at twelve words it is what was measured that counts.
  await settled(() => app.models.setState({ tokensPerSecond: 16 }));
  await settled(() => app.chatController.newChat());
  expect(words()).toContain('about 12 words a second.');
});

test('no rate is said that was not measured, and none of a model that is not there', async () => {
  const { threads, hasRelaxedSimd, activationBits } = processorReport.processor!;
  const rates = { weightsPerSecond: 0, multiplyAddsPerSecond: 0 };
  await renderOn({ ...processorReport, processor: { threads, hasRelaxedSimd, activationBits, rates } });
  expect(words()).not.toMatch(pace);
  cleanup();
  const { app } = await renderOn(processorReport);
  expect(words()).toMatch(pace);
  await settled(() => void app.modelController.unload());
  expect(words()).not.toMatch(pace);
  expect(words()).toContain('4 threads');
});

test('where a GPU was chosen that is not there, the processor is a press away', async () => {
  const { app, engine } = await renderOn(processorReport);
  await settled(() => void app.modelController.wishFor({ device: 'gpu' }));
  engine.loadsAtOnce = false;
  await settled(() => void app.modelController.reload());
  await settled(() => engine.lastLoad.fail('no-webgpu'));
  expect(screen.getByRole('alert').textContent).toContain('This browser cannot reach a GPU');
  await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Let the processor answer' })));
  await settled(() => engine.lastLoad.finish());
  expect(engine.wishes.at(-1)).toEqual({ device: 'auto', activationBits: 32 });
  expect(app.models.getState().phase).toBe('ready');
  expect(screen.queryByRole('alert')).toBeNull();
});

test('a processor that was chosen is no lack of a GPU', async () => {
  await renderOn(processorReport, { device: 'processor' });
  expect(words()).toMatch(/^As you chose: this device’s processor answers/);
});

test('one thread alone says why, and what helps', async () => {
  const processor = {
    ...processorReport.processor!,
    threads: 1,
    oneThreadBecause: 'page-not-isolated',
  } as const;
  await renderOn({ ...processorReport, processor });
  expect(words()).toMatch(/1 thread.*Only one thread, because .*: reload the page once\./);
});

test('closed, it stays away on the next visit too, until it says something else', async () => {
  const { services } = await renderOn(processorReport);
  await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Do not show this again' })));
  expect(note()).toBeNull();
  const { closedDeviceNote } = services.settings.settings;
  cleanup();
  await renderOn(processorReport, { closedDeviceNote });
  expect(note()).toBeNull();
  cleanup();
  const processor = { ...processorReport.processor!, oneThreadBecause: 'helpers-not-started' } as const;
  await renderOn({ ...processorReport, processor }, { closedDeviceNote });
  expect(words()).toContain('no others could be started');
});
