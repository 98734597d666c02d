/** Conversations that an earlier version of Bedside stored, opened by this one. */
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixture, readJson } from '../test/support/data.ts';
import { ask, lastAnswer, modelReady, openChat } from './support/chat-page.ts';
import { chromium, launchChromium, whyNoChromium } from './support/chromium.ts';
import { settled } from './support/settled.ts';
import { type Site, startSite } from './support/site.ts';
import { readRecords, type StoredRecords, storeRecords } from './support/stored-records.ts';
import { quietPage } from './support/stored-weights.ts';

interface ShownMessage {
  text: string;
  /** Under an answer: how much the model saw. */
  saw: string | null;
  images: ShownImage[];
}

interface ShownImage {
  pixels: [width: number, height: number];
  /** For each way in which it was seen. */
  sights: { words: string[]; layers: ShownLayer[] }[];
}

/** What is drawn over the image: where the lines lie, in hundredths of its width and height. */
interface ShownLayer {
  layer: string;
  upright: number[];
  level: number[];
}

/** What the page of version 1 stored, and what it showed of that, by the conversation's title: read as below. */
const { records: version1, shown } = readJson<{
  records: StoredRecords;
  shown: Record<string, ShownMessage[]>;
}>(fixture('records/version-1.json'));

/** What version 2 stored of a reader's file: the entry under which it was opened. */
const version2: StoredRecords = {
  'conversation/second': {
    ...{ v: 2, id: 'second', title: 'Asked of a file', createdAt: 5, updatedAt: 6 },
    ...{ rootIds: ['q'], currentLeafId: 'a' },
  },
  'message/second/q': {
    ...{ v: 2, id: 'q', conversationId: 'second', parentId: null, createdAt: 5 },
    ...{ role: 'user', text: 'What is asthma?' },
  },
  'message/second/a': {
    ...{ v: 2, id: 'a', conversationId: 'second', parentId: 'q', createdAt: 6 },
    ...{ role: 'assistant', text: 'Explanation: a disease.', stopReason: 'end', model: 'PMC-LLaMA 13B' },
    ...{ modelKey: 'pmc-llama-13b file:mine.gguf:98362432:1', modelKind: 'bring-your-own' },
  },
};

const [imageKey, imageRecord] = Object.entries(version1).find(([key]) => key.startsWith('image/'))!;
const {
  id: imageId,
  name,
  width,
  height,
} = imageRecord as { id: string; name: string; width: number; height: number };

/** What version 3 stored of an image: without a presentation. */
const version3: StoredRecords = {
  'conversation/third': {
    ...{ v: 3, id: 'third', title: 'Asked of an image', createdAt: 7, updatedAt: 8 },
    ...{ rootIds: ['q'], currentLeafId: 'a' },
  },
  'message/third/q': {
    ...{ v: 3, id: 'q', conversationId: 'third', parentId: null, createdAt: 7 },
    ...{ role: 'user', text: 'What is it?', images: [{ id: imageId, name, width, height }] },
  },
  'message/third/a': {
    ...{ v: 3, id: 'a', conversationId: 'third', parentId: 'q', createdAt: 8 },
    ...{
      role: 'assistant',
      text: 'A drawing.',
      stopReason: 'end',
      model: 'nano-vqa',
      modelKind: 'demonstration',
    },
    vision: {
      images: [
        {
          id: imageId,
          views: [
            {
              name: 'overview',
              rectangle: { x: 0, y: 0, width, height },
              grid: [1, 1],
              tile: { width: 112, height: 112 },
              tokens: 16,
              isCompressible: false,
            },
          ],
          keptTokens: 16,
          cached: false,
        },
      ],
      ...{ decodeMs: 1, encodeMs: 1, compressed: false },
    },
  },
  [`image/third/${imageId}`]: { ...version1[imageKey], conversationId: 'third' },
};

const records: StoredRecords = { ...version1, ...version2, ...version3 };

const plain = (words: string | null) => (words ?? '').replace(/\s+/g, ' ').trim();
const inList = (page: Page) => page.getByRole('complementary', { name: 'Conversations' });

async function open(page: Page, title: string): Promise<void> {
  await inList(page).getByRole('button', { name: title, exact: true }).click();
  await page.locator('.history-item[data-current="true"]', { hasText: title }).waitFor();
}

const picturesIn = (title: string) => shown[title]!.flatMap(({ images }) => images).length;

/** @param pictures so many are shown once all are read */
async function readMessages(page: Page, pictures: number): Promise<ShownMessage[]> {
  const found: ShownMessage[] = [];
  const messages = page.getByRole('article', { name: /^(Answer|Your question)$/ });
  await expect.poll(() => messages.locator('button:has(img)').count()).toBe(pictures);
  for (const message of await messages.all()) {
    const images: ShownImage[] = [];
    for (const picture of await message.locator('button:has(img)').all()) {
      images.push(await readImage(page, picture));
    }
    const [saw = null] = await message.getByText(/^The model saw/).allTextContents();
    // Not innerText: what is scrolled away has no layout.
    const text = await message.locator('.markdown, .bubble').first().textContent();
    found.push({ text: plain(text), saw, images });
  }
  return found;
}

