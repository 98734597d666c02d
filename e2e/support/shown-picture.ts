import type { Page } from 'playwright-core';
import type { RgbImage } from '../../src/imaging/rgb-image.ts';

/** What the picture of an `<img>` shows, in its own pixels. */
export async function shownPicture(page: Page, selector: string): Promise<RgbImage> {
  const { width, height, base64 } = await page.locator(selector).evaluate(async (image: HTMLImageElement) => {
    await image.decode();
    const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
    const context = canvas.getContext('2d')!;
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    let text = '';
    for (let at = 0; at < data.length; at++) if (at % 4 < 3) text += String.fromCharCode(data[at]!);
    return { width: canvas.width, height: canvas.height, base64: btoa(text) };
  });
  return { width, height, data: new Uint8Array(Buffer.from(base64, 'base64')) };
}
