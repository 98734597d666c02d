import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shardName } from '../src/engine/formats/shard-name.ts';
import { fixture, readJson } from '../test/support/data.ts';
import { splitGguf } from '../test/support/split-gguf.ts';
import { violations } from './support/accessibility.ts';
import { answerMostLikely, ask, lastAnswer, modelReady, openChat } from './support/chat-page.ts';
import { chromium, launchChromium, whyNoChromium } from './support/chromium.ts';
import type { PacedHelpers } from './support/paced-helpers.ts';
import { openPacedPage, type PacedPage } from './support/paced-page.ts';
import { settled } from './support/settled.ts';
import { type Site, startSite } from './support/site.ts';

const { cases } = readJson<{ cases: { question: string; text: string }[] }>(
  fixture('golden/golden-nano-chat-q8_0.json'),
);
const golden = (question: string) => cases.find(each => each.question === question)!.text;

/** Asks, and waits until some of the answer is there. */
async function askHalf(page: Page): Promise<void> {
  await ask(page, 'What is Marfan syndrome?');
  await page.locator('article[aria-busy="true"] .markdown').waitFor();
}

describe.skipIf(!chromium)(`a question in the browser${whyNoChromium}`, () => {
  let site: Site;
  let page: Page;
  let problems: string[];
  let opened: PacedPage;
  let helpers: PacedHelpers;

  beforeAll(async () => {
    // A bare host under a sub-path: no headers, not at the root.
    opened = await openPacedPage({ isBare: true });
    ({ page, problems, helpers, site } = opened);
  });
  afterAll(() => opened?.close());

  test('the golden answer, streamed, with its figures and its label', async () => {
    await ask(page, 'What is Marfan syndrome?');
    const answer = await lastAnswer(page);
    // The golden text stops after 72 tokens; the page lets the model finish.
    expect(answer.startsWith(golden('What is Marfan syndrome?'))).toBe(true);
    const article = page.getByRole('article', { name: 'Answer' }).last();
    await expect(article.innerText()).resolves.toMatch(/no source.*tokens\/s/s);
  });

  test('what is on the page already is not touched while an answer is written', async () => {
    await page.evaluate(() => {
      const touched: string[] = [];
      const observer = new MutationObserver(changes => {
        touched.push(...changes.map(({ type, target }) => `${type} in ${target.nodeName}`));
      });
      for (const written of document.querySelectorAll('article .markdown')) {
        observer.observe(written, { subtree: true, childList: true, attributes: true, characterData: true });
      }
      Object.assign(window, { touched });
    });
    await ask(page, 'What are the symptoms of glaucoma?');
    expect(await lastAnswer(page)).toBe(golden('What are the symptoms of glaucoma?'));
    expect(await page.evaluate(() => (window as unknown as { touched: string[] }).touched)).toEqual([]);
  });

  test('no accessibility violations in any state, light and dark', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await settled(page);
      expect(await violations(page), `conversation, ${colorScheme}`).toEqual([]);
      for (const [state, name] of [
        ['settings', 'Settings'],
        ['models', /^Model:/],
      ] as const) {
        await page.getByRole('button', { name }).click();
        await settled(page);
        expect(await violations(page), `${state}, ${colorScheme}`).toEqual([]);
        await page.keyboard.press('Escape');
      }
      await page.getByRole('button', { name: 'New chat' }).first().click();
      expect(await violations(page), `empty, ${colorScheme}`).toEqual([]);
      await page.getByRole('button', { name: 'What is Marfan syndrome?' }).first().click();
    }
    await page.emulateMedia({ colorScheme: null });
  });

  test('Escape stops; what was written is kept and labelled; regenerate makes a second version', async () => {
    await page.getByRole('button', { name: 'New chat' }).first().click();
    await helpers.holdAfter(8);
    await askHalf(page);
    await page.keyboard.press('Escape');
    await helpers.release();
    const partial = await lastAnswer(page);
    expect(partial.length).toBeGreaterThan(0);
    expect(golden('What is Marfan syndrome?').startsWith(partial.slice(0, 40))).toBe(true);
    await page.locator('.ending', { hasText: 'Stopped by you.' }).waitFor();
    await page.getByRole('button', { name: 'Regenerate' }).last().click();
    expect((await lastAnswer(page)).length).toBeGreaterThan(partial.length);
    await page.getByRole('button', { name: 'Previous answer' }).click();
    expect(await lastAnswer(page)).toBe(partial);
  });

  test('settings change the next answer without loading the model again', async () => {
    // Pictures of the empty page come and go; nothing else may be fetched.
    const fetched = () =>
      page.evaluate(() =>
        performance
          .getEntriesByType('resource')
          .map(({ name }) => name)
          .filter(name => !name.includes('/samples/')),
      );
    const before = await fetched();
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByLabel('Answer limit').fill('16');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'New chat' }).first().click();
    await ask(page, 'What is Marfan syndrome?');
    await lastAnswer(page);
    await page.getByText('reached the answer limit').waitFor();
    expect(await fetched()).toEqual(before);
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Reset to defaults' }).click();
    await page.keyboard.press('Escape');
  });

  test('a question longer than the context is refused, and the next one is answered', async () => {
    await page.getByRole('button', { name: 'New chat' }).first().click();
    await ask(page, 'heart and lungs '.repeat(1200));
    const alert = page.locator('[role=alert][data-code="context-full"]');
    await alert.waitFor();
    // Both numbers, and the way on.
    await expect(alert.innerText()).resolves.toMatch(
      /has \d{1,3},\d{3} tokens; this model can read 2,048 tokens/,
    );
    await alert.getByRole('button', { name: 'Edit the question' }).click();
    const edit = page.getByRole('textbox', { name: 'Edit your question' });
    await expect(edit.inputValue()).resolves.toContain('heart and lungs heart and lungs');
    await page.keyboard.press('Escape');
    await ask(page, 'Are you a doctor?');
    expect(await lastAnswer(page)).toBe(golden('Are you a doctor?'));
  });

  test('files that are no model are refused in words, and the model before them goes on answering', async () => {
    const bundled = readFileSync('public/models/nano-chat/nano-chat-q8_0.gguf');
    const other = Buffer.from(bundled.subarray(0, 4_000_000));
    // The architecture's name is the first property; "llama" becomes "lxama".
    const at = bundled.indexOf('llama');
    const foreign = Buffer.from(bundled);
    foreign[at + 1] = 'x'.charCodeAt(0);
    const files: [string, Buffer, string, RegExp][] = [
      ['report.gguf', Buffer.from('%PDF-1.7\nnot a model'), 'not-gguf', /PDF/],
      ['cut.gguf', other, 'truncated-model', /bytes|short|end/i],
      ['foreign.gguf', foreign, 'unsupported-model', /lxama/],
    ];
    for (const [name, buffer, code, words] of files) {
      await page.getByRole('button', { name: /^Model:/ }).click();
      const picker = page.getByLabel('GGUF file of PMC-LLaMA 13B');
      await picker.setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
      const alert = page.locator(`.offered [role=alert][data-code="${code}"]`);
      await alert.waitFor();
      await expect(alert.innerText()).resolves.toMatch(words);
      expect(await page.getByRole('button', { name: 'Use it' }).count()).toBe(0);
      await page.keyboard.press('Escape');
    }
    await page.getByRole('button', { name: 'New chat' }).first().click();
    await ask(page, 'Are you a doctor?');
    expect(await lastAnswer(page)).toBe(golden('Are you a doctor?'));
  });

  test('a model in parts: one alone is refused, all of them together answer as the whole', async () => {
    const whole = new Uint8Array(readFileSync('public/models/nano-chat/nano-chat-q8_0.gguf'));
    const parts = (await splitGguf(whole, 3)).map((bytes, i) => ({
      name: shardName({ stem: 'nano', number: i + 1, count: 3 }),
      mimeType: 'application/octet-stream',
      buffer: Buffer.from(bytes),
    }));
    const pick = async (files: typeof parts) => {
      await page.getByRole('button', { name: /^Model:/ }).click();
      await page.getByLabel('GGUF file of PMC-LLaMA 13B').setInputFiles(files);
    };
    // A stranger's file is answered a little varied otherwise.
    await answerMostLikely(page);
    await pick(parts.slice(0, 1));
    const alert = page.locator('.offered [role=alert][data-code="part-missing"]');
    await alert.waitFor();
    await expect(alert.innerText()).resolves.toContain('This is part 1 of 3 of a model');
    await page.getByRole('button', { name: 'Not this one' }).click();
    await page.getByLabel('GGUF file of PMC-LLaMA 13B').setInputFiles(parts.toReversed());
    await page.getByRole('button', { name: 'Use it' }).click();
    await page.getByText('nano.gguf (3 parts)').first().waitFor();
    await page.locator('.model-badge[data-phase="ready"]').waitFor();
    await page.getByRole('button', { name: 'New chat' }).first().click();
    await ask(page, 'Are you a doctor?');
    expect(await lastAnswer(page)).toBe(golden('Are you a doctor?'));
  });

  test('with the server gone, the page reloads, loads the model from this device and answers', async () => {
    await site.stop();
    await page.reload();
    await modelReady(page);
    await page.getByRole('button', { name: 'New chat' }).first().click();
    await ask(page, 'Are you a doctor?');
    expect(await lastAnswer(page)).toBe(golden('Are you a doctor?'));
    // Earlier conversations are still listed, and open.
    await page.getByRole('button', { name: 'What is Marfan syndrome?', exact: true }).last().click();
    await page.getByText('What are the symptoms of glaucoma?').first().waitFor();
    await site.restart();
  });

  test('nothing went wrong unseen', () => {
    expect(problems).toEqual([]);
  });
});

