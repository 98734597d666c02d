import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TuningRecord } from '../src/engine/types/tuning.ts';
import { violations } from './support/accessibility.ts';
import { openChat } from './support/chat-page.ts';
import { chromium, launchChromium, whyNoChromium } from './support/chromium.ts';
import { type Site, startSite } from './support/site.ts';

function storedTuning(page: Page): Promise<TuningRecord | undefined> {
  return page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open('bedside-settings');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const database = opening.result;
          const reading = database.transaction('records').objectStore('records').get('tuning');
          reading.onsuccess = () => {
            database.close();
            resolve(reading.result);
          };
        };
      }),
  );
}

async function openForms(page: Page) {
  await page.getByRole('button', { name: 'About this device' }).click();
  const forms = page.getByRole('region', { name: 'The fastest forms of the arithmetic' });
  return { forms, status: forms.getByRole('status') };
}

describe.skipIf(!chromium)(`the fastest forms of the arithmetic${whyNoChromium}`, () => {
  let site: Site;
  let context: BrowserContext;
  beforeAll(async () => {
    site = await startSite();
    context = await launchChromium({ swiftshader: true });
  });
  afterAll(async () => {
    await context?.close();
    await site?.stop();
  });

  test('are nothing to choose among on a device that is software', async () => {
    const { page, problems } = await openChat(context, site.url);
    const { forms, status } = await openForms(page);
    await status.filter({ hasText: 'There is nothing to choose on this device' }).waitFor();
    expect(await forms.getByRole('button').count()).toBe(0);
    expect(await storedTuning(page)).toBeUndefined();
    expect(await violations(page)).toEqual([]);
    expect(problems).toEqual([]);
    await page.close();
  });
});
