import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from './support/accessibility.ts';
import { chromium, whyNoChromium } from './support/chromium.ts';
import { offered } from './support/library-page.ts';
import { type LoadedPage, openLoadedPage } from './support/loaded-page.ts';

/** Bytes of "12.3 MB". */
function bytesOf(words: string): number {
  const [, value, unit] = /([\d.]+) (B|kB|MB|GB)$/.exec(words)!;
  return Number(value) * 1000 ** ['B', 'kB', 'MB', 'GB'].indexOf(unit!);
}

describe.skipIf(!chromium)(`the memory of a model, before it is loaded${whyNoChromium}`, () => {
  let opened: LoadedPage;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    opened = await openLoadedPage({ swiftshader: true });
    ({ page, problems } = opened);
  });
  afterAll(async () => {
    await opened?.close();
  });

  const openModels = () => page.getByRole('button', { name: /^Model:/ }).click();

  async function openTable(model: string): Promise<Locator> {
    const card = page.getByRole('article', { name: model });
    await card.getByText('Memory of this computer', { exact: true }).click();
    const table = card.getByRole('table', { name: `Memory of this computer for ${model}` });
    await table.waitFor();
    return table;
  }

  async function rowsOf(table: Locator): Promise<Map<string, string>> {
    const rows = await table.locator('tbody tr, tfoot tr').all();
    const cells = await Promise.all(
      rows.map(async row => [
        await row.getByRole('rowheader').innerText(),
        await row.getByRole('cell').innerText(),
      ]),
    );
    return new Map(cells as [string, string][]);
  }

  const sum = (rows: Map<string, string>, parts: string[]) =>
    parts.reduce((total, part) => total + bytesOf(rows.get(part)!), 0);

  test('a model that sees is planned while another is loaded, and nothing is loaded by it', async () => {
    await openModels();
    const rows = await rowsOf(await openTable('nano-vqa'));
    const parts = [...rows.keys()];
    expect(parts).toEqual([
      'Weights',
      'Conversation memory (8,192 tokens, 16-bit)',
      'Working memory',
      'Image encoder',
      'Total',
      'While loading, in addition',
      'Images of a question, at most',
    ]);
    const total = bytesOf(rows.get('Total')!);
    expect(Math.abs(sum(rows, parts.slice(0, 4)) / total - 1)).toBeLessThan(0.02);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Model: nano-chat, ready/ }).waitFor();
  });

  test('it changes with the longest conversation, and so does the model when it is loaded', async () => {
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByLabel('Longest conversation').selectOption('1024');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await openModels();
    const planned = await rowsOf(await openTable('nano-vqa'));
    const cache = 'Conversation memory (1,024 tokens, 16-bit)';
    expect(planned.has(cache)).toBe(true);
    await page
      .getByRole('article', { name: 'nano-vqa' })
      .getByRole('button', { name: 'Use this model' })
      .click();
    await page.locator('.model-badge[data-phase="ready"]').waitFor();
    await openModels();
    const loaded = await rowsOf(page.locator('.facts table'));
    expect(loaded.get(cache)).toBe(planned.get(cache));
    expect(loaded.get('Total')).toBe(planned.get('Total'));
    const measured = bytesOf(loaded.get('Measured, now that it is loaded')!);
    expect(Math.abs(measured / bytesOf(loaded.get('Total')!) - 1)).toBeLessThan(0.01);
    await page.keyboard.press('Escape');
  });

  test('a file of one’s own is looked at before it is opened', async () => {
    await openModels();
    await page.getByLabel('GGUF file of PMC-LLaMA 13B').setInputFiles({
      name: 'mine.gguf',
      mimeType: 'application/octet-stream',
      buffer: readFileSync('public/models/nano-chat/nano-chat-q8_0.gguf'),
    });
    const panel = offered(page);
    await panel.getByText('Memory of this computer', { exact: true }).click();
    // By what the file is, not by what it was opened as.
    const table = panel.getByRole('table', { name: 'Memory of this computer for nano-chat' });
    await table.waitFor();
    const rows = await rowsOf(table);
    expect(rows.has('Conversation memory (1,024 tokens, 16-bit)')).toBe(true);
    expect(await violations(page)).toEqual([]);
    await panel.getByRole('button', { name: 'Use it' }).click();
    await page.getByRole('button', { name: /^Model: nano-chat, ready/ }).waitFor();
    expect(problems).toEqual([]);
  });
});
