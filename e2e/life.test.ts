import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixture, readJson } from '../test/support/data.ts';
import { ask, lastAnswer, modelReady, openChat } from './support/chat-page.ts';
import { chromium, launchChromium, whyNoChromium } from './support/chromium.ts';
import { FragileWorkers } from './support/fragile-worker.ts';
import { type Site, startSite } from './support/site.ts';
import { readStoredMessages } from './support/stored-messages.ts';

const question = 'Are you a doctor?';
const { cases } = readJson<{ cases: { question: string; text: string }[] }>(
  fixture('golden/golden-nano-chat-q8_0.json'),
);
const golden = cases.find(each => each.question === question)!.text;

const life = (page: Page, state: string) => page.locator(`.model-badge[data-life="${state}"]`).waitFor();

const newChat = (page: Page) => page.getByRole('button', { name: 'New chat' }).first().click();

/** Whatever happened: the page answers, with the words it would have had without. */
async function expectGolden(page: Page): Promise<void> {
  await page.locator('article[data-status="complete"]').last().waitFor();
  expect(await lastAnswer(page)).toBe(golden);
  await life(page, 'ready');
  expect(await page.getByRole('alert').count()).toBe(0);
}

/** Asks, and waits until some of the answer is there; no more of it comes until `workers` are armed otherwise. */
async function askHalf(page: Page, workers: FragileWorkers): Promise<void> {
  await newChat(page);
  await workers.arm({ readsLeft: 8 });
  await ask(page, question);
  await page.locator('article[aria-busy="true"] .markdown').waitFor();
}

