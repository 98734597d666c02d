import { expect, test } from 'vitest';
import { viewsOf } from '../../../test/support/image-views.ts';
import { layersOf, tileLines, viewOfLayer } from './tile-lines.ts';

const image = { width: 2100, height: 2800 };
const views = viewsOf(image, { detailed: [3, 4], adaptive: [2, 3] });

test('the layers are the views that there are', () => {
  expect(layersOf(views)).toEqual(['off', 'detailed', 'adaptive', 'overview']);
  expect(layersOf(viewsOf(image, { detailed: [3, 4] }))).toEqual(['off', 'detailed', 'overview']);
  expect(layersOf(viewsOf(image, {}))).toEqual(['off', 'overview']);
  expect(layersOf(null)).toEqual(['off']);
});

test('each layer has its grid', () => {
  expect(viewOfLayer(views, 'detailed')?.grid).toEqual([3, 4]);
  expect(viewOfLayer(views, 'adaptive')?.grid).toEqual([2, 3]);
  expect(viewOfLayer(views, 'overview')?.grid).toEqual([1, 1]);
  expect(viewOfLayer(views, 'off')).toBeNull();
  expect(viewOfLayer(null, 'detailed')).toBeNull();
});

test('the cuts lie evenly over the image, its edges included', () => {
  const lines = tileLines(views[0]!, image);
  expect(lines.slice(0, 4)).toEqual(
    [0, 1 / 3, 2 / 3, 1].map(u => [
      [u, 0],
      [u, 1],
    ]),
  );
  expect(lines.slice(4)).toEqual(
    [0, 0.25, 0.5, 0.75, 1].map(v => [
      [0, v],
      [1, v],
    ]),
  );
  expect(tileLines(views[2]!, image)).toHaveLength(4);
});

test('those of a view that does not say what it shows lie over the whole image', () => {
  const { rectangle: _, ...old } = views[0]!;
  expect(tileLines(old, image)).toEqual(tileLines(views[0]!, image));
});

test('those of a part lie over that part', () => {
  const part = { ...views[2]!, rectangle: { x: 525, y: 700, width: 1050, height: 1400 } };
  expect(tileLines(part, image)).toEqual([
    [
      [0.25, 0.25],
      [0.25, 0.75],
    ],
    [
      [0.75, 0.25],
      [0.75, 0.75],
    ],
    [
      [0.25, 0.25],
      [0.75, 0.25],
    ],
    [
      [0.25, 0.75],
      [0.75, 0.75],
    ],
  ]);
});
