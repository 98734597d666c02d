import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Page, chromium as playwright } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findOldChromium } from '../scripts/old-chromium.mjs';
import { browserFloor } from '../src/engine/browsers.ts';
import { fixture, readJson } from '../test/support/data.ts';
import { acknowledge, ask, lastAnswer, modelReady } from './support/chat-page.ts';
import { chooseDevice } from './support/chosen-device.ts';
import { patienceMs } from './support/patience.ts';
import { type Site, startSite } from './support/site.ts';
import { readStoredMessages } from './support/stored-messages.ts';

const below = await findOldChromium(113);
const floor = await findOldChromium(123);
const whyNot = ({ why }: { why?: string | undefined }) => (why ? ` (skipped: ${why})` : '');

const { cases } = readJson<{ cases: { question: string; text: string }[] }>(
  fixture('golden/golden-nano-chat-q8_0.json'),
);

const golden = cases.find(each => each.question.includes('asthma'))!;

type Opened = Awaited<ReturnType<typeof openOld>>;

/** What computes: the software adapter, nothing because the reader wants a GPU, or what the page chooses, the processor. */
type Computes = 'swiftshader' | 'nothing' | 'processor';

/** The site in a browser of its own, with what goes wrong in the page. */
async function openOld(path: string, url: string, computes: Computes) {
  const profile = await mkdtemp(join(tmpdir(), 'bedside-old-'));
  const context = await playwright.launchPersistentContext(profile, {
    executablePath: path,
    headless: true,
    chromiumSandbox: false,
    args: [
      '--no-first-run',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
      ...(computes === 'swiftshader'
        ? [
            '--enable-unsafe-webgpu',
            '--use-webgpu-adapter=swiftshader',
            '--enable-features=Vulkan',
            '--use-vulkan=swiftshader',
            '--use-angle=swiftshader',
          ]
        : ['--disable-gpu']),
    ],
  });
  context.setDefaultTimeout(patienceMs);
  if (computes !== 'processor') await chooseDevice(context, 'gpu');
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', error => problems.push(String(error)));
  await page.goto(url);
  const close = async () => {
    await context.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
  return { context, page, problems, close };
}

describe.skipIf(!below.path)(`Chromium 113, below the floor${whyNot(below)}`, () => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite({ headers: false });
  });
  afterAll(() => site?.stop());

  test('says that it is too old, what is needed and what it lacks, and starts nothing', async () => {
    const { page, problems, close } = await openOld(below.path!, site.url, 'nothing');
    try {
      const notice = page.getByRole('alert');
      await notice.waitFor();
      const text = await notice.innerText();
      expect(text).toContain('This browser is too old for Bedside');
      const { chrome, firefox, safari } = browserFloor;
      expect(text).toContain(`Chrome or Edge ${chrome}, Firefox ${firefox} or Safari ${safari}, or newer`);
      expect(text).toContain('What this browser lacks: URL.canParse, AbortSignal.any, light-dark().');
      expect(await page.title()).toBe('Bedside: this browser is too old');
      expect(await page.locator('#root').count()).toBe(0);
      expect(page.workers()).toEqual([]);
      expect(problems).toEqual(['Error: This browser is too old for Bedside.']);
    } finally {
      await close();
    }
  });
});

describe.skipIf(!floor.path)(`Chromium ${browserFloor.chrome}, the floor${whyNot(floor)}`, () => {
  let site: Site;
  let opened: Opened;
  let page: Page;

  beforeAll(async () => {
    site = await startSite({ headers: false });
    opened = await openOld(floor.path!, site.url, 'nothing');
    page = opened.page;
    await acknowledge(page);
  });
  afterAll(async () => {
    await opened?.close();
    await site?.stop();
  });

  test('is the browser that is meant', () => {
    expect(opened.context.browser()?.version()).toMatch(new RegExp(`^${browserFloor.chrome}\\.`));
  });

  test('has the colours of both themes', async () => {
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.emulateMedia({ colorScheme: 'light' });
    const light = await ground();
    await page.emulateMedia({ colorScheme: 'dark' });
    const dark = await ground();
    expect(new Set([light, dark, 'rgba(0, 0, 0, 0)']).size).toBe(3);
    await page.emulateMedia({ colorScheme: 'light' });
  });

  test('lists the models, and keeps settings and conversations over a reload without the server', async () => {
    await page.getByRole('button', { name: /^Model:/ }).click();
    const models = page.getByRole('dialog', { name: 'Models' });
    await models.getByText('PMC-LLaMA 13B').first().waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByLabel('Answer limit').fill('16');
    await page.keyboard.press('Escape');
    await ask(page, golden.question);
    // Here it is offered no GPU.
    await page.locator('.message-answer .alert[data-code="no-webgpu"]').waitFor();
    await expect.poll(async () => (await readStoredMessages(page)).length).toBe(2);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await site.stop();
    await page.reload();
    await page.getByRole('button', { name: golden.question }).first().click();
    await page.getByRole('article').filter({ hasText: golden.question }).first().waitFor();
    await page.getByRole('button', { name: 'Settings' }).click();
    expect(await page.getByLabel('Answer limit').inputValue()).toBe('16');
    expect(opened.problems).toEqual([]);
  });
});

// Subgroups came later: the kernels are those of a GPU without them, which a processor computes slowly.
describe.skipIf(!floor.path)(
  `Chromium ${browserFloor.chrome} on its software adapter${whyNot(floor)}`,
  () => {
    let site: Site;
    let opened: Opened;

    beforeAll(async () => {
      site = await startSite({ headers: false });
      opened = await openOld(floor.path!, site.url, 'swiftshader');
    });
    afterAll(async () => {
      await opened?.close();
      await site?.stop();
    });

    test('answers as it should', { timeout: 900_000 }, async () => {
      const { page, problems } = opened;
      await acknowledge(page);
      await page.locator('.model-badge[data-phase="ready"]').waitFor({ timeout: 400_000 });
      await ask(page, golden.question);
      expect(await lastAnswer(page, 400_000)).toBe(golden.text);
      expect(problems).toEqual([]);
    });
  },
);

describe.skipIf(!floor.path)(`Chromium ${browserFloor.chrome} without a GPU${whyNot(floor)}`, () => {
  let site: Site;
  let opened: Opened;

  beforeAll(async () => {
    site = await startSite();
    opened = await openOld(floor.path!, site.url, 'processor');
  });
  afterAll(async () => {
    await opened?.close();
    await site?.stop();
  });

  test('answers as it should, on the processor', async () => {
    const { page, problems } = opened;
    await acknowledge(page);
    await modelReady(page);
    await ask(page, golden.question);
    expect(await lastAnswer(page)).toBe(golden.text);
    expect(problems).toEqual([]);
  });
});
