/** Boxes in an answer, on the built page: drawn on the picture, listed, compared with the reader's mark. */
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from './support/accessibility.ts';
import { openChat } from './support/chat-page.ts';
import { chromium, launchChromium, whyNoChromium } from './support/chromium.ts';
import { settled } from './support/settled.ts';
import { type Site, startSite } from './support/site.ts';
import { storeConversation } from './support/stored-conversation.ts';

/** Where pictures of the page go, for a person to look at. */
const pictures = process.env.BEDSIDE_SCREENSHOTS;

const [width, height] = [400, 300];
const mark = { x: 100, y: 60, width: 100, height: 60 };
const answer =
  'I see <ref>a square</ref><box>[[250, 200, 500, 400]]</box> and <ref>a rim</ref><box>[[0, 0, 1000, 100]]</box>.';

describe.skipIf(!chromium)(`places in an answer${whyNoChromium}`, () => {
  let site: Site;
  let context: BrowserContext;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    site = await startSite();
    context = await launchChromium();
    ({ page, problems } = await openChat(context, site.url, false));
    await storeConversation(page, 'Where is it?', [
      { question: 'Where is it?', answer, image: { name: 'square.png', width, height, mark } },
    ]);
    await page.reload();
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.getByRole('button', { name: 'Where is it?', exact: true }).click();
    await page.locator('.drawn-picture img').waitFor();
  });
  afterAll(async () => {
    await context?.close();
    await site?.stop();
  });

  const section = () => page.getByRole('region', { name: 'Places in the picture' });

  test('the answer reads as text, and each box lies where it was named', async () => {
    expect(await page.locator('.message-answer .markdown').textContent()).toBe(
      'I see a square (place 1) and a rim (place 2).',
    );
    const boxes = await page.evaluate(() => {
      const picture = document.querySelector('.drawn-picture')!.getBoundingClientRect();
      return [...document.querySelectorAll('.drawn-picture .drawn-shape path:last-of-type')].map(path => {
        const box = path.getBoundingClientRect();
        const share = (length: number, of: number) => Math.round((length / of) * 100);
        return [
          share(box.left - picture.left, picture.width),
          share(box.top - picture.top, picture.height),
          share(box.width, picture.width),
          share(box.height, picture.height),
        ];
      });
    });
    // The mark, the place over it, the other one; a border takes a pixel.
    const expected = [25, 20, 25, 20, 25, 20, 25, 20, 0, 0, 100, 10];
    expect(boxes.flat()).toHaveLength(expected.length);
    for (const [at, share] of boxes.flat().entries()) {
      expect(Math.abs(share - expected[at]!)).toBeLessThanOrEqual(1);
    }
    expect(await section().innerText()).toContain('IoU with your mark 1: 1.00');
    expect(await violations(page)).toEqual([]);
  });

  test('by the keyboard: a place is chosen, and the picture opens with it', async () => {
    await section().getByRole('button', { name: 'a rim' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('.drawn-picture .drawn-shape[data-chosen="true"]').waitFor();
    for (const [width, height, scheme] of [
      [1280, 800, 'light'],
      [1280, 800, 'dark'],
      [390, 844, 'light'],
    ] as const) {
      if (!pictures) break;
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme: scheme });
      await settled(page);
      await section().scrollIntoViewIfNeeded();
      await page.screenshot({ path: `${pictures}/places-${width}-${scheme}.png` });
    }
    await page.setViewportSize({ width: 1280, height: 800 });
    await section()
      .getByRole('button', { name: /^View square.png/ })
      .focus();
    await page.keyboard.press('Enter');
    const viewer = page.getByRole('dialog', { name: 'square.png' });
    await viewer.waitFor();
    await expect.poll(() => viewer.locator('.viewer-shapes .drawn-shape').count()).toBe(3);
    expect(await viewer.innerText()).toContain('Mark 1, rectangle: “this one”');
    if (pictures) await page.screenshot({ path: `${pictures}/places-viewer.png` });
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('m');
    await expect.poll(() => viewer.locator('.viewer-shapes').count()).toBe(0);
    await page.keyboard.press('Escape');
  });

  test('nothing went wrong in the page', () => {
    expect(problems).toEqual([]);
  });
});
