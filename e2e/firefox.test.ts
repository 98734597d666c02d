import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixture, readJson } from '../test/support/data.ts';
import { acknowledge, lastAnswer, modelReady } from './support/chat-page.ts';
import { type FirefoxContext, firefox, launchFirefox, lavapipe, whyNoFirefox } from './support/firefox.ts';
import { dropFiles, imagesReady, phantom } from './support/images.ts';
import { type Site, startSite } from './support/site.ts';
import { readStoredMessages } from './support/stored-messages.ts';

const textGoldens = readJson<{ cases: { question: string; text: string }[] }>(
  fixture('golden/golden-nano-chat-q8_0.json'),
);
const imageGoldens = readJson<{
  cases: { image: string; questions: { question: string; text: string }[] }[];
}>(fixture('golden/golden-nano-vqa.json'));

/** Typed, because what `fill` does reaches no React in a Firefox that is driven over BiDi. */
async function ask(page: Page, question: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Your question' }).focus();
  await page.keyboard.type(question);
  await page.keyboard.press('Enter');
}

/** The site in a Firefox of its own; the page's errors fail whoever looks at `problems`. */
async function open(site: Site, options: { webgpu: boolean }) {
  const browser = await launchFirefox({ ...options, device: 'gpu' });
  const page = await browser.context.newPage();
  const problems: string[] = [];
  page.on('pageerror', error => problems.push(String(error)));
  await page.goto(site.url);
  await acknowledge(page);
  return { browser, page, problems };
}

describe.skipIf(!firefox)(`a Firefox that offers no WebGPU${whyNoFirefox}`, () => {
  let site: Site;
  let browser: FirefoxContext;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    site = await startSite({ headers: false });
    ({ browser, page, problems } = await open(site, { webgpu: false }));
  });
  afterAll(async () => {
    await browser?.close();
    await site?.stop();
  });

  test('says that it has none and where there is one, and promises nothing', async () => {
    expect(await page.evaluate(() => navigator.gpu)).toBeUndefined();
    const alert = page.locator('.alert[data-code="no-webgpu"]');
    await alert.waitFor();
    expect(await alert.innerText()).toContain('Firefox 141 or newer on Windows');
    await page.getByRole('heading', { name: 'Questions cannot be answered in this browser.' }).waitFor();
    expect(await page.locator('body').innerText()).not.toMatch(/computed here|own processor/);
  });

  test('keeps the question that it cannot answer, and settings, over a reload; lists the models', async () => {
    await ask(page, 'What is Marfan syndrome?');
    await page.locator('.message-answer .alert[data-code="no-webgpu"]').waitFor();
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByText('Dark', { exact: true }).click();
    await page.keyboard.press('Escape');
    await expect.poll(async () => (await readStoredMessages(page)).length).toBe(2);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.reload();
    await page.locator('html[data-theme="dark"]').waitFor();
    await page.getByRole('button', { name: 'What is Marfan syndrome?' }).first().click();
    await page.getByRole('article').filter({ hasText: 'What is Marfan syndrome?' }).first().waitFor();
    await page.getByRole('button', { name: /^Model:/ }).click();
    const models = page.getByRole('dialog', { name: 'Models' });
    await models.getByText('PMC-LLaMA 13B').first().waitFor();
    expect(await models.innerText()).toContain('No model runs in this browser');
    expect(problems).toEqual([]);
  });
});

const whyNoDriver = firefox && !lavapipe ? ' (skipped: lavapipe is not installed)' : whyNoFirefox;

describe.skipIf(!firefox || !lavapipe)(`a Firefox with WebGPU on a processor${whyNoDriver}`, () => {
  let site: Site;
  let browser: FirefoxContext;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    site = await startSite({ headers: false });
    ({ browser, page, problems } = await open(site, { webgpu: true }));
  });
  afterAll(async () => {
    await browser?.close();
    await site?.stop();
  });

  test('answers a question as it should', { timeout: 600_000 }, async () => {
    await modelReady(page);
    const { question, text } = textGoldens.cases.find(each => each.question.includes('asthma'))!;
    await ask(page, question);
    expect(await lastAnswer(page, 300_000)).toBe(text);
  });

  test('answers a question about an image as it should', { timeout: 600_000 }, async () => {
    const { image, questions } = imageGoldens.cases.find(each => each.image === 'phantom-101-00.png')!;
    const { question, text } = questions.find(each => each.question === 'What kind of image is this?')!;
    await page.getByRole('button', { name: 'New chat' }).first().click();
    await dropFiles(page, phantom(image));
    await imagesReady(page);
    await ask(page, question);
    expect(await lastAnswer(page, 300_000)).toBe(text);
    expect(problems).toEqual([]);
  });
});