async function readImage(page: Page, picture: Locator): Promise<ShownImage> {
  const pixels = await picture.locator('img').evaluate(async (image: HTMLImageElement) => {
    await image.decode();
    return [image.naturalWidth, image.naturalHeight] as [number, number];
  });
  await picture.click();
  const viewer = page.locator('dialog.viewer');
  await viewer.locator('.viewer-sight').waitFor();
  const choiceOf = (legend: string) => viewer.getByRole('group', { name: legend }).getByRole('radio');
  const answers = await choiceOf('As it was seen for').all();
  const sights: ShownImage['sights'] = [];
  for (const answer of answers.length > 0 ? answers : [null]) {
    await answer?.check({ force: true });
    const layers: ShownLayer[] = [];
    for (const layer of await choiceOf('Tiles drawn over the image').all()) {
      await layer.check({ force: true });
      await settled(page);
      layers.push(await readLayer(viewer));
    }
    const words = await viewer.locator('.viewer-sight p').allTextContents();
    sights.push({ words: words.map(plain), layers });
  }
  await page.keyboard.press('Escape');
  await viewer.waitFor({ state: 'detached' });
  return { pixels, sights };
}

function readLayer(viewer: Locator): Promise<ShownLayer> {
  return viewer.evaluate(node => {
    const tiles = node.querySelector('.viewer-tiles');
    const path = tiles?.querySelector('path')?.getAttribute('d') ?? '';
    const image = node.querySelector('.viewer-window img')!.getBoundingClientRect();
    const stage = node.querySelector('.viewer-stage')!.getBoundingClientRect();
    // Not -0, which is another number to a test.
    const share = (length: number, of: number) => Math.round((length / of) * 100) + 0;
    const upright: number[] = [];
    const level: number[] = [];
    for (const line of path.split('M').filter(Boolean)) {
      const [x1, y1, x2] = line.split(/[L ]/).map(Number);
      if (x1 === x2) upright.push(share(x1! + stage.left - image.left, image.width));
      else level.push(share(y1! + stage.top - image.top, image.height));
    }
    return { layer: tiles?.getAttribute('data-layer') ?? 'off', upright, level };
  });
}

