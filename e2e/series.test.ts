import { readFileSync } from 'node:fs';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { convertBoth } from '../test/support/convert-folder.ts';
import { dataFile } from '../test/support/data.ts';
import { violations } from './support/accessibility.ts';
import { answerMostLikely, ask, lastAnswer, modelReady, openChat } from './support/chat-page.ts';
import { chromium, launchChromium, whyNoChromium } from './support/chromium.ts';
import { dropFiles, phantom } from './support/images.ts';
import { offered } from './support/library-page.ts';
import { settled } from './support/settled.ts';
import { type Site, startSite } from './support/site.ts';

/** Where pictures of the page go, for a person to look at. */
const pictures = process.env.BEDSIDE_SCREENSHOTS;
const folder = dataFile('testdata/families/medgemma-nano');

describe.skipIf(!chromium || !folder)(
  `a small MedGemma in the browser${whyNoChromium || ' (needs BEDSIDE_DATA)'}`,
  () => {
    let site: Site;
    let context: BrowserContext;
    let page: Page;
    let problems: string[];
    let files: { name: string; type: string; bytes: Uint8Array }[];

    beforeAll(async () => {
      const { text, vision } = await convertBoth(folder!, 'keep');
      files = [
        { name: 'medgemma.gguf', type: '', bytes: text },
        { name: 'mmproj-medgemma.gguf', type: '', bytes: vision },
      ];
      site = await startSite();
      context = await launchChromium();
      ({ page, problems } = await openChat(context, site.url));
      await answerMostLikely(page, 16);
    });
    afterAll(async () => {
      await context?.close();
      await site?.stop();
    });

    const drop = async (...dropped: typeof files) => {
      await dropFiles(page, ...dropped);
      await offered(page).locator('dl, [role=alert]').first().waitFor();
    };
    const dismiss = async () => {
      await offered(page).getByRole('button', { name: 'Not this one' }).click();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog', { name: 'Models' }).waitFor({ state: 'detached' });
    };
    const picture = async (name: string) => {
      await settled(page);
      if (pictures) await page.screenshot({ path: `${pictures}/${name}.png` });
    };

    test('without its image half, it is said that this copy cannot see, and what to take', async () => {
      await drop(files[0]!);
      expect(await offered(page).innerText()).toContain('This copy cannot see images');
      await picture('series-blind');
      await dismiss();
    });

    test('with the image half of another family it is refused in words; what was typed and attached stays', async () => {
      const eyes = readFileSync('public/models/nano-vqa/nano-vqa-mmproj-f16.gguf');
      const field = page.getByRole('textbox', { name: 'Your question' });
      await field.fill('Is it larger than before?');
      await dropFiles(page, phantom('phantom-101-00.png'));
      await page.locator('.attachment[data-status="ready"] img').waitFor();
      const before = await page.locator('.model-badge').innerText();
      await drop(files[0]!, { name: 'mmproj-other.gguf', type: '', bytes: eyes });
      const alert = offered(page).locator('[role=alert][data-code="vision-mismatch"]');
      expect(await alert.innerText()).toMatch(
        /image encoder ".*" is of InternVL2 or Mini-Monkey; the language model ".*" is of Gemma 3 or MedGemma/,
      );
      expect(
        await offered(page)
          .getByRole('button', { name: /^Use it|^Keep it/ })
          .count(),
      ).toBe(0);
      expect(await violations(page)).toEqual([]);
      await dismiss();
      expect(await field.inputValue()).toBe('Is it larger than before?');
      expect(await page.locator('.attachment').innerText()).toContain('phantom-101-00.png');
      expect(await page.locator('.model-badge').innerText()).toBe(before);
      await page.getByRole('button', { name: 'Remove phantom-101-00.png' }).click();
      await field.fill('');
    });

    test('its terms are accepted with the keyboard before it can be used', async () => {
      await drop(...files);
      expect(await offered(page).getByRole('button', { name: 'Use it' }).count()).toBe(0);
      await offered(page)
        .getByRole('button', { name: /^I accept the/ })
        .focus();
      await page.keyboard.press('Enter');
      await offered(page).getByText('You accepted them').waitFor();
      await offered(page)
        .getByRole('button', { name: /^Use it/ })
        .focus();
      await page.keyboard.press('Enter');
      await page.getByRole('dialog', { name: 'Models' }).waitFor({ state: 'detached' });
      await modelReady(page);
    });

    test('how an image is cut is no choice with it', async () => {
      await page.getByRole('button', { name: 'Settings', exact: true }).click();
      const settings = page.getByRole('dialog', { name: 'Settings' });
      expect(await settings.innerText()).toContain('is shown each image once, as a whole');
      expect(await settings.getByLabel('Faster, less detail').count()).toBe(0);
      await settings.getByText('is shown each image once').scrollIntoViewIfNeeded();
      await picture('series-settings');
      await settings.getByRole('button', { name: 'Close' }).click();
    });

    test('slices of a series are shown to it in the colours of three windows, which the answer keeps', async () => {
      await page.getByRole('button', { name: /synthetic CT/ }).click();
      const room = page.getByRole('dialog', { name: 'Images' });
      const series = room.getByRole('region', { name: 'The whole series' });
      await series.waitFor();
      expect(await series.innerText()).toMatch(/of 20.*red, green and blue/s);
      await series.getByLabel('Images to ask about').fill('4');
      await series.scrollIntoViewIfNeeded();
      await picture('series-room');
      expect(await violations(page)).toEqual([]);
      await series.getByRole('button', { name: 'Ask about this series' }).click();
      await room.waitFor({ state: 'detached' });
      await picture('series-question');
      await ask(page, 'What is there?');
      await lastAnswer(page);
      await picture('series-answer');
      const windows = await page.evaluate(async () => {
        const settle = <T>(request: IDBRequest<T>) =>
          new Promise<T>((resolve, reject) => {
            request.onsuccess = () => resolve(request.result);
            request.onerror = () => reject(request.error);
          });
        const database = await settle(indexedDB.open('bedside-chats'));
        const store = database.transaction('records').objectStore('records');
        const all: { vision?: { images: { presentation?: { window: { kind: string } | null } }[] } }[] =
          await settle(store.getAll(IDBKeyRange.bound('message/', 'message/\uffff')));
        database.close();
        const seen = all.flatMap(({ vision }) => vision?.images ?? []);
        return seen.map(({ presentation }) => presentation?.window?.kind);
      });
      expect(windows).toEqual(Array(4).fill('ct-colours'));
      expect(problems).toEqual([]);
    });
  },
);
