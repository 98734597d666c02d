import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { phantom, phantomSlice } from '../scripts/phantom.mjs';
import { fixture, readJson } from '../test/support/data.ts';
import { violations } from './support/accessibility.ts';
import { openChat } from './support/chat-page.ts';
import { chromium, launchChromium, whyNoChromium } from './support/chromium.ts';
import { dropFiles } from './support/images.ts';
import { settled } from './support/settled.ts';
import { type Site, startSite } from './support/site.ts';

/** Where pictures of the page go, for a person to look at. */
const pictures = process.env.BEDSIDE_SCREENSHOTS;

/** Of a plain syntax, of one whose black and white are exchanged, and of a compressed one. */
const greyFiles = ['ts-implicit-le.dcm', 'win-mono1-inverse-shape.dcm', 'ts-jpegls-lossless-80.dcm'];

/** The grey of a value through a LINEAR window (DICOM PS3.3 C.11.2.1.2), written anew here. */
function grey(value: number, centre: number, width: number): number {
  if (value <= centre - 0.5 - (width - 1) / 2) return 0;
  if (value > centre - 0.5 + (width - 1) / 2) return 255;
  return Math.floor(((value - (centre - 0.5)) / (width - 1) + 0.5) * 255 + 0.5);
}

const expected = (slice: number, centre: number, width: number) =>
  Buffer.from(Uint8Array.from(phantomSlice(slice), value => grey(value, centre, width)));

/** The first channel of what is on a pane's canvas; the others are the same, and all of it is opaque. */
async function shownGrey(page: Page, pane = 0): Promise<Buffer> {
  const base64 = await page.evaluate(place => {
    const canvas = document.querySelector<HTMLCanvasElement>(
      `[data-pane="${place}"] .reading-window canvas`,
    )!;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    let text = '';
    for (let at = 0; at < data.length; at += 4) {
      if (data[at] !== data[at + 1] || data[at] !== data[at + 2] || data[at + 3] !== 255) return '';
      text += String.fromCharCode(data[at]!);
    }
    return btoa(text);
  }, pane);
  return Buffer.from(base64, 'base64');
}

