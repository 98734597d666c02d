/** Every state of the interface in every look that it can have: axe finds nothing, and a telephone shows it whole. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ask, lastAnswer } from './support/chat-page.ts';
import { chromium, whyNoChromium } from './support/chromium.ts';
import { inEveryLook } from './support/every-look.ts';
import { dropFiles, phantom } from './support/images.ts';
import type { PacedHelpers } from './support/paced-helpers.ts';
import { openPacedPage, type PacedPage } from './support/paced-page.ts';
import { storeFailed } from './support/stored-failure.ts';

const wide = { width: 1280, height: 800 };

describe.skipIf(!chromium)(`every state in every look${whyNoChromium}`, () => {
  let opened: PacedPage;
  let page: Page;
  let helpers: PacedHelpers;
  let problems: string[];

  beforeAll(async () => {
    opened = await openPacedPage();
    ({ page, problems, helpers } = opened);
    await page.setViewportSize(wide);
  });
  afterEach(async () => {
    await page.setViewportSize(wide);
    for (let tries = 0; tries < 4 && (await page.locator('dialog[open]').count()) > 0; tries++)
      await page.keyboard.press('Escape');
  });
  afterAll(() => opened?.close());

  const button = (name: string | RegExp) =>
    page.getByRole('button', { name, exact: typeof name === 'string' });
  const dialog = (name: string | RegExp) => page.getByRole('dialog', { name });

  const chooseAction = async (words: string) => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Find an action' }).fill(words);
    await page.keyboard.press('Enter');
  };

  test('a control without a name, pale words and a page that is too wide would be found, in the looks that have them', async () => {
    await page.evaluate(() => {
      const plant = (name: string, id: string, style: string) => {
        const planted = document.createElement(name);
        planted.id = id;
        planted.style.cssText = style;
        document.querySelector('.dock')!.append(planted);
        return planted;
      };
      plant('button', 'wide', 'width: 900px');
      plant('button', 'forced', 'width: 40px');
      plant('p', 'pale', 'color: light-dark(#000, #444); background: light-dark(#fff, #222)').textContent =
        'Pale';
      const sheet = new CSSStyleSheet();
      sheet.replaceSync('#forced { display: none } @media (forced-colors) { #forced { display: block } }');
      document.adoptedStyleSheets.push(sheet);
    });
    const found = await inEveryLook(page, 'planted');
    await page.evaluate(() => {
      for (const each of document.querySelectorAll('#wide, #forced, #pale')) each.remove();
      document.adoptedStyleSheets.pop();
    });
    const looksWith = (what: string) =>
      found.filter(each => each.endsWith(what)).map(each => each.slice(0, each.indexOf(':')));
    expect(looksWith(': button-name: #wide')).toContain('light ltr');
    expect(looksWith(': button-name: #forced')).toEqual(['forced ltr', 'forced rtl']);
    expect(looksWith(': color-contrast: #pale')).toEqual(['dark ltr', 'dark rtl']);
    expect(found.some(each => each.startsWith('phone ltr: wider than the screen'))).toBe(true);
    expect(found.some(each => each.startsWith('phone rtl: wider than the screen'))).toBe(true);
  });

  test('empty', async () => {
    await page
      .locator('.empty-state')
      .or(page.getByRole('heading', { level: 2 }))
      .first()
      .waitFor();
    expect(await inEveryLook(page, 'empty')).toEqual([]);
  });

  test('an answer that is being written', async () => {
    await helpers.holdAfter(24);
    await ask(page, 'What is asthma?');
    await page.locator('article[aria-busy="true"] .markdown').waitFor();
    const found = await inEveryLook(page, 'streaming');
    await helpers.release();
    await lastAnswer(page);
    expect(found).toEqual([]);
  });

  test('an answer', async () => {
    expect(await inEveryLook(page, 'answer')).toEqual([]);
  });

  test.each([
    ['record', async () => button('Record of this answer').click(), 'Record of this answer'],
    ['share', async () => button('Export conversation').click(), /Export/],
    ['templates', async () => button('Templates').click(), 'Templates'],
    ['palette', async () => page.keyboard.press('Control+k'), 'All actions'],
    ['keys', async () => page.keyboard.press('Control+/'), 'Keys'],
    ['presets', async () => chooseAction('Presets'), 'Presets'],
    ['settings', async () => button('Settings').click(), 'Settings'],
    ['models', async () => page.locator('.model-badge').click(), 'Models'],
  ] as const)('the dialog "%s"', async (what, open, name) => {
    await open();
    await dialog(name).waitFor();
    await page.locator('dialog[open] .modal-body').first().waitFor();
    expect(await inEveryLook(page, what)).toEqual([]);
  });

  test('the form of a template', async () => {
    await button('Templates').click();
    await dialog('Templates')
      .getByRole('option', { name: /^Differential/ })
      .click();
    await page.getByLabel('Presentation').waitFor();
    expect(await inEveryLook(page, 'template-form')).toEqual([]);
  });

  test('the editor of a template of one’s own', async () => {
    await button('Templates').click();
    await dialog('Templates')
      .getByRole('button', { name: /New template/ })
      .click();
    await page.getByLabel('Text of the question').fill('What is known about {{Finding}} at {{Age}}?');
    await page.getByText('Finding', { exact: true }).first().waitFor();
    expect(await inEveryLook(page, 'template-editor')).toEqual([]);
  });

  test('the page about this device', async () => {
    await chooseAction('About this device');
    await dialog('This device').waitFor();
    await page.locator('dialog[open] .modal-body').waitFor();
    expect(await inEveryLook(page, 'hardware')).toEqual([]);
  });

  test('what a search found', async () => {
    await page.getByRole('searchbox').fill('asthma');
    await page.locator('.found-open').first().waitFor();
    const found = await inEveryLook(page, 'search');
    await page.getByRole('searchbox').fill('');
    expect(found).toEqual([]);
  });

  test('the tags of a conversation', async () => {
    await page.locator('.history-item').first().hover();
    await button(/^More for/)
      .first()
      .click();
    await page.getByRole('menuitem', { name: 'Tags…' }).click();
    await dialog('Tags of this conversation').getByLabel('New tag').fill('teaching');
    await page.keyboard.press('Enter');
    await button('Remove “teaching”').waitFor();
    expect(await inEveryLook(page, 'tags')).toEqual([]);
  });

  test('an answer that failed', async () => {
    await storeFailed(page);
    await page.reload();
    await page.locator('.history-open', { hasText: 'A synthetic failure' }).click();
    await page.locator('article[data-status="failed"]').waitFor();
    expect(await inEveryLook(page, 'error')).toEqual([]);
  });

  test('the bin', async () => {
    await page.locator('.history-item', { hasText: 'A synthetic failure' }).hover();
    await button('Delete “A synthetic failure”').click();
    await button('Bin').click();
    await dialog('Bin')
      .getByRole('button', { name: /^Restore/ })
      .waitFor();
    expect(await inEveryLook(page, 'bin')).toEqual([]);
  });

  test('an attached image, and the image viewer', async () => {
    await dropFiles(page, phantom('phantom-101-04.png'));
    await page.locator('.attachment[data-status="ready"]').waitFor();
    const beside = await inEveryLook(page, 'attached');
    await page.locator('.attachment .thumbnail').click();
    await dialog(/phantom-101-04/).waitFor();
    const open = await inEveryLook(page, 'viewer');
    expect([...beside, ...open]).toEqual([]);
  });

  test('the reading room', async () => {
    await chooseAction('Look through a study');
    await button(/synthetic CT/).click();
    await dialog('Images')
      .getByRole('application', { name: /image 1 of 20/ })
      .waitFor();
    await page.locator('.reading-window canvas').waitFor();
    expect(await inEveryLook(page, 'reading-room')).toEqual([]);
  });

  test('the menu of a telephone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.locator('.drawer-open').click();
    await page.locator('.sidebar[data-open="true"]').waitFor();
    const found = await inEveryLook(page, 'phone-menu', true);
    await page.keyboard.press('Escape');
    expect(found).toEqual([]);
  });

  test('nothing of it was an error', () => {
    expect(problems).toEqual([]);
  });
});