describe.skipIf(!chromium)(`the life of the engine in the browser${whyNoChromium}`, () => {
  let site: Site;
  let context: BrowserContext;
  let page: Page;
  let problems: string[];
  let workers: FragileWorkers;

  beforeAll(async () => {
    site = await startSite();
    context = await launchChromium({ swiftshader: true });
    // Fifteen idle minutes are over when a test says so.
    await context.addInitScript(() => {
      const { setTimeout } = window;
      Object.assign(window, {
        setTimeout: (run: () => void, ms: number, ...rest: unknown[]) => {
          if (ms === 15 * 60_000) Object.assign(window, { idleIsOver: run });
          return setTimeout(run, ms, ...rest);
        },
      });
    });
    page = await context.newPage();
    problems = [];
    page.on('pageerror', error => problems.push(String(error)));
    workers = await FragileWorkers.of(page);
    await page.goto(site.url);
    await page.getByRole('button', { name: 'I understand' }).click();
    await modelReady(page);
  });
  afterAll(async () => {
    await context?.close();
    await site?.stop();
  });

  test.each([
    ['the question is read', 1],
    ['the answer is written', 12],
  ])('a GPU lost while %s: the model comes back and the answer goes on by itself', async (_, launches) => {
    await newChat(page);
    await workers.arm({ loseAtEncoder: launches });
    await ask(page, question);
    await life(page, 'recovering');
    await expectGolden(page);
  });

  test('a GPU lost while nothing is asked: the model comes back by itself', async () => {
    await workers.loseDevice();
    await life(page, 'recovering');
    await life(page, 'ready');
    await newChat(page);
    await ask(page, question);
    await expectGolden(page);
  });

  test('a worker killed while the question is read, the answer written, nothing asked', async () => {
    await workers.arm({ holdsWork: true });
    await newChat(page);
    await ask(page, question);
    await life(page, 'prefill');
    await workers.kill();
    await expectGolden(page);

    await askHalf(page, workers);
    await workers.kill();
    await expectGolden(page);

    await workers.kill();
    await newChat(page);
    await ask(page, question);
    await expectGolden(page);
  });

  test('lost while the model is loaded: loaded once more; lost again, less memory is offered and works', async () => {
    workers.whenBorn = { loseAtWrite: 20 };
    await page.reload();
    await life(page, 'recovering');
    await modelReady(page);
    workers.whenBorn = { loseAtWrite: 20, losesAgain: true };
    await page.reload();
    await life(page, 'failed');
    workers.whenBorn = {};
    await workers.arm({ loseAtWrite: 0, losesAgain: false });
    await page.getByRole('button', { name: 'Shorter conversations: 1,024 tokens' }).click();
    await modelReady(page);
    await newChat(page);
    await ask(page, question);
    await expectGolden(page);
  });

  test('a worker killed while the model is loaded', async () => {
    workers.whenBorn = { holdsWork: true };
    await page.reload();
    await page.locator('.model-badge[data-phase="loading"]').waitFor();
    workers.whenBorn = {};
    await workers.kill();
    await life(page, 'recovering');
    await modelReady(page);
    await newChat(page);
    await ask(page, question);
    await expectGolden(page);
  });

  test('reloaded while the question is read or the answer written: continued where it was', async () => {
    const earlier = (await readStoredMessages(page)).length;
    await newChat(page);
    await workers.arm({ holdsWork: true });
    await ask(page, question);
    await life(page, 'prefill');
    // Reloaded before that, the question is a draft again.
    await expect.poll(async () => (await readStoredMessages(page)).length).toBe(earlier + 2);
    await page.reload();
    await modelReady(page);
    await page.getByRole('button', { name: question, exact: true }).first().click();
    await page.getByText('This answer was interrupted before it was finished.').waitFor();
    await page.getByRole('button', { name: 'Continue' }).click();
    await expectGolden(page);

    const before = (await readStoredMessages(page)).length;
    await askHalf(page, workers);
    // What a page writes while it is unloaded may be lost.
    const stored = async () => (await readStoredMessages(page)).slice(before);
    await expect
      .poll(async () => (await stored()).some(({ role, text }) => role === 'assistant' && text !== ''))
      .toBe(true);
    await page.reload();
    await modelReady(page);
    await page.getByRole('button', { name: question, exact: true }).first().click();
    const partial = await lastAnswer(page);
    expect(partial.length).toBeGreaterThan(0);
    expect(golden.startsWith(partial)).toBe(true);
    await page.getByRole('button', { name: 'Continue' }).click();
    await expectGolden(page);
  });

  test('idle, the GPU is given back, and the next question loads the model unasked', async () => {
    await page.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
      (window as unknown as { idleIsOver(): void }).idleIsOver();
    });
    await life(page, 'resting');
    await page.getByText('loads again when you ask').waitFor();
    await page.evaluate(() => {
      Reflect.deleteProperty(document, 'visibilityState');
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await newChat(page);
    await ask(page, question);
    await expectGolden(page);
  });

  test('three tabs: one has the model, the others read, take it over, and inherit it', async () => {
    const { page: second } = await openChat(context, site.url, false);
    const { page: third } = await openChat(context, site.url, false);
    await life(second, 'elsewhere');
    await life(third, 'elsewhere');
    await second.getByText('The model is running in another tab').first().waitFor();

    // A page behind another draws once a second, and each click in it takes as long.
    await page.bringToFront();
    await askHalf(page, workers);
    await second.bringToFront();
    await second.getByRole('button', { name: 'Use it here' }).click();
    await workers.arm({ readsLeft: 1e9 });
    await life(page, 'elsewhere');
    await modelReady(second);
    const kept = await lastAnswer(page);
    expect(golden.startsWith(kept)).toBe(true);
    // What the first tab wrote is read and continued in the second.
    await second.getByRole('button', { name: question, exact: true }).first().click();
    expect(await lastAnswer(second)).toBe(kept);
    await second.getByRole('button', { name: 'Continue' }).click();
    await expectGolden(second);

    // A question in the third waits; the owner is closed, and it is answered.
    await third.bringToFront();
    await ask(third, question);
    await third.getByText('Your question waits').waitFor();
    await second.close();
    await expectGolden(third);
    await third.close();
    await ask(page, question);
    await expectGolden(page);
  });

  test('frozen: what was written is stored; another tab takes the GPU; thawed, the page knows', async () => {
    await askHalf(page, workers);
    const session = await context.newCDPSession(page);
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    const { page: second } = await openChat(context, site.url, false);
    await life(second, 'elsewhere');
    await second.getByRole('button', { name: question, exact: true }).first().click();
    const partial = await lastAnswer(second);
    expect(partial.length).toBeGreaterThan(0);
    expect(golden.startsWith(partial)).toBe(true);
    await second.getByRole('button', { name: 'Use it here' }).click();
    await modelReady(second);
    await second.getByRole('button', { name: 'Continue' }).click();
    await expectGolden(second);

    await session.send('Page.setWebLifecycleState', { state: 'active' });
    await workers.arm({ readsLeft: 1e9 });
    await life(page, 'elsewhere');
    await second.close();
    await page.getByRole('button', { name: 'Use it here' }).click();
    await modelReady(page);

    // With nobody about, the answer goes on by itself.
    await askHalf(page, workers);
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    await workers.arm({ readsLeft: 1e9 });
    await expectGolden(page);
  });

  test('nothing went wrong unseen', () => {
    // The tests' own killings are the only errors.
    expect(problems.filter(problem => !problem.includes('killed by the test'))).toEqual([]);
  });
});
