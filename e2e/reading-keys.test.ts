/** The reading room by the keyboard alone: a region asked about, measured, two panes, and what is covered stored nowhere. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, FileChooser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ctElements } from '../scripts/ct-slice.mjs';
import { writeDicom } from '../scripts/dicom-writer.mjs';
import { phantom, phantomSlice } from '../scripts/phantom.mjs';
import { seededRandom } from '../test/support/random.ts';
import { violations } from './support/accessibility.ts';
import { openChat } from './support/chat-page.ts';
import { chromium, launchChromium, whyNoChromium } from './support/chromium.ts';
import { tabTo } from './support/keyboard.ts';
import { type Site, startSite } from './support/site.ts';
import { isStoredAnywhere } from './support/stored-bytes.ts';
import { readRecords } from './support/stored-records.ts';

const { columns, rows, spacing } = phantom;
const sample = readFileSync('public/samples/study/slice-01.dcm');

/** A slice whose every pixel is a number of its own making: its bytes lie nowhere by chance. */
const noise = (() => {
  const random = seededRandom(7);
  const values = Int16Array.from({ length: columns * rows }, () => Math.floor(random() * 300));
  const elements = ctElements({
    root: '2.25.8017340007',
    description: 'Noise, no patient',
    ...{ slice: 0, gap: 1, position: [0, 0, 0], rows, columns, spacing },
  });
  const pixels = { tag: 0x7fe00010, vr: 'OW', value: new Uint8Array(values.buffer) };
  const file = writeDicom([...elements, pixels]);
  return { file, values };
})();

interface StoredQuestion {
  text: string;
  images: {
    id: string;
    name: string;
    presentation?: { window: unknown; region: unknown; redactions: unknown[] };
    regions?: { shape: unknown; measured?: { name: string; value: number; unit: string }[] }[];
  }[];
}

