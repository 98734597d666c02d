import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixture, readJson } from '../test/support/data.ts';
import { writeGguf } from '../test/support/gguf-writer.ts';
import { makeGif, makePng, pngChunk } from '../test/support/images.ts';
import { mmprojProperties, mmprojTensors } from '../test/support/mmproj.ts';
import { violations } from './support/accessibility.ts';
import { ask, lastAnswer, modelReady, openChat } from './support/chat-page.ts';
import { chromium, launchChromium, whyNoChromium } from './support/chromium.ts';
import { type DroppedFile, dropFiles, imagesReady, pasteImage, phantom } from './support/images.ts';
import type { PacedHelpers } from './support/paced-helpers.ts';
import { openPacedPage, type PacedPage } from './support/paced-page.ts';
import { settled } from './support/settled.ts';
import { type Site, startSite } from './support/site.ts';

const question = 'Describe the image.';
const { cases } = readJson<{
  cases: { image: string; questions: { question: string; text: string; scm: { text: string } }[] }[];
}>(fixture('golden/golden-nano-vqa.json'));

function golden(image: string, asked = question) {
  return cases.find(each => each.image === image)!.questions.find(each => each.question === asked)!;
}

async function newChat(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'New chat' }).first().click();
}

describe.skipIf(!chromium)(`a question about an image in the browser${whyNoChromium}`, () => {
  let site: Site;
  let context: BrowserContext;
  let page: Page;
  let problems: string[];
  let opened: PacedPage;
  let helpers: PacedHelpers;

  beforeAll(async () => {
    opened = await openPacedPage({ isBare: true });
    ({ page, problems, helpers, site, context } = opened);
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], {
      origin: new URL(site.url).origin,
    });
  });
  afterAll(() => opened?.close());

  test('an image dropped on a page whose model reads text: the model that sees is loaded by itself', async () => {
    await dropFiles(page, phantom('phantom-101-00.png'));
    await imagesReady(page);
    await expect(page.locator('.model-badge').innerText()).resolves.toContain('nano-vqa');
    await expect(page.locator('.attachment-panel').innerText()).resolves.toContain('Not for diagnosis');
    expect(await violations(page)).toEqual([]);
  });

  test.each(cases.map(({ image }) => image))('%s dropped: the golden answer', async image => {
    await newChat(page);
    if ((await page.locator('.attachment').count()) === 0) await dropFiles(page, phantom(image));
    await imagesReady(page);
    await ask(page, question);
    expect(await lastAnswer(page)).toBe(golden(image).text);
    const answer = await page.getByRole('article', { name: 'Answer' }).last().innerText();
    expect(answer).toMatch(/The model saw \d+ tiles, \d+ tokens/);
    expect(answer).toContain(`About: ${image}`);
    expect(answer).toContain('Not for diagnosis');
  });

  test('a second question about it: what was read of the image is not read again', async () => {
    const footer = () => page.getByRole('article', { name: 'Answer' }).last().innerText();
    const [, tokens] = /The model saw \d+ tiles, (\d+) tokens/.exec(await footer())!;
    await ask(page, 'How many nodules are there?');
    await lastAnswer(page);
    const [, reused] = /([\d,]+) reused/.exec(await footer())!;
    expect(Number(reused!.replace(',', ''))).toBeGreaterThan(Number(tokens));
  });

  test('an image pasted: the same golden answer', async () => {
    await newChat(page);
    await pasteImage(page, phantom('phantom-101-02.png'));
    await imagesReady(page);
    await ask(page, question);
    expect(await lastAnswer(page)).toBe(golden('phantom-101-02.png').text);
  });

  test('compressed: the golden answer, and how many tokens were kept', async () => {
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByLabel('Faster, less detail').check();
    await page.keyboard.press('Escape');
    await newChat(page);
    await dropFiles(page, phantom('phantom-101-04.png'));
    await imagesReady(page);
    await ask(page, question);
    expect(await lastAnswer(page)).toBe(golden('phantom-101-04.png').scm.text);
    const answer = await page.getByRole('article', { name: 'Answer' }).last().innerText();
    expect(answer).toMatch(/152 of 224 tokens/);
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByLabel('Faster, less detail').uncheck();
    await page.keyboard.press('Escape');
  });

  test('the image of an answer opens with its tiles; keys turn, invert and close; no violations', async () => {
    const link = page.getByRole('article', { name: 'Answer' }).last().getByRole('button', { name: /About/ });
    await link.click();
    const viewer = page.getByRole('dialog', { name: /phantom-101-04/ });
    await viewer.waitFor();
    await expect(viewer.innerText()).resolves.toMatch(/3\s×\s3 detailed tiles/);
    await page.keyboard.press('r');
    await page.keyboard.press('i');
    await page.keyboard.press('g');
    await page.keyboard.press('+');
    await settled(page);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await viewer.waitFor({ state: 'detached' });
  });

  const photograph = readFileSync(fixture('images/small-420.jpg'));
  const gray = (width: number, height: number) =>
    makePng({ width, height, colourType: 0, sample: () => [128] });
  const bad: [string, DroppedFile, string, RegExp][] = [
    [
      'a text file named .png',
      {
        name: 'note.png',
        type: 'image/png',
        bytes: Buffer.from('Blood pressure 120/80, no complaints.\n'.repeat(9)),
      },
      'not-an-image',
      /text/i,
    ],
    [
      'a truncated JPEG',
      { name: 'cut.jpg', type: 'image/jpeg', bytes: photograph.subarray(0, photograph.length * 0.7) },
      'damaged-image',
      /incomplete|ends|cut|missing/i,
    ],
    ['one pixel', { name: 'dot.png', type: 'image/png', bytes: gray(1, 1) }, 'image-too-small', /16/],
    ['20000 x 10', { name: 'line.png', type: 'image/png', bytes: gray(20000, 10) }, 'image-too-small', /16/],
    [
      '200 megapixels',
      { name: 'wall.png', type: 'image/png', bytes: blackPng(20000, 10000) },
      'image-too-large',
      /200|megapixel/i,
    ],
  ];

  test.each(bad)('%s: a clear message, and the question typed before stays', async (_, file, code, words) => {
    await newChat(page);
    await page.getByRole('textbox', { name: 'Your question' }).fill('What is this?');
    await dropFiles(page, file);
    const alert = page.locator(`.attachment [role=alert][data-code="${code}"]`);
    await alert.waitFor();
    await expect(alert.innerText()).resolves.toMatch(words);
    await expect(page.getByRole('textbox', { name: 'Your question' }).inputValue()).resolves.toBe(
      'What is this?',
    );
    await page.getByRole('button', { name: `Remove ${file.name}` }).click();
  });

  test('an animation: its first picture, and says so', async () => {
    const palette = [
      [0, 0, 0],
      [255, 255, 255],
    ];
    const bytes = makeGif({ width: 32, height: 32, palette, frames: 2, sample: x => [x & 1] });
    await dropFiles(page, { name: 'moving.gif', type: 'image/gif', bytes });
    await imagesReady(page);
    await expect(page.locator('.attachment').innerText()).resolves.toContain('first picture only');
    await page.getByRole('button', { name: 'Remove moving.gif' }).click();
  });

  test('two files that are not halves of one model are refused; the model before them answers', async () => {
    await page.getByRole('button', { name: /^Model:/ }).click();
    const mmproj = writeGguf({ metadata: mmprojProperties(), tensors: mmprojTensors() });
    const mimeType = 'application/octet-stream';
    await page.getByLabel('GGUF files of Mini-Monkey 2B').setInputFiles([
      { name: 'image.gguf', mimeType, buffer: Buffer.from(mmproj) },
      { name: 'text.gguf', mimeType, buffer: readFileSync('public/models/nano-vqa/nano-vqa-q8_0.gguf') },
    ]);
    const alert = page.locator('.offered [role=alert][data-code="vision-mismatch"]');
    await alert.waitFor();
    await expect(alert.innerText()).resolves.toContain('reads 256');
    await modelReady(page);
    await page.getByRole('button', { name: 'Not this one' }).click();
    await page.keyboard.press('Escape');
  });

  test('with the server gone: reloaded, an image is answered about from this device', async () => {
    await site.stop();
    await page.reload();
    await modelReady(page);
    // The address showed the earlier conversation again; what is asked there would be read with its turns.
    await newChat(page);
    await dropFiles(page, phantom('phantom-101-05.png'));
    await imagesReady(page);
    await ask(page, question);
    expect(await lastAnswer(page)).toBe(golden('phantom-101-05.png').text);
    // Earlier questions still show their images.
    await page.getByRole('button', { name: question, exact: true }).last().click();
    await page.getByRole('article', { name: 'Your question' }).first().locator('img').first().waitFor();
    await site.restart();
  });

  test('a worker killed while it looks at an image: the question is kept, and answered by the next one', async () => {
    // What was computed of it before would be asked with at once.
    await page.evaluate(clearImageFeatures);
    await newChat(page);
    await dropFiles(page, phantom('phantom-101-06.png'));
    await imagesReady(page);
    await helpers.holdAfter(1);
    await ask(page, question);
    await page
      .getByText(/Image tile \d+ of \d+/)
      .first()
      .waitFor();
    await helpers.silenceEngine();
    await helpers.release();
    // Only its heartbeat, which stops, tells.
    await page.locator('.model-badge[data-phase="recovering"]').waitFor();
    expect(await lastAnswer(page, 180_000)).toBe(golden('phantom-101-06.png').text);
    await modelReady(page);
  });

  test('what gets the focus in the settings scrolls their body, not the dialog', async () => {
    await page.getByRole('button', { name: 'Settings' }).click();
    const dialog = page.getByRole('dialog', { name: 'Settings' });
    await dialog.getByRole('radio', { name: 'Not cut' }).focus();
    await dialog.getByLabel('Faster, less detail').focus();
    const [top, room] = await dialog.evaluate(({ scrollTop, scrollHeight, clientHeight }) => [
      scrollTop,
      scrollHeight - clientHeight,
    ]);
    expect(top).toBe(0);
    // The border may round to a pixel or two.
    expect(room).toBeLessThan(4);
    await page.keyboard.press('Escape');
  });

  test('nothing went wrong unseen', () => {
    expect(problems).toEqual([]);
  });
});

