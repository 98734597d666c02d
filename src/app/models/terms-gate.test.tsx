// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { FakeServices } from '../testing/fake-services.ts';
import { ownModel } from '../testing/fixtures.ts';
import { renderPage, settled } from '../testing/render-page.tsx';

afterEach(cleanup);

const bound = { ...ownModel, id: 'bound', name: 'Bound model', terms: 'hai-def' as const };

async function openCard() {
  const services = new FakeServices();
  services.catalogue = [...services.catalogue, bound];
  const started = await renderPage(services);
  await settled(() => started.app.ui.getState().openDialog({ kind: 'models' }));
  return { ...started, services, card: within(await screen.findByRole('article', { name: 'Bound model' })) };
}

test('nothing can be fetched or opened before the terms are accepted, and then it can', async () => {
  const { card, services, app } = await openCard();
  expect(card.queryByText(/Open .*GGUF file/)).toBeNull();
  expect(card.getByText(/HAI-DEF is provided under and subject to/)).toBeDefined();
  expect(card.getByText('Not validated for diagnosis or treatment.')).toBeDefined();
  expect(card.getByText(/does not\s+endorse it/)).toBeDefined();
  const wanted = { entry: bound, url: 'https://hub.test/a/m.gguf' };
  expect(await app.libraryAdditions.addByAddress(wanted)).toMatchObject({ reason: 'terms-not-accepted' });
  const accept = card.getByRole('button', { name: /^I accept the Health AI/ });
  accept.focus();
  await settled(() => fireEvent.click(accept));
  expect(card.getByText(/Open .*GGUF file/)).toBeDefined();
  // The notice stays, and focus is on it: the button that had it is gone.
  expect(document.activeElement?.textContent).toMatch(/^HAI-DEF is provided under.*You accepted them/);
  expect(services.settings.settings.acceptedTerms).toEqual([
    { id: 'hai-def', version: '15 November 2024', at: expect.any(Number) },
  ]);
  await settled(() => void app.settingsController.reset());
  expect(services.settings.settings.acceptedTerms).toHaveLength(1);
});

test('models without such terms are offered as they are', async () => {
  await openCard();
  const card = within(screen.getByRole('article', { name: ownModel.name }));
  expect(card.queryByText('Terms to accept first')).toBeNull();
  expect(card.getByText(/Open .*GGUF file/)).toBeDefined();
});
