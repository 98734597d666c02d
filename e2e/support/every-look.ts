import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { settled } from './settled.ts';

/** Where pictures of what was looked at are put; nowhere as a rule. */
const shots = process.env.BEDSIDE_SHOTS;

const themes = [
  { name: 'light', media: { colorScheme: 'light', forcedColors: 'none' } },
  { name: 'dark', media: { colorScheme: 'dark', forcedColors: 'none' } },
  { name: 'forced', media: { colorScheme: 'dark', forcedColors: 'active' } },
] as const;
const directions = ['ltr', 'rtl'] as const;
const phone = { width: 390, height: 844 };

interface Axe {
  run(
    context: unknown,
    options: unknown,
  ): Promise<{ violations: { id: string; nodes: { target: unknown[]; failureSummary?: string }[] }[] }>;
}

const script = () =>
  readFileSync(
    createRequire(createRequire(import.meta.url).resolve('@axe-core/playwright')).resolve(
      'axe-core/axe.min.js',
    ),
    'utf8',
  );

interface Looked {
  /** A line a finding. */
  found: string[];
  /** All that the other rules of axe go by. */
  shown: string;
}

/**
 * What axe finds. It stays in the page: of a page that is looked at often it is brought once. Where just the same elements are shown as
 * were `before`, only what goes by colours and places can find anything else.
 */
async function look(page: Page, isForced: boolean, before?: string): Promise<Looked> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(script());
  return page.evaluate(
    async ([isForced, before]) => {
      // What is behind an open dialog cannot be reached.
      const open = document.querySelector('dialog[open]') ?? document.body;
      const isShown = (each: Element) =>
        each.checkVisibility({ opacityProperty: true, visibilityProperty: true });
      const hasPlace = (each: Element) => {
        const { left, right, width, height } = each.getBoundingClientRect();
        return width * height > 0 && right > 0 && left < innerWidth;
      };
      const named = (each: Element, part: string) => getComputedStyle(each, part).content;
      const shown = [...open.querySelectorAll('*')]
        .map(each => [isShown(each), hasPlace(each), named(each, '::before'), named(each, '::after')].join())
        .concat(open.outerHTML)
        .join('\n');
      // Forced colours are the system's, and axe reads those that they replace.
      const byLook = ['link-in-text-block', 'scrollable-region-focusable'];
      if (!isForced) byLook.push('color-contrast');
      const options =
        shown === before
          ? { runOnly: { type: 'rule', values: byLook } }
          : { rules: { 'color-contrast': { enabled: !isForced } } };
      const { axe } = window as unknown as { axe: Axe };
      const { violations } = await axe.run(open === document.body ? document : open, {
        ...options,
        resultTypes: ['violations'],
      });
      const found = violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target }) => `${id}: ${target.join(' ')}`),
      );
      return { found, shown };
    },
    [isForced, before] as const,
  );
}

/** What is wider than the screen and cannot be reached without moving the page sideways. */
const tooWide = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const name = (each: Element) => `${each.localName}.${String(each.className).replaceAll(' ', '.')}`;
    return [
      document.documentElement,
      ...document.querySelectorAll(
        'dialog[open], dialog[open] .modal-body, .sidebar, .chat-scroll, .history, .dock',
      ),
    ]
      .filter(each => each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0)
      .map(each => `wider than the screen: ${name(each)} ${each.scrollWidth} > ${each.clientWidth}`);
  });

/**
 * What is wrong with the page as it is, in light, dark and forced colours, read from left to right and from right to left, and on the
 * width of a telephone. Afterwards it is as before.
 */
export async function inEveryLook(page: Page, what: string, isPhoneOnly = false): Promise<string[]> {
  const before = page.viewportSize()!;
  const found: string[] = [];
  let shown: string | undefined;
  const turn = (dir: string) =>
    page.evaluate(value => document.documentElement.setAttribute('dir', value), dir);
  const shoot = async (look: string) => {
    if (shots) await page.screenshot({ path: `${shots}/${what.replaceAll(' ', '-')}-${look}.png` });
  };
  // What it points at looks otherwise.
  await page.mouse.move(0, 0);
  for (const dir of directions) {
    await turn(dir);
    for (const { name, media } of themes) {
      await page.emulateMedia(media);
      await settled(page);
      await shoot(`${name}-${dir}`);
      const looked = await look(page, media.forcedColors === 'active', shown);
      shown = looked.shown;
      found.push(...looked.found.map(each => `${name} ${dir}: ${each}`));
    }
    await page.emulateMedia({ colorScheme: null, forcedColors: null });
    if (!isPhoneOnly) await page.setViewportSize(phone);
    await settled(page);
    await shoot(`phone-${dir}`);
    found.push(...(await tooWide(page)).map(each => `phone ${dir}: ${each}`));
    await page.setViewportSize(isPhoneOnly ? phone : before);
  }
  await turn('ltr');
  return found;
}
