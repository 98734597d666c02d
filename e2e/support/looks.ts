import type { Page } from 'playwright-core';

/** Where pictures of what was looked at are put; nowhere as a rule. */
const shots = process.env.BEDSIDE_SHOTS;

const looks = [
  { name: 'light', media: { colorScheme: 'light', forcedColors: 'none' }, dir: 'ltr', width: 1280 },
  { name: 'dark', media: { colorScheme: 'dark', forcedColors: 'none' }, dir: 'ltr', width: 1280 },
  { name: 'forced', media: { colorScheme: 'dark', forcedColors: 'active' }, dir: 'ltr', width: 1280 },
  { name: 'right-to-left', media: { colorScheme: 'light', forcedColors: 'none' }, dir: 'rtl', width: 1280 },
  { name: 'phone', media: { colorScheme: 'light', forcedColors: 'none' }, dir: 'ltr', width: 390 },
  { name: 'phone-dark', media: { colorScheme: 'dark', forcedColors: 'none' }, dir: 'rtl', width: 390 },
] as const;

/** The page as it is, in every look that it has: colours, direction, width. Afterwards it is as before. */
export async function eachLook(
  page: Page,
  what: string,
  check: (look: string) => Promise<void>,
): Promise<void> {
  const before = page.viewportSize();
  // What it points at looks otherwise.
  await page.mouse.move(0, 0);
  const turn = (dir: string) =>
    page.evaluate(value => document.documentElement.setAttribute('dir', value), dir);
  for (const { name, media, dir, width } of looks) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 800 });
    await page.emulateMedia(media);
    await turn(dir);
    if (shots) await page.screenshot({ path: `${shots}/${what.replaceAll(' ', '-')}-${name}.png` });
    await check(name);
  }
  await turn('ltr');
  await page.emulateMedia({ colorScheme: null, forcedColors: null });
  if (before) await page.setViewportSize(before);
}