describe.skipIf(!chromium)(`conversations that earlier versions stored${whyNoChromium}`, () => {
  let site: Site;
  let context: BrowserContext;
  let quiet: Page;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    site = await startSite();
    context = await launchChromium();
    quiet = await quietPage(context, site.url);
    await storeRecords(quiet, records);
    ({ page, problems } = await openChat(context, site.url));
  });
  afterAll(async () => {
    await context?.close();
    await site?.stop();
  });

  test.each(Object.keys(shown))(
    '“%s”: every text, image, and what the model saw of it, as before',
    async title => {
      // A model that sees would tell of the size of its tiles where an answer does not.
      await expect(page.locator('.model-badge').innerText()).resolves.toContain('nano-chat');
      await open(page, title);
      expect(await readMessages(page, picturesIn(title))).toEqual(shown[title]);
    },
  );

  test('a draft waits with its image', async () => {
    await open(page, 'What kind of image is this?');
    const field = page.getByRole('textbox', { name: 'Your question', exact: true });
    await expect.poll(() => field.inputValue()).toBe('And in this one?');
    const attachment = page.locator('.attachment[data-status="ready"]', { hasText: 'square.png' });
    await attachment.locator('img').waitFor();
  });

  test('an answer of version 2 says as what its file was opened, and not that it was that model', async () => {
    await open(page, 'Asked of a file');
    const answer = page.getByRole('article', { name: 'Answer' });
    await expect(answer.locator('.figures').innerText()).resolves.toBe('a file opened as PMC-LLaMA 13B');
    expect(await page.locator('.printed-origin').last().textContent()).toContain(
      'Answer of a file opened as PMC-LLaMA 13B',
    );
  });

  test('an answer of version 3 shows the image as its file does, and what was seen of it', async () => {
    await open(page, 'Asked of an image');
    const [question, answer] = await readMessages(page, 2);
    expect(question!.images.map(({ pixels }) => pixels)).toEqual([[width, height]]);
    expect(answer).toMatchObject({ text: 'A drawing.', saw: 'The model saw 1 tile, 16 tokens.' });
    expect(answer!.images[0]!.sights[0]!.layers.map(({ layer }) => layer)).toEqual(['off', 'overview']);
  });

  test('to be read changes none of them', async () => {
    expect(stored(await readRecords(quiet))).toEqual(stored(records));
  });

  test('renamed, a conversation is one of version 4, with its messages as they were', async () => {
    const title = 'Three questions';
    // Its buttons show where the focus is.
    await inList(page).getByRole('button', { name: 'Rename “Describe the image.”' }).focus();
    await page.keyboard.press('Enter');
    const field = inList(page).getByRole('textbox');
    await field.fill(title);
    await field.press('Enter');
    const key = keyOf('Describe the image.');
    await expect.poll(async () => (await readRecords(quiet))[key]).toEqual({ ...records[key], v: 4, title });
    expect(stored(await readRecords(quiet))).toEqual(
      stored({ ...records, [key]: { ...records[key], v: 4, title } }),
    );
    await page.reload();
    await modelReady(page);
    await open(page, title);
    expect(await readMessages(page, picturesIn('Describe the image.'))).toEqual(shown['Describe the image.']);
  });

  test('an answer that goes on is stored as version 4, with all that was stored of its question and images', async () => {
    const before = await readRecords(quiet);
    await open(page, 'An answer cut off');
    await page.getByRole('button', { name: 'Continue' }).click();
    const text = await lastAnswer(page);
    const id = keyOf('An answer cut off').slice('conversation/'.length);
    const [question, answer] = messagesOf(before, id);
    expect(answer!.text).toHaveLength(60);
    expect(text.startsWith(plain(String(answer!.text)))).toBe(true);
    await expect.poll(async () => messagesOf(await readRecords(quiet), id)[1]!.stopReason).toBe('end');

    const after = await readRecords(quiet);
    expect(messagesOf(after, id)[0]).toEqual({ ...question, v: 4 });
    const { vision, ...rest } = messagesOf(after, id)[1]!;
    const whole = { x: 0, y: 0, width: 90, height: 150 };
    const viewOf = (name: string, grid: [number, number], isCompressible = false) => ({
      name,
      rectangle: whole,
      grid,
      tile: { width: 112, height: 112 },
      tokens: 16 * grid[0] * grid[1],
      isCompressible,
    });
    expect((vision as { images: unknown }).images).toEqual([
      {
        id: (question!.images as { id: string }[])[0]!.id,
        views: [viewOf('detailed', [2, 3], true), viewOf('adaptive', [1, 4]), viewOf('overview', [1, 1])],
        keptTokens: 176,
        cached: false,
      },
    ]);
    const { id: answerId, conversationId, parentId, createdAt, role, model, modelKey, modelKind } = answer!;
    expect(rest).toMatchObject({
      ...{ v: 4, id: answerId, conversationId, parentId, createdAt, role, model, modelKey, modelKind },
      stopReason: 'end',
    });
    // Nothing else was touched.
    const others = (all: StoredRecords) =>
      Object.entries(stored(all)).filter(([key]) => !key.includes(id) || key.startsWith('image/'));
    expect(others(after)).toEqual(others(before));
  });

  test('a further question is stored as version 4 beside messages of version 1, and all of it is shown', async () => {
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('radio', { name: 'Not cut' }).check();
    await page.keyboard.press('Escape');
    await open(page, 'Three questions');
    await ask(page, 'Is there a nodule?');
    const text = await lastAnswer(page);
    const id = keyOf('Describe the image.').slice('conversation/'.length);
    await expect.poll(async () => messagesOf(await readRecords(quiet), id).at(-1)!.stopReason).toBe('end');
    const versions = messagesOf(await readRecords(quiet), id).map(({ v }) => v);
    expect(versions).toEqual([1, 1, 1, 1, 1, 1, 4, 4]);
    await page.reload();
    await modelReady(page);
    await open(page, 'Three questions');
    const messages = await readMessages(page, picturesIn('Describe the image.') + 2);
    expect(messages.slice(0, 6).map(({ text: words, saw }) => [words, saw])).toEqual(
      shown['Describe the image.']!.map(({ text: words, saw }) => [words, saw]),
    );
    expect(messages[7]).toMatchObject({ text, saw: 'The model saw 2 tiles, 32 tokens.' });
    expect(messages[7]!.images.map(({ pixels }) => pixels)).toEqual([
      [160, 120],
      [90, 150],
    ]);
  });

  test('nothing went wrong unseen', () => {
    expect(problems).toEqual([]);
  });
});

/** Without what a page writes by being opened. */
function stored(all: StoredRecords): StoredRecords {
  return Object.fromEntries(
    Object.entries(all).filter(([key]) => /^(conversation|message|image)\//.test(key)),
  );
}

function keyOf(title: string): string {
  return Object.keys(records).find(key => records[key]!.title === title)!;
}

/** Oldest first. */
function messagesOf(all: StoredRecords, conversationId: string): Record<string, unknown>[] {
  return Object.entries(all)
    .filter(([key]) => key.startsWith(`message/${conversationId}/`))
    .map(([, message]) => message)
    .sort((a, b) => Number(a.createdAt) - Number(b.createdAt));
}
