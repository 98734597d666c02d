import type { BrowserContext, CDPSession, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ClinicalText, clinicalTexts } from '../src/app/testing/clinical-texts.ts';
import { acknowledge } from './support/chat-page.ts';
import { chromium, launchChromium, whyNoChromium } from './support/chromium.ts';
import { type Site, startSite } from './support/site.ts';
import { openAnswer, storeAnswers } from './support/stored-answers.ts';

/** Synthetic, like all of them. */
const labTable = `| Test | Result | Unit | Reference range | Flag | Comment of the laboratory |
| --- | ---: | --- | --- | --- | --- |
| Sodium | 128 | mmol/L | 135-145 | L | repeated, no haemolysis |
| Potassium | 6.1 | mmol/L | 3.5-5.0 | HH | telephoned at 10:15, read back |
| Neutrophils, absolute | 0.35 | 10*9/L | 1.8-7.7 | LL | **agranulocytosis** |
| Thyroid-stimulating hormone | 12.45 | mIU/L | 0.27-4.20 | H | HLA-DRB1*15:01/*03:01 |`;
const hundreds = Array.from({ length: 25 }, (_, index) => `${index + 95}. Item`).join('\n');
const arabicList = '1. الصوديوم 128\n2. Amoxicillin: ثلاث مرات في اليوم\n3. البوتاسيوم';
const hebrewBullets = '- חום גבוה\n- שיעול\n- נשימה';
const arabicQuote = '> يؤخذ مع الطعام';
const hebrewTable = '| בדיקה | תוצאה |\n| :--- | ---: |\n| נתרן | 128 |\n| אשלגן | 6.1 |';
const layouts = { labTable, hundreds, arabicList, hebrewBullets, arabicQuote, hebrewTable };
const names = Object.keys(layouts) as (keyof typeof layouts)[];

