// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { polyfillDialog } from '../testing/dialog-polyfill.ts';
import { ViewImageDialog } from './view-image-dialog.tsx';

vi.mock('../viewer/image-viewer.tsx', () => {
  throw new TypeError('Failed to fetch dynamically imported module');
});
vi.mock('./use-object-url.ts', () => ({ useObjectUrl: () => 'blob:image' }));

polyfillDialog();
afterEach(cleanup);

test('a viewer that cannot be loaded is said to be missing, and the page goes on', async () => {
  const onClose = vi.fn();
  const image = { blob: new Blob(), name: 'a.png', width: 1, height: 1, views: null };
  render(<ViewImageDialog image={image} onClose={onClose} />);
  const missing = { name: 'The image viewer could not be loaded' };
  await screen.findByRole('dialog', missing, { timeout: 30_000 });
  expect(screen.getByRole('button', { name: 'Reload the page' })).toBeDefined();
  fireEvent.click(screen.getByRole('button', { name: 'Close' }));
  expect(onClose).toHaveBeenCalledOnce();
});