describe.skipIf(!chromium)(`the reading room by keys${whyNoChromium}`, () => {
  let site: Site;
  let context: BrowserContext;
  let page: Page;
  let problems: string[];
  const folder = mkdtempSync(join(tmpdir(), 'bedside-noise-'));

  beforeAll(async () => {
    site = await startSite();
    context = await launchChromium();
    ({ page, problems } = await openChat(context, site.url, false));
    await page.setViewportSize({ width: 1280, height: 800 });
    page.on('filechooser', opened => choosers.push(opened));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await context?.close();
    await site?.stop();
  });

  const room = () => page.getByRole('dialog', { name: 'Images' });
  const stageOf = (words: string) => room().getByRole('application', { name: new RegExp(words) });
  const marks = () => room().getByRole('region', { name: 'Marks' });
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const choose = async (name: RegExp) => {
    await tabTo(page, name);
    await press('Enter');
  };
  const choosers: FileChooser[] = [];
  /**
   * By the browser's own dialog: a page that is at work may take its time, and then the focus, so that it is asked for again. It is
   * listened for all the while: what nobody takes in time stays open, and no other opens beside it.
   */
  const pickFile = async (path: string) => {
    choosers.length = 0;
    for (let tries = 0; tries < 4 && choosers.length === 0; tries++) {
      await tabTo(page, /^Attach an image$/);
      await press('Enter');
      await vi.waitUntil(() => choosers[0], { timeout: 15_000 }).catch(() => undefined);
    }
    const [chooser] = choosers;
    if (!chooser) throw new Error('No file can be picked by the keyboard');
    await chooser.setFiles(path);
  };
  const ask = async (button: RegExp, question: string) => {
    await choose(button);
    await room().waitFor({ state: 'detached' });
    await page.locator('.attachment[data-status="ready"] img').last().waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('question');
    await page.keyboard.type(question);
    await press('Enter');
    await page.locator('.message-user .bubble', { hasText: question }).waitFor();
    const stored = async () =>
      Object.values(await readRecords(page)).find(({ text }) => text === question) as unknown as
        | StoredQuestion
        | undefined;
    await expect.poll(async () => (await stored()) !== undefined).toBe(true);
    return (await stored())!;
  };

  test('the sample is opened from beside the question, windowed, measured, and a region of it asked about', async () => {
    await choose(/^Look through a study$/);
    expect(await violations(page)).toEqual([]);
    await choose(/^Look through a synthetic CT/);
    await stageOf('image 1 of 20').waitFor();
    await choose(/^Lung$/);
    await expect.poll(() => room().innerText()).toContain('Centre \u2212600, width 1500');
    await tabTo(page, /image 1 of 20/);
    // Ten pixels to the right: a length. Ten by ten: a rectangle.
    await press('l', 'Enter', 'Shift+ArrowRight', 'Enter');
    await press('b', 'Enter', 'Shift+ArrowLeft', 'Shift+ArrowDown', 'Enter');
    await expect.poll(() => marks().innerText()).toMatch(/Rectangle 2[\s\S]*Mean/);
    expect(await violations(page)).toEqual([]);

    const { images } = await ask(/^Ask about this region$/, 'What is in it?');
    const [image] = images;
    expect(image!.presentation).toMatchObject({
      window: { kind: 'level', centre: -600, width: 1500 },
      redactions: [],
    });
    const [length, rectangle] = image!.regions!;
    const [millimetres] = length!.measured!;
    expect(millimetres!.unit).toBe('mm');
    expect(millimetres!.value).toBeCloseTo(10 * spacing, 9);
    const { extent } = rectangle!.shape as {
      extent: { x: number; y: number; width: number; height: number };
    };
    expect([extent.width, extent.height]).toEqual([10, 10]);
    const values = phantomSlice(0);
    const [left, top] = [extent.x - 0.5, extent.y - 0.5];
    const inside = Array.from(
      { length: 100 },
      (_, at) => values[(top + Math.floor(at / 10)) * columns + left + (at % 10)]!,
    );
    const mean = inside.reduce((sum, value) => sum + value, 0) / 100;
    const measured = Object.fromEntries(rectangle!.measured!.map(({ name, value }) => [name, value]));
    expect(Math.abs(measured.mean! - mean)).toBeLessThanOrEqual(1e-6);
    expect(measured.count).toBe(100);
  });

  test('the marks are drawn over the question’s picture', async () => {
    const question = page.getByRole('article', { name: 'Your question' }).last();
    expect(await question.locator('.drawn-shape').count()).toBe(2);
    expect(await question.getByRole('list', { name: /^Marks on/ }).innerText()).toMatch(/length 15\.0 mm/);
  });

  test('opened again it has its marks, and two panes scroll together', async () => {
    await choose(/^Look through a study$/);
    await choose(/^Back to what was open/);
    await stageOf('image 1 of 20').waitFor();
    await expect.poll(() => marks().innerText()).toMatch(/Length 1[\s\S]*Rectangle 2/);
    await tabTo(page, /^One$/);
    await press('ArrowRight');
    await tabTo(page, /^Scroll together$/);
    await press('Space');
    await tabTo(page, /^Pane 2, empty$/);
    await choose(/^Synthetic phantom/);
    await expect
      .poll(() =>
        room()
          .getByRole('application', { name: /image 1 of 20/ })
          .count(),
      )
      .toBe(2);
    await tabTo(page, /image 1 of 20/);
    await press('PageDown', 'PageDown');
    await expect
      .poll(() =>
        room()
          .getByRole('application', { name: /image 3 of 20/ })
          .count(),
      )
      .toBe(2);
    expect(await violations(page)).toEqual([]);
    await press('Escape');
    await room().waitFor({ state: 'detached' });
    await expect.poll(() => page.evaluate(() => document.activeElement !== document.body)).toBe(true);
  });

  test('what is covered is stored nowhere', async () => {
    const path = join(folder, 'noise.dcm');
    writeFileSync(path, noise.file);
    await pickFile(path);
    await stageOf('Noise, no patient, image 1 of 1').waitFor();
    await press('x', 'Enter', 'Shift+ArrowRight', 'Shift+ArrowRight', 'Shift+ArrowDown', 'Enter');
    await expect.poll(() => room().innerText()).toContain('Black box 1');
    expect(await violations(page)).toEqual([]);
    const { images } = await ask(/^Ask about this image$/, 'And in this one?');
    expect(images.map(({ name }) => name)).toEqual(['noise.dcm.png']);

    // Its corners stand on centres of pixels: all that they touch are black.
    const [x, y, width, height] = [columns / 2, rows / 2, 21, 11];
    const covered = Array.from({ length: height }, (_, row) => {
      const from = (y + row) * columns + x;
      return noise.values.slice(from, from + width);
    });
    const rawRows = covered.map(values => new Uint8Array(Int16Array.from(values).buffer));
    const picture = await page.evaluate(async id => {
      const opening = indexedDB.open('bedside-chats');
      const database = await new Promise<IDBDatabase>(resolve => {
        opening.onsuccess = () => resolve(opening.result);
      });
      const store = database.transaction('records').objectStore('records');
      const keys = await new Promise<IDBValidKey[]>(resolve => {
        const request = store.getAllKeys();
        request.onsuccess = () => resolve(request.result);
      });
      const key = keys.find(each => String(each).startsWith('image/') && String(each).endsWith(id))!;
      const record = await new Promise<{ blob: Blob }>(resolve => {
        const request = database.transaction('records').objectStore('records').get(key);
        request.onsuccess = () => resolve(request.result);
      });
      const bitmap = await createImageBitmap(record.blob);
      const drawing = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
      drawing.drawImage(bitmap, 0, 0);
      const { data } = drawing.getImageData(0, 0, bitmap.width, bitmap.height);
      return Array.from({ length: data.length / 4 }, (_, at) => data[4 * at]!);
    }, images[0]!.id);
    const greys = (from: number) => picture.slice(from, from + width);
    for (let row = 0; row < height; row++) {
      expect(greys((y + row) * columns + x)).toEqual(new Array(width).fill(0));
    }
    expect(new Set(greys((y - 2) * columns + x)).size).toBeGreaterThan(10);

    // What the search finds of what was asked about uncovered: it would find these.
    const [control, ...found] = await isStoredAnywhere(page, [sample.subarray(0, 400), ...rawRows]);
    expect(control).toBe(true);
    expect(found).toEqual(rawRows.map(() => false));
  });

  test('nothing went wrong in the page', () => {
    expect(problems).toEqual([]);
  });
});