describe.skipIf(!chromium)(`when something breaks${whyNoChromium}`, () => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite();
  });
  afterAll(() => site?.stop());

  test('a full disk: a clear message, and the page goes on', async () => {
    const full = await launchChromium();
    const page = await full.newPage();
    const session = await full.newCDPSession(page);
    const origin = new URL(site.url).origin;
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 2_000_000 });
    await page.goto(site.url);
    await page.getByRole('button', { name: 'I understand' }).click();
    const alert = page.locator('[role=alert][data-code="storage-full"]');
    await alert.waitFor();
    await expect(alert.innerText()).resolves.toMatch(/storage/i);
    // With room again, the same page loads the model without a reload.
    await session.send('Storage.overrideQuotaForOrigin', { origin });
    await page.getByRole('button', { name: /^Model:/ }).click();
    await page.getByRole('button', { name: 'Use this model' }).first().click();
    await modelReady(page);
    await full.close();
  });

  test('a GPU is chosen where there is none: the page says what is missing and what to do, without violations', async () => {
    const plain = await launchChromium({ withoutGpu: true });
    const { page } = await openChat(plain, site.url, false);
    const panel = page.locator('.device-panel');
    await panel.waitFor();
    await expect(panel.innerText()).resolves.toMatch(/WebGPU.*driver/s);
    expect(await violations(page)).toEqual([]);
    await plain.close();
  });
});
