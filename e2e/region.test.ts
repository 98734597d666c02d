/**
 * A part of a DICOM image, marked and asked about: what the answer says that it saw is what was marked, and the model was shown
 * the pixels that the command line shows it of the same box.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { phantom } from '../scripts/phantom.mjs';
import { generate } from '../src/cli/commands/generate.ts';
import { vision } from '../src/cli/commands/vision.ts';
import { fileSource } from '../src/cli/input/file-source.ts';
import { readVisionFile, type VisionFile } from '../src/engine/models/vision/vision-file.ts';
import { halfToFloat } from '../src/engine/quant/half.ts';
import type { ImageView } from '../src/engine/types/image-views.ts';
import { prepareTiles } from '../src/imaging/prepare-tiles.ts';
import { violations } from './support/accessibility.ts';
import { answerMostLikely, ask, lastAnswer, openChat } from './support/chat-page.ts';
import { chromium, launchChromium, whyNoChromium } from './support/chromium.ts';
import { dropFiles, imagesReady } from './support/images.ts';
import { shoot } from './support/shoot.ts';
import { shownPicture } from './support/shown-picture.ts';
import { type Site, startSite } from './support/site.ts';
import { readFeatures } from './support/stored-features.ts';
import { readRecords } from './support/stored-records.ts';

const path = 'public/samples/study/slice-07.dcm';
const models = 'public/models/nano-vqa';
const mmproj = `${models}/nano-vqa-mmproj-f16.gguf`;
const question = 'Describe the image.';
const mostTokens = 24;
/** Wider than high, and in no corner's reach: turned, flipped or moved it would be another. */
const marked = { x: 30, y: 50, width: 31, height: 17 };
const lung = { kind: 'level', centre: -600, width: 1500 };

interface Asked {
  presentation: { frame: number; window: object; region: object };
}

