import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, lastAnswer, modelReady, openChat } from './support/chat-page.ts';
import { chromium, launchChromium, whyNoChromium } from './support/chromium.ts';
import { dropFiles, imagesReady, phantom } from './support/images.ts';
import { type Site, startSite } from './support/site.ts';

const image = 'phantom-101-04.png';

describe.skipIf(!chromium)(`which model answers, in the browser${whyNoChromium}`, () => {
  let site: Site;
  let context: BrowserContext;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    site = await startSite();
    context = await launchChromium();
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], {
      origin: new URL(site.url).origin,
    });
    ({ page, problems } = await openChat(context, site.url));
  });
  afterAll(async () => {
    await context?.close();
    await site?.stop();
  });

  const note = () => page.getByRole('status', { name: 'Which model answers' }).innerText();
  const figures = () => page.locator('.answer-footer .figures').last().innerText();
  const lines = () => page.locator('.model-change').allInnerTexts();
  const badge = () => page.locator('.model-badge').innerText();
  async function newChat(): Promise<void> {
    await page.getByRole('button', { name: 'New chat' }).first().click();
    await page.locator('.empty').waitFor();
  }

  async function openFrom(article: 'Your question' | 'Answer', button: RegExp): Promise<string> {
    await page.getByRole('article', { name: article }).last().getByRole('button', { name: button }).click();
    const viewer = page.getByRole('dialog', { name: image });
    await viewer.waitFor();
    const words = await viewer.innerText();
    await page.keyboard.press('Escape');
    await viewer.waitFor({ state: 'detached' });
    return words.replaceAll('\u00a0', ' ');
  }

  test('an image attached and removed again: a text is answered by the text model', async () => {
    expect(await note()).toContain('nano-chat answers');
    await dropFiles(page, phantom(image));
    await imagesReady(page);
    expect(await note()).toContain('nano-vqa answers: an image is attached');
    await page.getByRole('button', { name: `Remove ${image}` }).click();
    await page.locator('.model-badge', { hasText: 'nano-chat' }).waitFor();
    await modelReady(page);
    expect(await note()).toContain('nano-chat answers');
    await ask(page, 'What is Asthma?');
    await lastAnswer(page);
    expect(await figures()).toContain('nano-chat');
    expect(await lines()).toEqual([]);
  });

  test('an image in the same conversation: the change is marked, and what follows is about it', async () => {
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByLabel('Faster, less detail').check();
    await page.keyboard.press('Escape');
    await dropFiles(page, phantom(image));
    await imagesReady(page);
    await ask(page, 'Describe the image.');
    await lastAnswer(page);
    expect(await lines()).toEqual(['From here nano-vqa answers']);
    expect(await note()).toContain('nano-vqa answers: this conversation is about an image');
  });

  test('the viewer tells what was kept, from the question as from the answer', async () => {
    for (const words of [await openFrom('Your question', /^View/), await openFrom('Answer', /About/)]) {
      expect(words).toContain('What the model saw');
      expect(words).toMatch(/nano-vqa cut the image into 3 × 3 detailed tiles/);
      expect(words).toContain('152 of 224 tokens were kept');
    }
  });

  test('a text in a new chat goes to the text model again, and the page says so before', async () => {
    await newChat();
    expect(await badge()).toContain('nano-vqa');
    expect(await note()).toMatch(/nano-chat will be loaded to answer \([\d.]+\sMB\)/);
    await expect(
      page.getByRole('list', { name: 'Example questions' }).getByText('What is Asthma?').count(),
    ).resolves.toBe(1);
    await ask(page, 'What is Asthma?');
    await lastAnswer(page);
    expect(await figures()).toContain('nano-chat');
    expect(await badge()).toContain('nano-chat');
  });

  test('the viewer tells what was kept also while another model is loaded', async () => {
    await page.getByRole('button', { name: 'What is Asthma?', exact: true }).last().click();
    await page.getByRole('article', { name: 'Answer' }).nth(1).waitFor();
    expect(await badge()).toContain('nano-chat');
    expect(await note()).toContain('nano-vqa will be loaded to answer');
    expect(await openFrom('Your question', /^View/)).toContain('152 of 224 tokens were kept');
    await page.getByRole('button', { name: 'Ask nano-chat instead' }).click();
    await page.getByRole('status', { name: 'Which model answers' }).getByText('nano-chat answers').waitFor();
  });

  test('an answer of a demonstration says so itself, and takes it along when it is copied', async () => {
    const answer = page.getByRole('article', { name: 'Answer' }).last();
    await expect(answer.innerText()).resolves.toContain('demonstration');
    const text = await lastAnswer(page);
    await answer.getByRole('button', { name: 'Copy answer' }).click();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toContain(text.slice(0, 20));
    expect(copied).toMatch(/nano-vqa, a demonstration model/);
    await page.emulateMedia({ media: 'print' });
    await expect(answer.locator('.demonstration-mark').isVisible()).resolves.toBe(true);
    await page.emulateMedia({ media: null });
  });

  test('nothing went wrong unseen', () => {
    expect(problems).toEqual([]);
  });
});