describe.skipIf(!chromium)(`a study in the reading room${whyNoChromium}`, () => {
  let site: Site;
  let context: BrowserContext;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    site = await startSite();
    context = await launchChromium();
    ({ page, problems } = await openChat(context, site.url, false));
    await page.setViewportSize({ width: 1280, height: 800 });
  });
  afterAll(async () => {
    await context?.close();
    await site?.stop();
  });

  const room = () => page.getByRole('dialog', { name: 'Images' });
  const stage = (name: RegExp) => room().getByRole('application', { name });
  const picture = async (name: string) => {
    await settled(page);
    if (pictures) await page.screenshot({ path: `${pictures}/${name}.png` });
  };
  const settledOn = (slice: number, centre: number, width: number) =>
    expect.poll(async () => (await shownGrey(page)).equals(expected(slice, centre, width))).toBe(true);

  test('the sample opens at its first slice, in the window of its file, pixel for pixel', async () => {
    await page.getByRole('button', { name: /synthetic CT/ }).click();
    await stage(/image 1 of 20/).waitFor();
    await page.locator('.reading-window canvas').waitFor();
    await settledOn(0, 40, 400);
    expect(await room().innerText()).toContain('Synthetic phantom, no patient');
    expect(await violations(page)).toEqual([]);
    await picture('study');
  });

  test('keys and wheel scroll through it', async () => {
    await page.keyboard.press('PageDown');
    await page.keyboard.press('PageDown');
    await settledOn(2, 40, 400);
    await stage(/image 3 of 20/).hover();
    await page.mouse.wheel(0, 100);
    await settledOn(3, 40, 400);
    await page.keyboard.press('End');
    await settledOn(19, 40, 400);
    await page.keyboard.press('Home');
    await settledOn(0, 40, 400);
  });

  test('the window by the keyboard, by name, and by dragging', async () => {
    await page.keyboard.press('w');
    await page.keyboard.press('ArrowRight');
    await settledOn(0, 40, 421);
    await room().getByRole('button', { name: 'Lung' }).click();
    await settledOn(0, -600, 1500);
    const { x, y } = (await stage(/image 1/).boundingBox())!;
    await page.mouse.move(x + 200, y + 200);
    await page.mouse.down();
    await page.mouse.move(x + 200, y + 170, { steps: 1 });
    await page.mouse.up();
    await settledOn(0, -750, 1500);
    await room().getByRole('button', { name: 'As the file says' }).click();
    await settledOn(0, 40, 400);
  });

  test('a rod is measured: its mean is what it is made of, its width what it was drawn', async () => {
    const { rods, spacing, columns, rows } = phantom;
    const rod = rods.find(({ name }) => name === 'bone')!;
    const canvas = (await page.locator('.reading-window canvas').boundingBox())!;
    const at = (x: number, y: number) =>
      [
        canvas.x + ((x / spacing + columns / 2) / columns) * canvas.width,
        canvas.y + ((y / spacing + rows / 2) / rows) * canvas.height,
      ] as const;
    await page.keyboard.press('e');
    await page.mouse.move(...at(rod.x - 8, rod.y - 8));
    await page.mouse.down();
    await page.mouse.move(...at(rod.x + 8, rod.y + 8), { steps: 4 });
    await page.mouse.up();
    const marks = room().getByRole('region', { name: 'Marks' });
    await expect.poll(() => marks.innerText()).toMatch(/Mean 900\.0\sHU, deviation 0\.0/);
    await page.keyboard.press('l');
    await page.mouse.move(...at(rod.x - rod.radius, rod.y));
    await page.mouse.down();
    await page.mouse.move(...at(rod.x + rod.radius, rod.y), { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => marks.innerText()).toMatch(/Length 2/);
    const [, millimetres] = /([\d.]+)\smm\b/.exec((await marks.innerText()).split('Length 2')[1]!)!;
    // A pointer stands on whole pixels of the screen.
    expect(Math.abs(Number(millimetres) - 2 * rod.radius)).toBeLessThanOrEqual(spacing / 2);
    expect(await violations(page)).toEqual([]);
    await picture('measured');
  });

  test('four panes, with the keys shown', async () => {
    await room().getByText('Two', { exact: true }).click();
    await room().getByText('Scroll together').click();
    await picture('two');
    expect(await violations(page)).toEqual([]);
    await room().getByText('One', { exact: true }).click();
    await page.getByRole('button', { name: 'Keys' }).click();
    await picture('keys');
    await page.keyboard.press('Escape');
  });

  test('on a telephone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await picture('telephone');
    expect(await violations(page)).toEqual([]);
    const overflow = await page.evaluate(() => document.querySelector('.reading')!.scrollWidth > innerWidth);
    expect(overflow).toBe(false);
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  test('asked about, exactly what is shown goes beside the question', async () => {
    await room().getByRole('button', { name: 'Bone' }).click();
    await settledOn(0, 480, 2500);
    await room().getByRole('button', { name: 'Ask about this image' }).click();
    await room().waitFor({ state: 'detached' });
    await page.locator('.attachment[data-status="ready"] img').waitFor();
    const attached = await page.evaluate(async () => {
      const image = document.querySelector<HTMLImageElement>('.attachment img')!;
      await image.decode();
      const canvas = new OffscreenCanvas(128, 128);
      const context = canvas.getContext('2d')!;
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, 128, 128);
      return btoa(
        Array.from({ length: data.length / 4 }, (_, at) => String.fromCharCode(data[at * 4]!)).join(''),
      );
    });
    expect(Buffer.from(attached, 'base64').equals(expected(0, 480, 2500))).toBe(true);
    expect(await page.locator('.attachment').innerText()).toContain('slice-01');
    await page
      .getByRole('button', { name: /^Remove/ })
      .first()
      .click();
  });

  const records = readJson<{ file: string; frames: { views: { default: { sha256: string } } }[] }[]>(
    fixture('dicom/golden.json'),
  );
  test.each(greyFiles)('%s dropped: its golden view', async name => {
    const { sha256 } = records.find(({ file }) => file === name)!.frames[0]!.views.default;
    await dropFiles(page, { name, type: '', bytes: readFileSync(fixture(`dicom/${name}`)) });
    await room().waitFor();
    await expect
      .poll(async () => {
        if ((await page.locator('.reading-window canvas').count()) === 0) return '';
        return createHash('sha256')
          .update(await shownGrey(page))
          .digest('hex');
      })
      .toBe(sha256);
    await page.keyboard.press('Escape');
    await room().waitFor({ state: 'detached' });
  });

  test('what is no image says so', async () => {
    await dropFiles(page, { name: 'DICOMDIR', type: '', bytes: Buffer.from('nothing') });
    const told = page.getByRole('dialog', { name: 'There is nothing to show' });
    await told.waitFor();
    await told.getByRole('button', { name: 'Close' }).click();
  });

  test('nothing went wrong in the page', () => {
    expect(problems).toEqual([]);
  });
});
