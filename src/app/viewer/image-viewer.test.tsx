// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { viewsOf } from '../../../test/support/image-views.ts';
import type { ImageView } from '../../client/index.ts';
import { polyfillDialog, pressEscapeIn } from '../testing/dialog-polyfill.ts';
import { ImageViewer } from './image-viewer.tsx';

// There is no layout here: a window of 1000 × 500 screen pixels on a screen with two of them to a CSS pixel.
const measured = vi.hoisted(() => ({ frame: { width: 1000, height: 500 }, pixelRatio: 2 }));
vi.mock('./use-frame-size.ts', () => ({ useFrameSize: () => measured }));

beforeEach(() => {
  polyfillDialog();
  HTMLElement.prototype.setPointerCapture ??= () => undefined;
});
afterEach(cleanup);

const size = { width: 2100, height: 2800 };
const views = viewsOf(size, { detailed: [3, 4], adaptive: [2, 3] });

function Opener({ shown }: { shown: ImageView[] | null }) {
  const [isOpen, open] = useState(false);
  const image = { url: 'blob:film', name: 'film.png', ...size, views: shown };
  return (
    <>
      <button type="button" onClick={() => open(true)}>
        Open
      </button>
      {isOpen && <ImageViewer image={image} onClose={() => open(false)} />}
    </>
  );
}

function openViewer(shown: ImageView[] | null = views) {
  const { rerender } = render(<Opener shown={shown} />);
  screen.getByRole('button', { name: 'Open' }).focus();
  fireEvent.click(screen.getByRole('button', { name: 'Open' }));
  const dialog = screen.getByRole('dialog', { name: 'film.png' });
  return {
    dialog,
    stage: screen.getByRole('application', { name: 'Image film.png' }),
    picture: screen.getByRole<HTMLImageElement>('img', { name: 'film.png' }),
    giveViews: (next: ImageView[] | null) => rerender(<Opener shown={next} />),
  };
}

const press = (key: string, more: object = {}) =>
  fireEvent.keyDown(document.activeElement!, { key, ...more });
const button = (name: string) => screen.getByRole('button', { name });
const zoom = () => document.querySelector('.viewer-zoom')?.textContent?.replaceAll('\u00a0', ' ');
const figures = () => [...document.querySelectorAll('.viewer-slider .figure')].map(node => node.textContent);
const tiles = () => document.querySelector('.viewer-tiles');
const fitted = 'Zoom 17 %';

test('opens fitted, with the focus on the image', () => {
  const { stage, picture } = openViewer();
  expect(document.activeElement).toBe(stage);
  expect(picture.getAttribute('src')).toBe('blob:film');
  expect([picture.width, picture.height]).toEqual([2100, 2800]);
  expect(zoom()).toBe(fitted);
});

