import { rm } from 'node:fs/promises';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixture, readJson } from '../test/support/data.ts';
import { lastAnswer, modelReady } from './support/chat-page.ts';
import { chromium, launchChromium, whyNoChromium } from './support/chromium.ts';
import { dropFiles, imagesReady, phantom } from './support/images.ts';
import { copyPacedSite, PacedHelpers } from './support/paced-helpers.ts';
import { waitUntilControlled } from './support/shell.ts';
import { type Site, startSite } from './support/site.ts';
import { readStoredMessages } from './support/stored-messages.ts';
import { typeQuestion, visit, visitors } from './support/visitors.ts';

const question = 'Are you a doctor?';
const { cases } = readJson<{ cases: { question: string; text: string }[] }>(
  fixture('golden/golden-nano-chat-q8_0.json'),
);
const golden = cases.find(each => each.question === question)!.text;

const image = 'phantom-101-00.png';
const imageGoldens = readJson<{
  cases: { image: string; questions: { question: string; text: string }[] }[];
}>(fixture('golden/golden-nano-vqa.json'));
const aboutImage = imageGoldens.cases
  .find(each => each.image === image)!
  .questions.find(each => each.question === 'What kind of image is this?')!;

const newChat = (page: Page) => page.getByRole('button', { name: 'New chat' }).first().click();
const figures = (page: Page) => page.locator('.answer-footer .figures').last().innerText();

/** The page answers, with the words that a GPU would have written. */
async function expectGolden(page: Page): Promise<void> {
  await page.locator('article[data-status="complete"]').last().waitFor();
  expect(await lastAnswer(page)).toBe(golden);
  expect(await page.getByRole('alert').count()).toBe(0);
}

describe.each(visitors)('$name, without a GPU', ({ isInstalled, launch }) => {
  let root: string;
  let site: Site;
  let context: BrowserContext;
  let close: () => Promise<void>;
  let page: Page;
  let problems: string[];
  let helpers: PacedHelpers;

  beforeAll(async () => {
    if (!isInstalled) return;
    root = await copyPacedSite();
    site = await startSite({ root });
    ({ context, close } = await launch());
    ({ page, problems } = await visit(context, site.url, async opened => {
      helpers = await PacedHelpers.of(opened);
    }));
  });
  afterAll(async () => {
    await close?.();
    await site?.stop();
    if (root) await rm(root, { recursive: true });
  });

  /** Asks, and waits until some of the answer is there; no more of it comes until `helpers` are released. */
  async function askHalf(): Promise<void> {
    await newChat(page);
    await helpers.holdAfter(8);
    await typeQuestion(page, question);
    await page.locator('article[aria-busy="true"] .markdown').waitFor();
  }

  const journey = test.skipIf(!isInstalled);

  journey('a first question on the first visit, with threads, and what computed it', async () => {
    await modelReady(page);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await typeQuestion(page, question);
    await expectGolden(page);
    const threads = await helpers.count();
    expect(threads).toBeGreaterThan(await page.evaluate(() => (navigator.hardwareConcurrency > 1 ? 1 : 0)));
    expect(await figures(page)).toContain(`computed on the processor (${threads} threads, products exact)`);
  });

  journey('stopped: what was written is kept; regenerated: whole', async () => {
    await askHalf();
    await page.keyboard.press('Escape');
    await helpers.release();
    const partial = await lastAnswer(page);
    expect(partial.length).toBeGreaterThan(0);
    expect(partial.length).toBeLessThan(golden.length);
    expect(golden.startsWith(partial)).toBe(true);
    await page.locator('.ending', { hasText: 'Stopped by you.' }).waitFor();
    await page.getByRole('button', { name: 'Regenerate' }).last().click();
    await expectGolden(page);
    await page.getByRole('button', { name: 'Previous answer' }).click();
    expect(await lastAnswer(page)).toBe(partial);
  });

  journey('an engine that falls silent in the middle of an answer, which goes on', async () => {
    await askHalf();
    await helpers.silenceEngine();
    await helpers.release();
    await page.locator('.model-badge[data-life="recovering"]').waitFor();
    await expectGolden(page);
    await modelReady(page);
  });

  journey('two tabs: the other one takes the model over, and gives it back', async () => {
    const other = await visit(context, site.url);
    await other.page.locator('.model-badge[data-life="elsewhere"]').waitFor();
    await other.page.getByRole('button', { name: 'Use it here' }).click();
    await modelReady(other.page);
    await typeQuestion(other.page, question);
    await expectGolden(other.page);
    await page.locator('.model-badge[data-life="elsewhere"]').waitFor();
    await other.page.close();
    await page.bringToFront();
    await newChat(page);
    await typeQuestion(page, question);
    await expectGolden(page);
    expect(other.problems).toEqual([]);
  });

  journey('a question about an image', async () => {
    await newChat(page);
    await dropFiles(page, phantom(image));
    await imagesReady(page);
    await typeQuestion(page, aboutImage.question);
    expect(await lastAnswer(page)).toBe(aboutImage.text);
  });

  journey('with the server gone: reloaded, it answers from this device', async () => {
    await waitUntilControlled(page);
    await site.stop();
    await page.reload();
    await modelReady(page);
    await newChat(page);
    await typeQuestion(page, question);
    await expectGolden(page);
  });

  journey('an image that was asked about before the restart is not encoded again', async () => {
    await newChat(page);
    await dropFiles(page, phantom(image));
    await imagesReady(page);
    await typeQuestion(page, aboutImage.question);
    expect(await lastAnswer(page)).toBe(aboutImage.text);
    const answers = (await readStoredMessages(page)).filter(({ seen }) => seen.length > 0);
    expect(answers.map(({ seen }) => seen)).toEqual([[{ cached: false }], [{ cached: true }]]);
  });

  journey('nothing went wrong unseen', () => {
    expect(problems).toEqual([]);
  });
});

describe.skipIf(!chromium)(`a page that cannot share memory${whyNoChromium}`, () => {
  test('one thread answers, and the page says why', async () => {
    // No headers of the host's and no service worker: nothing isolates the page.
    const site = await startSite({ headers: false });
    const context = await launchChromium({ serviceWorkers: 'block' });
    try {
      const { page, problems } = await visit(context, site.url);
      await modelReady(page);
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
      const note = page.getByRole('region', { name: 'What answers here' });
      expect(await note.innerText()).toContain('does not keep this page apart from others yet');
      await typeQuestion(page, question);
      await expectGolden(page);
      expect(await figures(page)).toContain('computed on the processor (1 thread, products exact)');
      expect(problems).toEqual([]);
    } finally {
      await context.close();
      await site.stop();
    }
  });
});
