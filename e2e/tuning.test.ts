import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TuningRecord } from '../src/engine/types/tuning.ts';
import { violations } from './support/accessibility.ts';
import { openChat } from './support/chat-page.ts';
import { chromium, launchChromium, whyNoChromium } from './support/chromium.ts';
import { passForGpu } from './support/passing-for-a-gpu.ts';
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

const runsAll = process.env.BEDSIDE_ALL_CASES === '1';
const onAGpu = 'are compared on what passes for a GPU';

const ready = (page: Page) => page.locator('.model-badge[data-phase="ready"]').waitFor({ timeout: 600_000 });

/** Opens what the page says of the device. */
async function openForms(page: Page) {
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  await page.getByRole('button', { name: /^About this device, and a test/ }).click();
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

  // A software driver takes minutes to compile what GPUs get, at each opening of the page. BEDSIDE_ALL_CASES=1 has it.
  test.runIf(runsAll)(
    `${onAGpu}, kept, used again, and left and compared anew`,
    { timeout: 1_800_000 },
    async () => {
      const { page, problems } = await openChat(context, site.url, false, passForGpu);
      await ready(page);
      const { forms } = await openForms(page);
      const stateNow = () => forms.locator('[data-tuning]').getAttribute('data-tuning');
      const settled = () => expect.poll(stateNow, { timeout: 600_000 }).toMatch(/^(finished|unfinished)$/);
      await settled();
      const first = (await storedTuning(page))!;
      expect(first.device).toMatchObject({ vendor: 'test', architecture: 'imitation' });
      expect(first.classes.length).toBeGreaterThan(0);
      // None computed anything but what the standard forms do.
      expect(first.bad.filter(({ why }) => why === 'wrong' || why === 'unsteady')).toEqual([]);
      await forms.locator('summary').click();
      expect(await forms.locator('tbody tr[data-gained]').count()).toBe(first.classes.length);
      expect(await violations(page)).toEqual([]);

      // What was found is used when the model is loaded again: no class is timed a second time.
      await page.reload();
      await ready(page);
      await openForms(page);
      await settled();
      const again = (await storedTuning(page))!;
      const timesOf = ({ classes }: TuningRecord) =>
        new Map(classes.map(({ kind, size, at }) => [`${kind} ${size}`, at]));
      const kept = timesOf(again);
      for (const [name, at] of timesOf(first)) expect(kept.get(name)).toBe(at);

      await forms.getByRole('button', { name: 'Use defaults' }).click();
      await expect.poll(stateNow, { timeout: 600_000 }).toBe('defaults');
      expect(timesOf((await storedTuning(page))!)).toEqual(kept);

      await forms.getByRole('button', { name: 'Use the fastest forms' }).click();
      await expect.poll(stateNow, { timeout: 600_000 }).not.toBe('defaults');
      await settled();
      expect(problems).toEqual([]);
      await page.close();
    },
  );
});
