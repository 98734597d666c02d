// @vitest-environment jsdom
import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { FakeServices } from '../testing/fake-services.ts';
import { demonstration, ownFile } from '../testing/fixtures.ts';
import { renderPage, settled } from '../testing/render-page.tsx';

afterEach(cleanup);

const choices = [
  { precision: 'f16', contextTokens: 1536, totalBytes: 9.2e9 },
  { precision: 'q8', contextTokens: 4096, totalBytes: 8.8e9 },
  { precision: 'q4', contextTokens: 8192, totalBytes: 8.8e9 },
] as const;

const file = new File(['weights'], 'big.gguf');

test('a model that finds no room is offered as it would fit, and loaded so', async () => {
  const services = new FakeServices();
  const { app, engine } = await renderPage(services);
  engine.loadsAtOnce = false;
  await settled(() => void app.modelController.load(ownFile, file));
  // Refused before the model in use was given up.
  await settled(() => engine.lastLoad.findNoRoom([...choices]));
  expect(app.models.getState()).toMatchObject({ phase: 'ready', entry: demonstration });
  expect(screen.getByText('Not enough memory')).toBeDefined();
  expect(screen.getByRole('button', { name: 'Load with up to 1,536 tokens (9.2 GB)' })).toBeDefined();
  const smallest = 'Load with 4-bit conversation memory (less exact), up to 8,192 tokens (8.8 GB)';
  expect(screen.getByRole('button', { name: smallest })).toBeDefined();
  const compact = 'Load with 8-bit conversation memory, up to 4,096 tokens (8.8 GB)';
  await settled(() => fireEvent.click(screen.getByRole('button', { name: compact })));
  expect(engine.lastLoad.call).toMatchObject({
    source: { kind: 'file', file },
    precision: 'q8',
    contextTokens: 4096,
  });
  await settled(() => engine.lastLoad.finish());
  expect(app.models.getState()).toMatchObject({ phase: 'ready', entry: ownFile, error: null });
  expect(app.settings.getState().settings).toMatchObject({ precision: 'q8', contextTokens: 4096 });
  expect(screen.queryByRole('alert')).toBeNull();
});

test('where nothing helps, a smaller model is what is left', async () => {
  const { app, engine } = await renderPage();
  engine.loadsAtOnce = false;
  await settled(() => void app.modelController.load(ownFile, file));
  await settled(() => engine.lastLoad.findNoRoom([]));
  const buttons = screen.getByRole('alert').querySelectorAll('.alert-actions button');
  expect([...buttons].map(button => button.textContent)).toEqual(['Choose a model']);
});

test('a length that no list has is shown in the settings', async () => {
  await renderPage(new FakeServices({ contextTokens: 1536 }));
  await settled(() => fireEvent.click(screen.getByRole('button', { name: 'Settings' })));
  const select = screen.getByLabelText<HTMLSelectElement>('Longest conversation');
  expect(select.value).toBe('1536');
  expect([...select.options].map(({ value }) => value).slice(0, 4)).toEqual(['0', '1024', '1536', '2048']);
});
