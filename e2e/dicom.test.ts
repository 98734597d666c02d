import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDicom } from '../src/imaging/dicom/open-dicom.ts';
import { fixture, readJson } from '../test/support/data.ts';
import { writeDicom } from '../test/support/dicom-writer.ts';
import { ask, lastAnswer, openChat } from './support/chat-page.ts';
import { chromium, launchChromium, whyNoChromium } from './support/chromium.ts';
import { type DroppedFile, dropFiles, imagesReady } from './support/images.ts';
import { shownPicture } from './support/shown-picture.ts';
import { type Site, startSite } from './support/site.ts';
import { readRecords } from './support/stored-records.ts';

const goldens = readJson<{ file: string; frames?: { views: { default: { sha256: string } } }[] }[]>(
  fixture('dicom/golden.json'),
);
const dicom = (name: string): DroppedFile => ({
  // Files of a disk have no extension, and no type.
  name: name.replace('.dcm', ''),
  type: '',
  bytes: readFileSync(fixture(`dicom/${name}`)),
});
const goldenOf = (name: string) =>
  goldens.find(({ file }) => file === name)!.frames![0]!.views.default.sha256;

/** 64 x 64 pixels of one value. */
const uniform = (): Uint8Array =>
  writeDicom([
    { tag: 0x00080016, vr: 'UI', value: '1.2.840.10008.5.1.4.1.1.7' },
    { tag: 0x00080018, vr: 'UI', value: '2.25.4711' },
    { tag: 0x00080060, vr: 'CS', value: 'OT' },
    { tag: 0x0020000d, vr: 'UI', value: '2.25.4712' },
    { tag: 0x0020000e, vr: 'UI', value: '2.25.4713' },
    { tag: 0x00280002, vr: 'US', value: 1 },
    { tag: 0x00280004, vr: 'CS', value: 'MONOCHROME2' },
    { tag: 0x00280010, vr: 'US', value: 64 },
    { tag: 0x00280011, vr: 'US', value: 64 },
    { tag: 0x00280100, vr: 'US', value: 8 },
    { tag: 0x00280101, vr: 'US', value: 8 },
    { tag: 0x00280102, vr: 'US', value: 7 },
    { tag: 0x00280103, vr: 'US', value: 0 },
    { tag: 0x7fe00010, vr: 'OB', value: new Uint8Array(64 * 64).fill(100) },
  ]);

/** Of the picture that a button shows: its size, and the first channel of its pixels. */
async function shownIn(
  page: Page,
  selector: string,
): Promise<{ width: number; height: number; sha256: string }> {
  const { width, height, data } = await shownPicture(page, selector);
  const red = data.filter((_, i) => i % 3 === 0);
  return { width, height, sha256: createHash('sha256').update(red).digest('hex') };
}

/** Of grey pictures the golden's own hash; of those in colour that of their first channel, as the command line has it. */
async function redOf(name: string): Promise<string> {
  if (!name.startsWith('jpg-')) return goldenOf(name);
  const file = await openDicom(dicom(name).bytes);
  const pixels = (await file.decodeFrame(0)).render(null);
  expect(createHash('sha256').update(pixels).digest('hex')).toBe(goldenOf(name));
  return createHash('sha256')
    .update(pixels.filter((_, i) => i % 3 === 0))
    .digest('hex');
}

