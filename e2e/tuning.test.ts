import type { BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { TuningRecord } from '../src/engine/types/tuning.ts';
import { violations } from './support/accessibility.ts';
import { modelReady, openChat } from './support/chat-page.ts';
import { chromium, launchChromium, whyNoChromium } from './support/chromium.ts';
import { askEngine, watchWorkers } from './support/page-workers.ts';
import { PretendedGpu } from './support/pretended-gpu.ts';
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

/** As if another version of the page had found it, whose kernels were written otherwise. */
function storeTuning(page: Page, record: TuningRecord): Promise<void> {
  return page.evaluate(
    written =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open('bedside-settings');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const database = opening.result;
          const transaction = database.transaction('records', 'readwrite');
          transaction.objectStore('records').put(written, 'tuning');
          transaction.oncomplete = () => {
            database.close();
            resolve();
          };
        };
      }),
    record,
  );
}

async function openForms(page: Page): Promise<{ forms: Locator; status: Locator }> {
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  await page.getByRole('button', { name: 'About this device, and a test…' }).click();
  const forms = page.getByRole('region', { name: 'The fastest forms of the arithmetic' });
  return { forms, status: forms.getByRole('status') };
}

/** Every kernel is compiled before, as a GPU would have it, which takes a processor its time. */
const comparing = { timeout: 480_000, interval: 500 };

const productOfGates = 'matvec q8_0 gated';

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

  describe('where there is something to choose', () => {
    let page: Page;
    let problems: string[];
    let gpu: PretendedGpu;
    let forms: Locator;
    let status: Locator;

    beforeAll(async () => {
      ({ page, problems } = await openChat(context, site.url, false, async opened => {
        gpu = await PretendedGpu.of(opened, { allowed: 0 });
        await watchWorkers(opened);
      }));
      await vi.waitUntil(async () => (await gpu.batches()) === 1, comparing);
    }, comparing.timeout);

    const press = (name: string) => forms.getByRole('button', { name, exact: true }).click();
    const inState = (state: string) =>
      status.and(page.locator(`[data-tuning="${state}"]`)).waitFor({ timeout: 230_000 });
    const found = async () => (await storedTuning(page))!;

    /** The model is given up and loaded once more, as it would be by another visit. */
    async function loadAgain(meanwhile?: () => Promise<void>): Promise<void> {
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: /^Model:/ }).click();
      const models = page.getByRole('dialog', { name: 'Models' });
      await models.getByRole('button', { name: 'Unload and free the memory' }).click();
      const card = models.getByRole('article').filter({ hasText: 'nano-chat' }).first();
      const use = card.getByRole('button', { name: 'Use this model' });
      await use.and(page.locator(':enabled')).waitFor();
      await meanwhile?.();
      await use.click();
      await modelReady(page);
      await page.keyboard.press('Escape');
      ({ forms, status } = await openForms(page));
      await inState('finished');
    }

    test('are compared in the worker; between two batches both it and the page do what else is asked', async () => {
      const question = page.getByRole('textbox', { name: 'Your question' });
      for (const batches of [1, 2, 3]) {
        const typed = `Typed while batch ${batches} is waited for`;
        await question.fill(typed);
        expect(await question.inputValue()).toBe(typed);
        expect(await askEngine(page, 'probeDevice')).toMatchObject({
          ok: true,
          value: { kind: 'gpu', isSoftware: false, details: { vendor: 'pretended' } },
        });
        expect(await gpu.batches()).toBe(batches);
        await gpu.allow(1);
        await expect.poll(() => gpu.batches()).toBe(batches + 1);
      }
      await question.fill('');
    });

    test('are compared no further once the reader skips the rest', async () => {
      ({ forms, status } = await openForms(page));
      await inState('running');
      expect(await status.innerText()).toMatch(/^Comparing now: \d+ of \d+\.$/);
      const before = await gpu.batches();
      await press('Skip the rest');
      await gpu.allow(Number.MAX_SAFE_INTEGER);
      await inState('stopped');
      expect(await gpu.batches()).toBe(before);
      expect((await storedTuning(page))?.finished ?? []).toEqual([]);
    });

    test('are chosen once they are compared to the end, and what was found is stored', async () => {
      await press('Tune again');
      await inState('finished');
      expect(await status.innerText()).toMatch(
        /^In 1 of \d+ steps another form .* it saves up to 50 % of the time\.$/,
      );
      const { device, classes, bad, finished } = await found();
      expect(device).toMatchObject({ vendor: 'pretended' });
      expect(finished).toHaveLength(1);
      const others = classes.filter(each => each.chosen !== each.default);
      expect(others).toMatchObject([
        { kind: productOfGates, default: 'teams-1', chosen: 'teams-2', why: 'timed' },
      ]);
      expect(classes.length).toBeGreaterThan(1);
      expect(new Set(bad.map(({ why }) => why))).toEqual(new Set(['not-compiled']));
      expect(await violations(page)).toEqual([]);
    });

    test('are used at the next load as they were found, and nothing is compared', async () => {
      const record = await found();
      const before = await gpu.batches();
      await loadAgain();
      expect(await gpu.batches()).toBe(before);
      expect(await found()).toEqual(record);
      expect(await forms.locator('tr[data-gained="true"] th').allTextContents()).toEqual([
        expect.stringContaining(productOfGates),
      ]);
    });

    test('are compared anew where a kernel is written otherwise, and only those of that kernel', async () => {
      const record = await found();
      const before = await gpu.batches();
      const isOld = ({ kind }: { kind: string }) => kind === productOfGates;
      const classes = record.classes.map(each =>
        isOld(each) ? { ...each, chosen: each.default, code: 'of another version' } : each,
      );
      await loadAgain(() => storeTuning(page, { ...record, classes }));
      expect(await gpu.batches()).toBeGreaterThan(before);
      const anew = await found();
      expect(anew.classes.filter(each => !isOld(each))).toEqual(record.classes.filter(each => !isOld(each)));
      const { code, chosen } = record.classes.find(isOld)!;
      expect(anew.classes.filter(isOld)).toMatchObject([{ code, chosen }]);
    });

    test('are not used where the reader wants the standard ones, until the reader wants the fastest', async () => {
      const record = await found();
      const before = await gpu.batches();
      await press('Use defaults');
      await inState('defaults');
      expect(await gpu.batches()).toBe(before);
      expect(await found()).toEqual(record);
      await press('Use the fastest forms');
      await inState('finished');
      expect(await gpu.batches()).toBeGreaterThan(before);
      const choices = ({ classes }: TuningRecord) => classes.map(({ kind, chosen }) => [kind, chosen]);
      expect(choices(await found()).sort()).toEqual(choices(record).sort());
      expect(problems).toEqual([]);
    });
  });
});