test('keys zoom, and say how far', async () => {
  const { picture } = openViewer();
  press('+');
  expect(zoom()).toBe('Zoom 22 %');
  press('-');
  expect(zoom()).toBe(fitted);
  press('1');
  expect(zoom()).toBe('Zoom 100 %');
  expect(picture.style.transform).toMatch(/^matrix\(0\.5, 0, 0, 0\.5,/);
  for (const key of ['0', 'F', 'f']) {
    press('1');
    press(key);
    expect(zoom()).toBe(fitted);
  }
  press('1');
  await waitFor(() => expect(screen.getByRole('status').textContent).toMatch(/^Zoom 100/), {
    timeout: 30_000,
  });
});

test('above 200 % each image pixel is a square of its own', () => {
  const { picture } = openViewer();
  press('1');
  for (let i = 0; i < 3; i++) press('+');
  expect([zoom(), picture.dataset.smooth]).toEqual(['Zoom 195 %', 'true']);
  press('+');
  expect([zoom(), picture.dataset.smooth]).toEqual(['Zoom 244 %', 'false']);
});

test('arrow keys move over the image', () => {
  const { picture } = openViewer();
  press('1');
  const at = () =>
    picture.style.transform
      .match(/-?[\d.]+/g)!
      .slice(4)
      .map(Number) as [number, number];
  const [x, y] = at();
  press('ArrowRight');
  press('ArrowDown');
  expect(at()).toEqual([x - 50, y - 25]);
  press('ArrowLeft');
  press('ArrowUp');
  expect(at()).toEqual([x, y]);
});

test('turned, flipped and inverted is said on the image and by the buttons', () => {
  const { stage } = openViewer();
  press('r');
  expect(within(stage).getByText('Turned 90°')).toBeDefined();
  press('R', { shiftKey: true });
  press('h');
  press('i');
  expect(within(stage).getByText('Left and right exchanged · Inverted')).toBeDefined();
  expect(button('Flip left and right').getAttribute('aria-pressed')).toBe('true');
  expect(button('Invert').getAttribute('aria-pressed')).toBe('true');
  fireEvent.click(button('Invert'));
  fireEvent.click(button('Flip left and right'));
  expect(button('Invert').getAttribute('aria-pressed')).toBe('false');
  expect(within(stage).queryByText(/exchanged|Inverted/)).toBeNull();
});

test('brightness and contrast by key, by slider and by dragging with the right button', () => {
  const { stage } = openViewer();
  press('b');
  press('C', { shiftKey: true });
  expect(figures()).toEqual(['+5', '−5']);
  fireEvent.change(screen.getByRole('slider', { name: 'Brightness' }), { target: { value: '-40' } });
  expect(figures()).toEqual(['−40', '−5']);
  const held = { pointerId: 1, button: 2, buttons: 2 };
  fireEvent.pointerDown(stage, { ...held, clientX: 100, clientY: 100 });
  fireEvent.pointerMove(stage, { ...held, clientX: 140, clientY: 80 });
  fireEvent.pointerUp(stage, { pointerId: 1 });
  expect(figures()).toEqual(['−35', '+5']);
  expect(fireEvent.contextMenu(stage)).toBe(false);
  const filter = document.querySelector<HTMLElement>('.viewer-window')?.style.filter;
  expect(filter).toMatch(/^url\(/);
});

test('a focused slider keeps the keys that move it; the others are for the image', () => {
  openViewer();
  screen.getByRole('slider', { name: 'Contrast' }).focus();
  for (const key of ['ArrowRight', 'Home', 'End', 'PageUp']) expect(press(key)).toBe(true);
  expect(figures()).toEqual(['0', '0']);
  expect(zoom()).toBe(fitted);
  expect(press('b')).toBe(false);
  expect(figures()).toEqual(['+5', '0']);
});

test('the browser keeps its own shortcuts', () => {
  openViewer();
  expect(press('+', { ctrlKey: true })).toBe(true);
  expect(press('r', { metaKey: true })).toBe(true);
  expect(zoom()).toBe(fitted);
});

test('a drag moves, two fingers and the wheel zoom', () => {
  const { stage, picture } = openViewer();
  const before = picture.style.transform;
  const touch = (pointerId: number, clientX: number) => ({ pointerId, buttons: 1, clientX, clientY: 0 });
  fireEvent.pointerDown(stage, touch(1, -20));
  fireEvent.pointerMove(stage, touch(1, -10));
  expect(picture.style.transform).not.toBe(before);
  fireEvent.pointerMove(stage, touch(1, -20));
  expect(picture.style.transform).toBe(before);
  fireEvent.pointerDown(stage, touch(2, 20));
  fireEvent.pointerMove(stage, touch(2, 60));
  expect(zoom()).toBe('Zoom 35 %');
  fireEvent.pointerUp(stage, touch(1, -20));
  fireEvent.pointerCancel(stage, touch(2, 60));
  fireEvent.pointerMove(stage, touch(2, 90));
  expect(zoom()).toBe('Zoom 35 %');
  expect(fireEvent.wheel(stage, { deltaY: 100 })).toBe(false);
  expect(zoom()).toBe('Zoom 30 %');
});

test('everything is undone at once', () => {
  openViewer();
  for (const key of ['1', 'r', 'h', 'i', 'b', 'c', 'g']) press(key);
  press('Backspace');
  expect(zoom()).toBe(fitted);
  expect(figures()).toEqual(['0', '0']);
  expect(tiles()).toBeNull();
  expect(document.querySelector('.viewer-position')).toBeNull();
  press('i');
  fireEvent.click(button('Reset all'));
  expect(button('Invert').getAttribute('aria-pressed')).toBe('false');
});

test('the tiles are drawn over the image, with what the model does and does not see in words', () => {
  const { dialog } = openViewer();
  expect(dialog.textContent?.replaceAll('\u00a0', ' ')).toContain(
    '3 × 4 detailed tiles, 2 × 3 tiles of a second grid',
  );
  expect(screen.getByText(/700 × 700 image pixels reduced to 448 × 448/)).toBeDefined();
  expect(
    screen.getByText(/The model sees the image stretched: 13 % taller in the second grid/),
  ).toBeDefined();
  const seen: (string | undefined)[] = [];
  for (let i = 0; i < 4; i++) {
    press('g');
    const path = tiles()?.querySelector('path:last-child')?.getAttribute('d');
    const layer = screen.getByRole<HTMLInputElement>('radio', { checked: true }).value;
    seen.push(`${layer} ${path?.split('M').filter(Boolean).length ?? 0}`);
  }
  expect(seen).toEqual(['detailed 9', 'adaptive 7', 'overview 4', 'off 0']);
  fireEvent.click(screen.getByRole('radio', { name: 'Second' }));
  expect(tiles()?.getAttribute('data-layer')).toBe('adaptive');
});

test('the tiles follow the image', () => {
  openViewer();
  press('g');
  const first = () => tiles()?.querySelector('path')?.getAttribute('d')?.split('M')[1];
  // 2100 × 2800 at 485 / 2800: 363.75 × 485 screen pixels in the middle of 1000 × 500, halved.
  expect(first()).toBe('159.06 3.75L159.06 246.25');
  press('h');
  expect(first()).toBe('340.94 3.75L340.94 246.25');
});

test('without a model that sees, there are no tiles; with one that comes later, there are', () => {
  const { giveViews } = openViewer(null);
  expect(screen.getByText(/No model that sees images is loaded/)).toBeDefined();
  expect(screen.queryByRole('radio')).toBeNull();
  press('g');
  expect(tiles()).toBeNull();
  giveViews(views);
  press('g');
  expect(tiles()).not.toBeNull();
  giveViews(null);
  expect(tiles()).toBeNull();
});

test('says that only the view changes', () => {
  openViewer();
  expect(screen.getByText('Changes here are for viewing. The model sees the original image.')).toBeDefined();
});

test('the keys are listed on demand; those of one character can be switched off', () => {
  const { dialog } = openViewer();
  press('?');
  const keys = within(screen.getByRole('region', { name: 'Keys' }));
  expect(keys.getByText('Actual size, 100 %')).toBeDefined();
  expect(button('Keys').getAttribute('aria-expanded')).toBe('true');
  fireEvent.click(keys.getByRole('checkbox', { name: /single character/ }));
  press('1');
  expect(zoom()).toBe(fitted);
  press('ArrowUp');
  act(() => pressEscapeIn(dialog));
  expect(screen.queryByRole('region', { name: 'Keys' })).toBeNull();
  expect(screen.getByRole('dialog')).toBeDefined();
});

test.each([
  ['Escape', (dialog: HTMLElement) => pressEscapeIn(dialog)],
  ['the button', () => fireEvent.click(button('Close'))],
  ['the browser', (dialog: HTMLElement) => (dialog as HTMLDialogElement).close()],
])('%s closes it, and the focus goes back', (_, close) => {
  const { dialog } = openViewer();
  act(() => close(dialog));
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(document.activeElement).toBe(button('Open'));
});

test('every control has a name', () => {
  const { dialog } = openViewer();
  for (const control of within(dialog).getAllByRole('button')) {
    expect(control.getAttribute('aria-label')).toMatch(/\w/);
  }
  expect(within(dialog).getAllByRole('slider')).toHaveLength(2);
});

test('an image that the browser cannot show says so', () => {
  const { picture } = openViewer();
  fireEvent.error(picture);
  expect(screen.getByText('The browser cannot show this image.')).toBeDefined();
  expect(picture.hidden).toBe(true);
});

test('what an input method takes moves nothing', () => {
  const { stage } = openViewer();
  for (const init of [{ keyCode: 229 }, { keyCode: 73, isComposing: true }]) {
    expect(fireEvent.keyDown(stage, { key: 'i', ...init })).toBe(true);
  }
  expect(fireEvent.keyDown(stage, { key: 'i', keyCode: 73 })).toBe(false);
});
