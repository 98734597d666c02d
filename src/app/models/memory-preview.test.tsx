// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { FakeServices } from '../testing/fake-services.ts';
import { conversational } from '../testing/fixtures.ts';
import { renderPage, settled } from '../testing/render-page.tsx';

afterEach(cleanup);

const card = (name: string) => within(screen.getByRole('article', { name }));

/** Opens the model panel, and in it what a model would take. */
async function openPlan(name: string, services = new FakeServices()) {
  const started = await renderPage(services);
  await settled(() => fireEvent.click(screen.getByRole('button', { name: /Choose a model/ })));
  const details = card(name).getByText('Memory on the GPU').closest('details')!;
  await settled(() => {
    details.open = true;
    fireEvent(details, new Event('toggle'));
  });
  return started;
}

const rows = (name: string) =>
  card(name)
    .getAllByRole('row')
    .map(row => [...row.children].map(({ textContent }) => textContent));

test('shows what a model of the site would take, before it is loaded', async () => {
  const { engine } = await openPlan('Chatty');
  expect(card('Chatty').getByRole('table', { name: 'Memory on the GPU for Chatty' })).toBeDefined();
  expect(rows('Chatty')).toEqual([
    ['Part', 'Size'],
    ['Weights', '7.6 MB'],
    ['Conversation memory (2,048 tokens, 16-bit)', '2.0 MB'],
    ['Working memory', '451 kB'],
    ['Total', '10.1 MB'],
    ['While loading, in addition', '7.6 MB'],
  ]);
  expect(engine.plans).toEqual([{ source: conversational.file, precision: 'f16', contextTokens: 2048 }]);
  expect(engine.loads).toHaveLength(1);
});

test('changes with the settings of precision and of the longest conversation', async () => {
  const { app } = await openPlan('Chatty');
  await settled(() => void app.settingsController.update({ precision: 'f32', contextTokens: 8192 }));
  expect(rows('Chatty')[2]).toEqual(['Conversation memory (8,192 tokens, 32-bit)', '16.4 MB']);
});

test('says what is wrong with a file instead', async () => {
  const services = new FakeServices();
  services.engine.planRefusal = 'not-gguf';
  await openPlan('Chatty', services);
  expect(card('Chatty').getByRole('alert').textContent).toContain('What happened: not-gguf.');
});

test('after loading, the measured bytes stand beside the plan', async () => {
  await openPlan('Chatty');
  const table = within(screen.getByRole('table', { name: 'Memory on the GPU for nano' }));
  expect(table.getByRole('row', { name: /^Total/ }).textContent).toContain('12.0 MB');
  expect(table.getByRole('row', { name: /^Measured/ }).textContent).toContain('12.0 MB');
});