describe.skipIf(!chromium)(`a question about a part of an image${whyNoChromium}`, () => {
  let site: Site;
  let context: BrowserContext;
  let page: Page;
  let problems: string[];
  let answered: string;
  let seen: Asked & { id: string; views: ImageView[]; keptTokens: number };
  let encoder: VisionFile['config'];
  const folder = mkdtempSync(join(tmpdir(), 'bedside-region-'));
  const out = join(folder, 'features.f32');

  beforeAll(async () => {
    site = await startSite();
    context = await launchChromium();
    ({ page, problems } = await openChat(context, site.url));
    await page.setViewportSize({ width: 1280, height: 800 });
    await answerMostLikely(page, mostTokens);
    const source = await fileSource(mmproj);
    encoder = (await readVisionFile(source)).config;
    await source.close();
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await context?.close();
    await site?.stop();
  });

  const room = () => page.getByRole('dialog', { name: 'Images' });
  /** As the command line is told the same. */
  const shown = [
    ...['--image', path, '--window', `${lung.centre},${lung.width}`],
    ...['--region', Object.values(marked).join(','), '--adapter', 'processor'],
  ];

  test('a box is dragged over the image, and the question about it is answered', async () => {
    await dropFiles(page, { name: 'slice-07', type: '', bytes: readFileSync(path) });
    await room()
      .getByRole('application', { name: /image 1 of 1/ })
      .waitFor();
    await room().getByRole('button', { name: 'Lung' }).click();
    const canvas = (await page.locator('.reading-window canvas').boundingBox())!;
    // Middles of pixels: a pointer that stands on whole pixels of the screen is still in them.
    const at = (x: number, y: number) =>
      [
        canvas.x + ((x + 0.5) / phantom.columns) * canvas.width,
        canvas.y + ((y + 0.5) / phantom.rows) * canvas.height,
      ] as const;
    await page.keyboard.press('b');
    await page.mouse.move(...at(marked.x, marked.y));
    await page.mouse.down();
    await page.mouse.move(...at(marked.x + marked.width - 1, marked.y + marked.height - 1), { steps: 4 });
    await page.mouse.up();
    await room()
      .getByRole('region', { name: 'Marks' })
      .getByText(/^Rectangle 1/)
      .waitFor();
    await room().getByRole('button', { name: 'Ask about this region' }).click();
    await room().waitFor({ state: 'detached' });
    await imagesReady(page);
    await ask(page, question);
    answered = await lastAnswer(page);
    expect(answered).not.toBe('');
    await shoot(page, 'region-answer');
  });

  test('what is recorded of the answer is the part that was marked, in the file as it lies on the disk', async () => {
    // What an answer was made of is stored after it.
    await expect
      .poll(async () => Object.values(await readRecords(page)).some(each => 'prompt' in each))
      .toBe(true);
    const records = Object.values(await readRecords(page));
    const asked = records.find(({ role }) => role === 'user') as unknown as {
      images: (Asked & { id: string })[];
    };
    const answer = records.find(({ role }) => role === 'assistant') as unknown as {
      vision: { images: (typeof seen)[]; compressed: boolean };
    };
    expect(asked.images).toHaveLength(1);
    expect(answer.vision.images).toHaveLength(1);
    seen = answer.vision.images[0]!;
    const id = createHash('sha256').update(readFileSync(path)).digest('hex');
    for (const image of [asked.images[0]!, seen]) {
      expect(image.id).toBe(id);
      expect(image.presentation).toMatchObject({ frame: 0, window: lung, region: marked });
    }
    // In the prompt stands the same box, in thousandths of the image.
    const edges = [marked.x, marked.y, marked.x + marked.width, marked.y + marked.height];
    const box = edges.map(edge => Math.round((edge / phantom.columns) * 1000)).join(', ');
    const record = records.find(each => 'prompt' in each) as unknown as {
      prompt: { parts: { text: string }[] };
    };
    expect(record.prompt.parts.map(({ text }) => text).join('')).toContain(`<box>[[${box}]]</box>`);
  });

  test('what it saw of it are the tiles that the command line makes of the box, byte for byte', async () => {
    const told = (await vision([mmproj, ...shown, '--out', out])) as {
      views: ImageView[];
      tileSha256: string[];
    };
    expect(seen.views).toEqual(told.views);
    const closely = seen.views.at(-1)!;
    expect(closely.name).toBe('region');
    const { x, y, width, height } = closely.rectangle!;
    expect(x).toBeLessThanOrEqual(marked.x);
    expect(y).toBeLessThanOrEqual(marked.y);
    expect(x + width).toBeGreaterThanOrEqual(marked.x + marked.width);
    expect(y + height).toBeGreaterThanOrEqual(marked.y + marked.height);

    const tiles = await prepareTiles(await shownPicture(page, '.answer-images img'), seen.views, encoder);
    expect(tiles.map(tile => createHash('sha256').update(tile).digest('hex'))).toEqual(told.tileSha256);
  });

  test('the visual tokens that it read are the command line’s, in 16 bits', async () => {
    const bytes = readFileSync(out);
    const features = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
    const kept = (await readFeatures(page)).filter(({ imageId }) => imageId === seen.id);
    expect(kept).toHaveLength(1);
    const { halves } = kept[0]!;
    expect(halves).toHaveLength(features.length);
    // Half a step of 16 bits; the browser may fuse a product with its sum where Node does not, which lies far below.
    const isApart = (half: number, i: number) =>
      !(Math.abs(halfToFloat(half) - features[i]!) <= Math.abs(features[i]!) * 2 ** -11 + 1e-4);
    expect([...halves].filter(isApart)).toEqual([]);
    expect(seen.keptTokens * encoder.projected).toBe(halves.length);
  });

  test('and the command line, asked the same, writes the same', async () => {
    const told = (await generate([
      ...[`${models}/nano-vqa-q8_0.gguf`, '--mmproj', mmproj, '--prompt', question, ...shown],
      ...['--template', 'internvl2-chat', '--system', 'You are Bedside, a demonstration model.'],
      ...['--max-tokens', String(mostTokens), '--json'],
    ])) as { text: string };
    expect(told.text.trim()).toBe(answered);
  });

  test('under the answer its picture opens with the part that was looked at closely', async () => {
    const answer = page.getByRole('article', { name: 'Answer' }).last();
    await answer.getByRole('button', { name: /About/ }).click();
    const viewer = page.getByRole('dialog', { name: /slice-07/ });
    await viewer.waitFor();
    expect(await viewer.innerText()).toMatch(/tile of the region/);
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'region-viewer');
    await page.keyboard.press('Escape');
  });

  test('nothing went wrong in the page', () => {
    expect(problems).toEqual([]);
  });
});
