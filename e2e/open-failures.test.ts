import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { acknowledge, ask, lastAnswer, modelReady } from './support/chat-page.ts';
import { chromium, launchChromium, whyNoChromium } from './support/chromium.ts';
import { FailingOpens } from './support/failing-opens.ts';
import { type Site, startSite } from './support/site.ts';

const question = 'Are you a doctor?';

describe.skipIf(!chromium)(`databases that cannot be opened${whyNoChromium}`, () => {
  let site: Site;
  let context: BrowserContext;
  let page: Page;
  let problems: string[];
  let failing: FailingOpens;

  // A visit of which something is stored in every database: a conversation, a setting, a model.
  beforeAll(async () => {
    site = await startSite();
    context = await launchChromium();
    page = await context.newPage();
    problems = [];
    page.on('pageerror', error => problems.push(String(error)));
    failing = await FailingOpens.of(page);
    await page.goto(site.url);
    await acknowledge(page);
    await modelReady(page);
    await ask(page, question);
    await lastAnswer(page);
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByLabel('Answer limit').fill('123');
    await page.keyboard.press('Escape');
  });
  afterAll(async () => {
    await context?.close();
    await site?.stop();
  });

  test('at all: the page says so, and overwrites nothing', async () => {
    await failing.fromNextLoad(Number.MAX_SAFE_INTEGER);
    await page.reload();
    const alert = page.locator('[role=alert][data-code="storage-unavailable"]');
    await alert.waitFor();
    const words = await alert.innerText();
    expect(words).toContain('This browser does not let Bedside store anything on this device.');
    expect(words).toContain('Until then conversations are kept in this page only');
    // What was acknowledged is not known: it is asked for again, and this answer can be stored.
    await failing.end();
    await acknowledge(page);
  });

  test('once: each is opened again, in the page and in its workers, and everything is there', async () => {
    await failing.fromNextLoad(1);
    await page.getByRole('button', { name: 'Reload the page' }).click();
    await modelReady(page);
    await page.getByRole('button', { name: question, exact: true }).first().waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'I understand' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Settings' }).click();
    expect(await page.getByLabel('Answer limit').inputValue()).toBe('123');
    expect(problems).toEqual([]);
  });
});