describe.skipIf(!chromium)(`images on the first day${whyNoChromium}`, () => {
  test('after a first visit without any image, one is answered about with the server gone', async () => {
    const site = await startSite();
    const context = await launchChromium();
    const { page } = await openChat(context, site.url);
    // The demonstrations are stored behind the reader's back, when the first model is ready.
    await page.getByRole('button', { name: /^Model:/ }).click();
    await page.locator('.library-model[data-complete="true"]', { hasText: 'nano-vqa' }).waitFor();
    await page.keyboard.press('Escape');
    await site.stop();
    await page.reload();
    await modelReady(page);
    await dropFiles(page, phantom('phantom-101-02.png'));
    await imagesReady(page);
    await ask(page, question);
    expect(await lastAnswer(page)).toBe(golden('phantom-101-02.png').text);
    await context.close();
  });
});

describe.skipIf(!chromium)(`a site without a model that sees${whyNoChromium}`, () => {
  test('an image: the page says that the model cannot see it, and keeps both', async () => {
    const site = await startSite();
    const context = await launchChromium({ serviceWorkers: 'block' });
    await context.route('**/models/catalogue.json', async route => {
      const catalogue = (await (await route.fetch()).json()) as {
        models: { vision?: unknown; expects?: { vision?: unknown } }[];
      };
      const models = catalogue.models.filter(model => !model.vision && !model.expects?.vision);
      await route.fulfill({ json: { ...catalogue, models } });
    });
    const { page } = await openChat(context, site.url);
    await dropFiles(page, phantom('phantom-101-02.png'));
    await page.locator('.attachment[data-status="ready"]').waitFor();
    await ask(page, question);
    const alert = page.locator('[role=alert][data-code="no-vision-model"]').first();
    await alert.waitFor();
    await page.getByRole('article', { name: 'Your question' }).locator('img').first().waitFor();
    await context.close();
    await site.stop();
  });
});

/** A sound PNG of one bit a pixel, all black: small as a file, large once decoded. */
function blackPng(width: number, height: number): Uint8Array {
  const rows = Buffer.alloc((1 + Math.ceil(width / 8)) * height);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(rows)),
    pngChunk('IEND', []),
  ]);
}

/** Runs in the page. */
async function clearImageFeatures(): Promise<void> {
  const settle = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const database = await settle(indexedDB.open('bedside-image-features'));
  await settle(database.transaction('records', 'readwrite').objectStore('records').clear());
  database.close();
}
