import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { researchNotice } from '../src/app/format/research-notice.ts';
import { chromium, whyNoChromium } from './support/chromium.ts';
import { type ListedPage, openListedPage } from './support/listed-page.ts';
import { readPdf } from './support/pdf-text.ts';
import { type StoredTurn, storeConversation } from './support/stored-conversation.ts';

const title = 'Printing, a synthetic conversation';

/** Every word of an answer is found by its number; code and a table are wider than paper. */
const turns: StoredTurn[] = Array.from({ length: 25 }, (_, place) => ({
  question: `Question q${place}x: what is known about number ${place}?`,
  answer: [
    `Answer a${place}x begins.`,
    ...Array.from(
      { length: 6 },
      (_, p) => `${Array.from({ length: 60 }, (_, w) => `w${place}p${p}n${w}z`).join(' ')}.`,
    ),
    `\`\`\`\nc${place}x ${'long '.repeat(40)}k${place}x\n\`\`\``,
    `| name | value | unit | range | note |\n| --- | --- | --- | --- | --- |\n${Array.from(
      { length: 8 },
      (_, row) => `| t${place}r${row}z | 4.${row} | mmol/L | 3.5-5.1 | a longer note about this row |`,
    ).join('\n')}`,
    `Answer e${place}x ends.`,
  ].join('\n\n'),
  image: { name: `picture-${place}.png`, width: place % 2 ? 900 : 300, height: place % 3 ? 400 : 1200 },
}));

/** What must be on paper exactly once. */
const marks = turns.flatMap((_, place) => [
  ...['q', 'a', 'e', 'c', 'k'].map(letter => `${letter}${place}x`),
  ...Array.from({ length: 6 }, (_, p) => [0, 29, 59].map(w => `w${place}p${p}n${w}z`)).flat(),
  ...Array.from({ length: 8 }, (_, row) => `t${place}r${row}z`),
]);

describe.skipIf(!chromium)(`printing${whyNoChromium}`, () => {
  let listed: ListedPage;
  let page: Page;

  beforeAll(async () => {
    listed = await openListedPage(opened => storeConversation(opened, title, turns));
    ({ page } = listed);
    await page.locator('.history-open').first().click();
    await page.locator('.messages > li').nth(49).waitFor({ state: 'attached' });
    await page.waitForFunction(() => {
      const images = [...document.querySelectorAll<HTMLImageElement>('.question-images img')];
      return images.length === 25 && images.every(image => image.complete && image.naturalWidth > 0);
    });
  });
  afterAll(() => listed?.close());

  const print = async () => readPdf(await page.pdf({ format: 'A4' }));

  test('all of a long conversation is on paper: every text once, every image, title and notice on each page', async () => {
    const pages = await print();
    const text = pages.map(each => each.text).join('\n');
    expect(pages.length).toBeGreaterThan(20);
    const words = text.split(/[^\p{L}\p{N}]+/u);
    const counts = new Map<string, number>();
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
    expect(marks.filter(mark => counts.get(mark) !== 1)).toEqual([]);
    expect(pages.filter(each => !each.text.includes(researchNotice)).map(each => each.number)).toEqual([]);
    expect(pages.filter(each => !each.text.includes(title)).map(each => each.number)).toEqual([]);
    expect(pages.reduce((sum, each) => sum + each.images, 0)).toBeGreaterThanOrEqual(25);
    // Model and date of each answer; the time is this machine's.
    expect(text.match(/Answer of Synthetic model, 3 November 2026/g)).toHaveLength(25);
    expect(text.match(/Question, 3 November 2026/g)).toHaveLength(25);
    // What can only be pressed is left out.
    expect(text).not.toMatch(/Ask a medical question|New chat|Regenerate/);
  });

  test('no line lies over the edge of its page or over the notice', async () => {
    for (const each of await print()) {
      const notice = each.lines.find(line => line.text.includes('Research software'))!;
      for (const line of each.lines) {
        expect(line.bottom, `page ${each.number}: ${line.text}`).toBeGreaterThan(0);
        expect(line.top, `page ${each.number}: ${line.text}`).toBeLessThan(each.height);
        expect(line.left, `page ${each.number}: ${line.text}`).toBeGreaterThanOrEqual(0);
        expect(line.right, `page ${each.number}: ${line.text}`).toBeLessThanOrEqual(each.width);
        const isFoot = /Research software|check before use|without sources/.test(line.text);
        if (!isFoot) expect(line.bottom, `page ${each.number}: ${line.text}`).toBeGreaterThan(notice.top - 4);
      }
    }
  });

  test('a dark page prints dark on white', async () => {
    await page.evaluate(() => {
      document.documentElement.dataset.theme = 'dark';
      document.documentElement.style.colorScheme = 'dark';
    });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const colours = await page.evaluate(() => {
      const answer = getComputedStyle(document.querySelector('.markdown')!);
      return [answer.color, getComputedStyle(document.documentElement).colorScheme];
    });
    await page.emulateMedia({ media: null, colorScheme: null });
    await page.evaluate(() => {
      delete document.documentElement.dataset.theme;
      document.documentElement.style.colorScheme = '';
    });
    expect(colours).toEqual(['rgb(0, 0, 0)', 'light']);
  });

  test('one answer is printed with its question alone, and the whole conversation after it', async () => {
    // The headless browser has no dialog for printing: what the page looks like while it would be open is kept.
    await page.evaluate(() => {
      window.print = () => undefined;
    });
    const answer = page.getByRole('article', { name: 'Answer' }).nth(7);
    await answer.getByRole('button', { name: 'More for this answer' }).click();
    await page.getByRole('menuitem', { name: 'Print with its question' }).click();
    const one = (await print()).map(each => each.text).join('\n');
    expect(marks.filter(mark => one.includes(mark))).toEqual(marks.filter(mark => /^[a-z]7[xpr]/.test(mark)));
    expect(one).toContain(researchNotice);
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    expect((await print()).length).toBeGreaterThan(20);
  });

  test('the conversation is printed from the header', async () => {
    await page.evaluate(() => {
      window.print = () => {
        document.body.dataset.printed = 'true';
      };
    });
    await page.getByRole('button', { name: 'Print conversation' }).click();
    expect(await page.evaluate(() => document.body.dataset.printed)).toBe('true');
  });
});
