import type { Page } from 'playwright-core';
import { settled } from './settled.ts';

const shots = process.env.BEDSIDE_SHOTS;

/** For whoever looks at it: the page in two sizes and both schemes, in the folder BEDSIDE_SHOTS; without one, nothing. */
export async function shoot(page: Page, name: string): Promise<void> {
  if (!shots) return;
  const before = page.viewportSize()!;
  for (const [width, height] of [
    [1280, 800],
    [390, 844],
  ] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme });
      await settled(page);
      await page.screenshot({ path: `${shots}/${name}-${width}-${colorScheme}.png` });
    }
  }
  await page.setViewportSize(before);
  await page.emulateMedia({ colorScheme: 'light' });
}
