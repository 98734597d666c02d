import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from './support/accessibility.ts';
import { chromium, whyNoChromium } from './support/chromium.ts';
import { type LoadedPage, openLoadedPage } from './support/loaded-page.ts';

describe.skipIf(!chromium)(`the page about this device${whyNoChromium}`, () => {
  let opened: LoadedPage;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    opened = await openLoadedPage({ swiftshader: true });
    ({ page, problems } = opened);
    await opened.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'About this device' }).click();
  });
  afterAll(async () => {
    await opened?.close();
  });

  test('says what the device is and which models run on it', async () => {
    const dialog = page.getByRole('dialog', { name: 'This device' });
    await dialog.getByText(/^\d threads?; .* billion weights a second/).waitFor();
    await dialog.getByText(/software in place of a GPU\); in use now; not measured yet/).waitFor();
    await dialog.getByText('software: computes on the processor').waitFor();
    await dialog.getByText(/used of .* that the browser allows/).waitFor();
    const verdictOf = (model: string) =>
      dialog.getByRole('listitem').filter({ hasText: model }).locator('.verdict').innerText();
    await dialog
      .getByText(/nano-vqa.*runs|It takes .* in the memory of this computer/)
      .first()
      .waitFor();
    expect(await verdictOf('nano-chat')).toBe('runs');
    expect(await verdictOf('nano-vqa')).toBe('runs');
    expect(await verdictOf('PMC-LLaMA 13B')).toBe('too slow without a GPU');
    expect(await violations(page)).toEqual([]);
  });

  test('tests the kernels of the loaded model, which goes on answering, and copies a report', async () => {
    await page.getByText('What the loaded model uses').click();
    await page.getByRole('button', { name: 'Test this device' }).click();
    await page.getByRole('progressbar', { name: 'Testing this device' }).waitFor();
    const summary = page.locator('.test-summary');
    await summary.filter({ hasText: 'Every kernel that ran computed correctly' }).waitFor();
    await page.getByText(/^Attention and positions: all \d+ right/).click();
    const table = page.getByRole('table', { name: 'Attention and positions' });
    await table.getByRole('row', { name: /rope.*right/ }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Copy report' }).click();
    await page.getByRole('button', { name: 'Copy report: copied' }).waitFor();
    const report = await page.evaluate(() => navigator.clipboard.readText());
    expect(report).toMatch(/^ {2}right: matvec Q8_0, for a processor: error \S+ of \S+; \S+ ms, \S+ GB\/s$/m);
    expect(report).toMatch(/^ {2}GPU: .*in use now; \d.* weights a second: with .* words? a second/m);
    expect(report).toContain('PMC-LLaMA 13B: too slow without a GPU.');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Model: nano-chat, ready/ }).waitFor();
    expect(problems).toEqual([]);
  });

  test('stops when it is told to', async () => {
    await page.getByRole('button', { name: 'About this device' }).click();
    await page.getByText('Everything', { exact: true }).click();
    await page.getByRole('button', { name: 'Test again' }).click();
    await page.getByRole('progressbar', { name: 'Testing this device' }).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.locator('.test-summary[data-status="stopped"]').waitFor();
    expect(problems).toEqual([]);
  });
});