describe.skipIf(!chromium)(`what a model wrote, in the browser${whyNoChromium}`, () => {
  let site: Site;
  let context: BrowserContext;
  let page: Page;
  let devtools: CDPSession;

  beforeAll(async () => {
    site = await startSite();
    context = await launchChromium({ withoutGpu: true });
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], {
      origin: new URL(site.url).origin,
    });
    page = await context.newPage();
    await page.goto(site.url);
    await acknowledge(page);
    const answers = [...clinicalTexts.map(({ markdown }) => markdown), ...Object.values(layouts)];
    await storeAnswers(page, 'Texts', answers);
    await page.reload();
    devtools = await context.newCDPSession(page);
    await devtools.send('DOM.enable');
  });
  afterAll(async () => {
    await context?.close();
    await site?.stop();
  });

  const message = (index: number): Promise<Locator> => openAnswer(page, 'Texts', index);
  const answer = async (index: number): Promise<Locator> => (await message(index)).locator('.markdown');
  const layout = async (name: keyof typeof layouts) => {
    const shown = await answer(clinicalTexts.length + names.indexOf(name));
    await shown.scrollIntoViewIfNeeded();
    return shown;
  };

  test.each(clinicalTexts.map((text, index) => ({ ...text, index })))('$name', async text => {
    const { markdown, shows = [markdown], elements = {} }: ClinicalText = text;
    const shown = await answer(text.index);
    // What sets formulas is fetched with the first of them.
    if (elements.math) await shown.locator('math').first().waitFor();
    const found = await shown.evaluate((root, selectors) => {
      const withoutSpace = (element: Element) => (element.textContent ?? '').replace(/\s+/g, '');
      const texts = selectors.map(selector => [...root.querySelectorAll(selector)].map(withoutSpace));
      return { text: withoutSpace(root), texts };
    }, Object.keys(elements));
    for (const each of shows) expect(found.text).toContain(each.replace(/\s+/g, ''));
    expect(found.texts).toEqual(
      Object.values(elements).map(texts => texts.map(each => each.replace(/\s+/g, ''))),
    );
  });

  test('Copy answer gives the text of the model', async () => {
    for (const index of [0, 3, clinicalTexts.length]) {
      const copyButton = (await message(index)).getByRole('button', { name: 'Copy answer' });
      const written = [...clinicalTexts.map(({ markdown }) => markdown), ...Object.values(layouts)][index];
      // Asked again where the browser did not take it: it may refuse the clipboard to a page that it has yet to focus.
      const copied = async () => {
        await copyButton.click();
        return page.evaluate(() => navigator.clipboard.readText());
      };
      await expect.poll(copied).toBe(written);
    }
  });

  test.each([1280, 1200, 390])(
    'at %i px no cell breaks inside a word or a unit, and only the table scrolls',
    async width => {
      await page.setViewportSize({ width, height: 800 });
      const table = await layout('labTable');
      const broken = await table.evaluate(root => {
        const words: string[] = [];
        const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
          for (const { 0: word, index } of (node.textContent ?? '').matchAll(/\S+/g)) {
            const range = document.createRange();
            range.setStart(node, index);
            range.setEnd(node, index + word.length);
            if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1)
              words.push(word);
          }
        }
        return words;
      });
      expect(broken).toEqual([]);
      const scrolls = await table.evaluate(root => {
        const { clientWidth, scrollWidth } = document.documentElement;
        const region = root.querySelector('[role=region]')!;
        return { page: scrollWidth > clientWidth, region: region.scrollWidth > region.clientWidth };
      });
      expect(scrolls.page).toBe(false);
      if (width === 390) expect(scrolls.region).toBe(true);
    },
  );

  /** The boxes of the list's marks, which have no element. */
  async function marks(list: Locator): Promise<{ left: number; right: number }[]> {
    const items = await list.locator('li').count();
    const boxes: { left: number; right: number }[] = [];
    for (let index = 0; index < items; index++) {
      await list
        .locator('li')
        .nth(index)
        .evaluate(item => item.setAttribute('data-measured', ''));
      const { root } = await devtools.send('DOM.getDocument', { depth: 0 });
      const { nodeId } = await devtools.send('DOM.querySelector', {
        nodeId: root.nodeId,
        selector: '[data-measured]',
      });
      const { node } = await devtools.send('DOM.describeNode', { nodeId });
      const marker = node.pseudoElements?.find(({ pseudoType }) => pseudoType === 'marker');
      const { quads } = await devtools.send('DOM.getContentQuads', { backendNodeId: marker!.backendNodeId });
      const across = quads.flatMap(quad => quad.filter((_, at) => at % 2 === 0));
      boxes.push({ left: Math.min(...across), right: Math.max(...across) });
      await list
        .locator('li')
        .nth(index)
        .evaluate(item => item.removeAttribute('data-measured'));
    }
    return boxes;
  }

  const boxOf = async (element: Locator) => {
    const { x, width } = (await element.boundingBox())!;
    return { left: x, right: x + width };
  };

  test.each([1280, 390])(
    'at %i px the whole number of every item is inside its list, which clips what is not',
    async width => {
      await page.setViewportSize({ width, height: 800 });
      const list = (await layout('hundreds')).locator('ol');
      const { left } = await boxOf(list);
      const boxes = await marks(list);
      expect(boxes).toHaveLength(25);
      for (const mark of boxes) expect(mark.left).toBeGreaterThanOrEqual(left);
    },
  );

  test('Arabic and Hebrew: marks on the right, inside the list; columns and quotations from the right', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    for (const name of ['arabicList', 'hebrewBullets'] as const) {
      const list = (await layout(name)).locator('ol, ul');
      const { right } = await boxOf(list);
      const item = await boxOf(list.locator('li').first());
      const boxes = await marks(list);
      expect(boxes).toHaveLength(3);
      for (const mark of boxes) {
        expect(mark.left).toBeGreaterThanOrEqual(item.right);
        expect(mark.right).toBeLessThanOrEqual(right);
      }
    }
    const table = await layout('hebrewTable');
    const [first, second] = await Promise.all([0, 1].map(index => boxOf(table.locator('th').nth(index))));
    expect(first!.left).toBeGreaterThan(second!.left);
    const borders = await (await layout('arabicQuote')).locator('blockquote').evaluate(quote => {
      const { borderLeftWidth, borderRightWidth } = getComputedStyle(quote);
      return [borderLeftWidth, borderRightWidth];
    });
    expect(borders).toEqual(['0px', '3px']);
  });
});
