import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixture, readJson } from '../test/support/data.ts';
import { seededRandom } from '../test/support/random.ts';
import { ask, lastAnswer, modelReady } from './support/chat-page.ts';
import { chromium, whyNoChromium } from './support/chromium.ts';
import type { PacedHelpers } from './support/paced-helpers.ts';
import { openPacedPage, type PacedPage } from './support/paced-page.ts';
import { readStoredMessages } from './support/stored-messages.ts';

/** Twenty in turn; the one that says nothing takes as long as a thread that is alive may need for a chunk. */
const kinds = ['a helper throws', 'the engine throws'] as const;
const kills = [...Array.from({ length: 19 }, (_, i) => kinds[i % 2]!), 'a helper vanishes'] as const;

const { cases } = readJson<{ cases: { question: string; text: string; greedy: number[] }[] }>(
  fixture('golden/golden-nano-chat-q8_0.json'),
);
/** Those that the model ends itself before the reference stopped. */
const whole = cases.filter(({ question, greedy }) => question !== '' && greedy.at(-1) === 2);

describe.skipIf(!chromium)(`threads that end while an answer is written${whyNoChromium}`, () => {
  let opened: PacedPage;
  let page: Page;
  let helpers: PacedHelpers;
  let problems: string[];

  beforeAll(async () => {
    opened = await openPacedPage();
    ({ page, problems, helpers } = opened);
  });
  afterAll(() => opened?.close());

  /** As the browser counts them. */
  const living = () =>
    page.workers().filter(worker => worker.url().includes('/processor-helper.worker-')).length;

  async function throwInEngine(): Promise<void> {
    const engine = page.workers().find(worker => worker.url().includes('/engine.worker-'))!;
    await engine.evaluate(() => {
      setTimeout(() => {
        throw new Error('ended by the test');
      });
    });
  }

  test.each(kills.map((kind, index) => ({ kind, index })))(
    '$index: $kind, the answer goes on with the same words, and nothing is lost or left over',
    async ({ kind, index }) => {
      const { question, text, greedy } = whole[index % whole.length]!;
      const threads = await helpers.count();
      expect(threads).toBeGreaterThan(0);
      const before = await readStoredMessages(page);
      await page.getByRole('button', { name: 'New chat' }).first().click();

      // At any word but the last ones, which are computed ahead.
      const lists = 2 + Math.floor(seededRandom(index)() * (greedy.length - 6));
      await helpers.holdAfter(lists);
      await ask(page, question);
      await expect.poll(() => helpers.computedOf(lists), { interval: 20 }).toBe(lists + 1);
      if (kind === 'the engine throws') await throwInEngine();
      else await helpers.endOne(kind === 'a helper throws' ? 'throws' : 'vanishes');
      await helpers.release();

      await page.locator('.model-badge[data-life="recovering"]').waitFor();
      await page.locator('article[data-status="complete"]').last().waitFor();
      expect(await lastAnswer(page)).toBe(text);
      await modelReady(page);
      expect(await page.getByRole('alert').count()).toBe(0);
      const after = await readStoredMessages(page);
      expect(after.slice(0, before.length)).toEqual(before);
      expect(after.slice(before.length).map(({ text }) => text.trim())).toEqual([question, text]);
      await expect.poll(living).toBe(threads);
      expect(await helpers.count()).toBe(threads);
    },
  );

  test('nothing else went wrong unseen', () => {
    expect(problems.filter(problem => !problem.includes('ended by the test'))).toEqual([]);
  });
});
