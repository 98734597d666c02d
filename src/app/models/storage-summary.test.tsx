// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { FakeServices } from '../testing/fake-services.ts';
import { renderPage, settled } from '../testing/render-page.tsx';

afterEach(cleanup);

const button = 'Delete what was computed of images';

async function openModels(services: FakeServices) {
  await renderPage(services);
  await settled(() => fireEvent.click(screen.getByRole('button', { name: /Choose a model/ })));
  return within(screen.getByRole('dialog', { name: 'Models' }));
}

test('says what is kept of images, and deletes it', async () => {
  const services = new FakeServices();
  services.imageFeatures.kept = { images: 2, bytes: 3 * 1024 * 1024 };
  const dialog = await openModels(services);
  expect(dialog.getByText(/is what models computed of 2 images/)).toBeDefined();
  await settled(() => fireEvent.click(dialog.getByRole('button', { name: button })));
  expect(services.imageFeatures.kept.images).toBe(0);
  expect(dialog.queryByRole('button', { name: button })).toBeNull();
});

test('says nothing of images where nothing is kept of any, or where it cannot be read', async () => {
  const services = new FakeServices();
  const none = await openModels(services);
  expect(none.queryByText(/computed of/)).toBeNull();
  cleanup();
  services.imageFeatures.kept = { images: 1, bytes: 1 };
  services.imageFeatures.failure = 'storage-unavailable';
  const unread = await openModels(services);
  expect(unread.queryByText(/computed of/)).toBeNull();
});

test('says so where nothing could be deleted, and goes on showing it', async () => {
  const services = new FakeServices();
  services.imageFeatures.kept = { images: 1, bytes: 1024 };
  const dialog = await openModels(services);
  const clear = services.imageFeatures.clear.bind(services.imageFeatures);
  services.imageFeatures.clear = async () => {
    services.imageFeatures.failure = 'storage-unavailable';
    try {
      await clear();
    } finally {
      services.imageFeatures.failure = null;
    }
  };
  await settled(() => fireEvent.click(dialog.getByRole('button', { name: button })));
  expect(screen.getByText(/Nothing was deleted\./)).toBeDefined();
  expect(dialog.getByRole('button', { name: button })).toBeDefined();
});
