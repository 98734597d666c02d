import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeInNode } from '../src/cli/input/decode-image.ts';
import { fixture } from '../test/support/data.ts';
import { openChat } from './support/chat-page.ts';
import { chromium, launchChromium, whyNoChromium } from './support/chromium.ts';
import { type DroppedFile, dropFiles } from './support/images.ts';
import { type Site, startSite } from './support/site.ts';

const file = (name: string, type: string): DroppedFile => ({
  name: name.replace(/^.*\//, ''),
  type,
  bytes: readFileSync(fixture(`images/${name}`)),
});
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe.skipIf(!chromium)(`other formats of images in the browser${whyNoChromium}`, () => {
  let site: Site;
  let context: BrowserContext;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    site = await startSite();
    context = await launchChromium();
    ({ page, problems } = await openChat(context, site.url));
  });
  afterAll(async () => {
    await context?.close();
    await site?.stop();
  });

  async function attach(dropped: DroppedFile): Promise<{ width: number; height: number; rgb: Uint8Array }> {
    await page.getByRole('button', { name: 'New chat' }).first().click();
    await dropFiles(page, dropped);
    const thumbnail = page.locator('.attachment[data-status="ready"] .thumbnail img');
    await thumbnail.waitFor();
    const { width, height, rgba } = await thumbnail.evaluate(async (image: HTMLImageElement) => {
      await image.decode();
      const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
      const drawn = canvas.getContext('2d')!;
      drawn.drawImage(image, 0, 0);
      return {
        width: canvas.width,
        height: canvas.height,
        rgba: [...drawn.getImageData(0, 0, canvas.width, canvas.height).data],
      };
    });
    await page
      .getByRole('button', { name: /^Remove/ })
      .first()
      .click();
    return { width, height, rgb: Uint8Array.from(rgba.filter((_, i) => i % 4 !== 3)) };
  }

  test.each(['grey16-low.tif', 'rgb-tiled.tif', 'palette.tif'])(
    '%s is drawn as it is decoded',
    async name => {
      const dropped = file(`tiff/${name}`, 'image/tiff');
      const { image } = await decodeInNode(dropped.bytes);
      const { width, height, rgb } = await attach(dropped);
      expect([width, height, sha256(rgb)]).toEqual([image.width, image.height, sha256(image.data)]);
    },
  );

  test('AVIF goes through the browser, turned as it says', async () => {
    const { width, height, rgb } = await attach(file('heif/picture.avif', 'image/avif'));
    expect([width, height]).toEqual([64, 48]);
    // A red rectangle from (8, 8) to (24, 16), coded with a little loss.
    const [red, green] = rgb.subarray((12 * 64 + 16) * 3);
    expect(red).toBeGreaterThan(230);
    expect(green).toBeLessThan(50);
    const turned = await attach(file('heif/turned.avif', 'image/avif'));
    expect([turned.width, turned.height]).toEqual([48, 64]);
  });

  test('HEIC, which Chromium has no decoder for, is refused in words', async () => {
    await page.getByRole('button', { name: 'New chat' }).first().click();
    await dropFiles(page, file('heif/picture.heic', 'image/heic'));
    const refusal = page.locator('.attachment-error');
    await refusal.waitFor();
    expect(await refusal.innerText()).toMatch(/HEIC.*this browser cannot show[\s\S]*PNG/);
  });

  test('nothing went wrong unseen', () => {
    expect(problems).toEqual([]);
  });
});