describe.skipIf(!chromium)(`DICOM files in the browser${whyNoChromium}`, () => {
  let site: Site;
  let context: BrowserContext;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    site = await startSite();
    context = await launchChromium();
    ({ page, problems } = await openChat(context, site.url));
  });
  afterAll(async () => {
    await context?.close();
    await site?.stop();
  });

  const name = 'ts-j2k-lossless-90.dcm';

  test('a file without extension is shown as other readers show it', async () => {
    await dropFiles(page, dicom(name));
    await page.getByRole('button', { name: 'Ask about this image' }).click();
    await imagesReady(page);
    expect(await shownIn(page, '.attachment .thumbnail img')).toEqual({
      ...{ width: 124, height: 139, sha256: goldenOf(name) },
    });
  });

  test('it is asked about, and stays what it was in storage', async () => {
    await ask(page, 'Describe the image.');
    expect(await lastAnswer(page)).not.toBe('');
    const answer = page.getByRole('article', { name: 'Answer' }).last();
    expect(await answer.innerText()).toMatch(/The model saw \d+ tiles, \d+ tokens/);
    expect((await shownIn(page, '.answer-images img')).sha256).toBe(goldenOf(name));
    const { bytes } = dicom(name);
    const id = createHash('sha256').update(bytes).digest('hex');
    const records = await readRecords(page);
    const stored = Object.entries(records).find(([key]) => key.startsWith('image/'))!;
    expect(stored[0].endsWith(id)).toBe(true);
    expect(stored[1].blob).toEqual({
      $blob: Buffer.from(bytes).toString('base64'),
      type: 'application/dicom',
    });
    // What the model saw is said in numbers.
    const answered = Object.values(records).find(({ role }) => role === 'assistant')!;
    const { images } = answered.vision as { images: { presentation: { window: object } }[] };
    expect(images[0]!.presentation.window).toMatchObject({ kind: 'level', function: 'LINEAR' });
  });

  test('opened again, question and answer show the same picture', async () => {
    await page.reload();
    await page.locator('.question-images img').waitFor();
    expect((await shownIn(page, '.question-images img')).sha256).toBe(goldenOf(name));
  });

  // A codec, or a way of writing, each; the last is in colour.
  test.each([
    ['ts-deflated.dcm'],
    ['ts-explicit-be.dcm'],
    ['ts-rle.dcm'],
    ['ts-jpeg-lossless-p14-57.dcm'],
    ['ts-jpeg-extended-12bit-51.dcm'],
    ['ts-jpegls-near-81.dcm'],
    ['ts-jpeg-progressive-55.dcm'],
    ['win-mono1-inverse-shape.dcm'],
    ['jpg-ybr-420.dcm'],
  ])('%s is shown to the last bit as other readers show it', async file => {
    await page.getByRole('button', { name: 'New chat' }).first().click();
    await dropFiles(page, dicom(file));
    await page.getByRole('button', { name: 'Ask about this image' }).click();
    await page.locator('.attachment[data-status="ready"] .thumbnail img').waitFor();
    expect((await shownIn(page, '.attachment .thumbnail img')).sha256).toBe(await redOf(file));
    await page
      .getByRole('button', { name: /^Remove/ })
      .first()
      .click();
  });

  test('one in which there is nothing to see is told of beside the question, and others are not', async () => {
    const notices = page.getByRole('status', { name: 'Notices about this question' });
    await page.getByRole('button', { name: 'New chat' }).first().click();
    await dropFiles(page, { name: 'empty', type: '', bytes: uniform() });
    await page.getByRole('button', { name: 'Ask about this image' }).click();
    await notices.getByText('is nearly one shade').waitFor();
    await page
      .getByRole('button', { name: /^Remove/ })
      .first()
      .click();
    await notices.getByText('is nearly one shade').waitFor({ state: 'detached' });
    await dropFiles(page, dicom(name));
    await page.getByRole('button', { name: 'Ask about this image' }).click();
    await page.locator('.attachment[data-status="ready"] .thumbnail img').waitFor();
    expect(await notices.getByText('is nearly one shade').count()).toBe(0);
    await page
      .getByRole('button', { name: /^Remove/ })
      .first()
      .click();
  });

  test('what is no image says what it is', async () => {
    await dropFiles(page, dicom('object-sr.dcm'));
    const refused = page.getByRole('dialog', { name: 'There is nothing to show' });
    expect(await refused.locator('[data-code]').getAttribute('data-reason')).toBe('report-object');
  });

  test('nothing went wrong unseen', () => {
    expect(problems).toEqual([]);
  });
});
