/** What is done with an answer: formulas in it, copying, editing and going on, rating. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from './support/accessibility.ts';
import { ask, lastAnswer } from './support/chat-page.ts';
import { chromium, whyNoChromium } from './support/chromium.ts';
import { type LoadedPage, openLoadedPage } from './support/loaded-page.ts';
import { shoot } from './support/shoot.ts';
import { openAnswer, storeAnswers } from './support/stored-answers.ts';
import { readRecords } from './support/stored-records.ts';

/** Synthetic. */
const formulas = `The clearance, with $w$ in kg and $S_{Cr}$ in mg/dL:

$$
\\mathrm{CrCl} = \\frac{(140 - \\text{age}) \\times w}{72 \\times S_{Cr}} \\times 0.85^{f}
$$

It costs $12, or $5 to $10 a day. In a table:

| Sign | Meaning |
| --- | --- |
| \\(\\hat{p} \\pm 1.96\\sqrt{\\frac{\\hat{p}(1-\\hat{p})}{n}}\\) | interval |
| $\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}$ | matrix |

\\[
f(x) = \\begin{cases} x^2 & x > 0 \\\\ 0 & x \\le 0 \\end{cases} \\qquad \\sum_{i=1}^{n} x_i + \\int_0^\\infty e^{-t}\\,dt + \\boxed{42} + a_1 + a_2 + a_3 + a_4 + a_5 + a_6 + a_7
\\]`;
const hostile =
  '$\\href{https://evil.test}{x}$ $\\includegraphics{https://evil.test/p.png}$ $\\def\\a{\\a\\a}\\a$ $\\class{menu}{x}$ $\\frac{1}{2$';

describe.skipIf(!chromium)(`what is done with an answer${whyNoChromium}`, () => {
  let loaded: LoadedPage;
  let page: Page;
  let folder: string;
  const refused: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bedside-answers-'));
    loaded = await openLoadedPage();
    ({ page } = loaded);
    page.on('console', message => {
      if (/Content Security Policy|Trusted ?(?:Type|HTML|Script)/i.test(message.text()))
        refused.push(message.text());
    });
    await loaded.context.grantPermissions(['clipboard-read', 'clipboard-write'], {
      origin: new URL(page.url()).origin,
    });
    await storeAnswers(page, 'Formulas', [formulas, hostile]);
    await page.reload();
  });
  afterAll(async () => {
    await loaded?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  const action = (of: Locator, name: string) => of.getByRole('button', { name, exact: true });

  test('formulas are set by the browser, and the policy has nothing to refuse', async () => {
    const answer = await openAnswer(page, 'Formulas', 0);
    await answer.locator('math').nth(5).waitFor();
    const shown = await answer.locator('math').evaluateAll(all =>
      all.map(math => ({
        namespace: math.namespaceURI,
        text: math.textContent?.replace(/\s|\u2061/g, '') ?? '',
        height: math.getBoundingClientRect().height,
      })),
    );
    expect(shown.map(({ text }) => text)).toEqual([
      'w',
      'SCr',
      'CrCl=(140−age)×w72×SCr×0.85f',
      'pˆ±1.96pˆ(1−pˆ)n',
      '(1234)',
      expect.stringMatching(/^f\(x\)=\{x2x>00x≤0∑i=1nxi\+∫0∞e−tdt\+42/),
    ]);
    for (const { namespace, height } of shown) {
      expect(namespace).toBe('http://www.w3.org/1998/Math/MathML');
      expect(height).toBeGreaterThan(5);
    }
    // A fraction is higher than a letter: it is set, not only written.
    expect(shown[2]!.height).toBeGreaterThan(1.5 * shown[0]!.height);
    await expect(answer.getByText('It costs $12, or $5 to $10 a day.').count()).resolves.toBe(1);
    await shoot(page, 'formulas');
    const odd = await openAnswer(page, 'Formulas', 1);
    expect(await odd.locator('.markdown').textContent()).toBe(hostile);
    expect(refused).toEqual([]);
    expect(loaded.problems).toEqual([]);
  });

  test('a wide formula scrolls within itself on a telephone', async () => {
    const before = page.viewportSize()!;
    await page.setViewportSize({ width: 390, height: 844 });
    const answer = await openAnswer(page, 'Formulas', 0);
    const wide = answer.getByRole('group', { name: 'Formula' }).last();
    await wide.scrollIntoViewIfNeeded();
    const widths = await wide.evaluate(each => [each.scrollWidth, each.clientWidth]);
    const whole = await page.evaluate(() => document.querySelector('.chat-scroll')!.scrollWidth);
    await page.setViewportSize(before);
    expect(widths[0]).toBeGreaterThan(widths[1]!);
    expect(widths[1]).toBeLessThanOrEqual(390);
    expect(whole).toBeLessThanOrEqual(390);
  });

  test('a selection is copied with the source of its formulas', async () => {
    const answer = await openAnswer(page, 'Formulas', 0);
    await answer
      .locator('.markdown > p')
      .first()
      .evaluate(each => getSelection()!.selectAllChildren(each));
    await page.keyboard.press('ControlOrMeta+c');
    expect(await clipboard()).toBe('The clearance, with $w$ in kg and $S_{Cr}$ in mg/dL:');
  });

  test('an answer is copied as it was last, formatted, with its source where that is wished', async () => {
    const answer = await openAnswer(page, 'Formulas', 0);
    await action(answer, 'Copy answer').click();
    expect(await clipboard()).toBe(formulas);
    const choose = async (item: string) => {
      await action(answer, 'More for this answer').click();
      await page.getByRole('menuitem', { name: item }).click();
    };
    await choose('With model, hash and date: off');
    await choose('Copy with formatting');
    const formatted = () =>
      page.evaluate(async () => {
        const [item] = await navigator.clipboard.read();
        const types = [...item!.types].sort();
        const html = await (await item!.getType('text/html')).text();
        return { types, html, plain: await navigator.clipboard.readText() };
      });
    await expect
      .poll(async () => (await formatted().catch(() => null))?.types)
      .toEqual(['text/html', 'text/plain']);
    const { html, plain } = await formatted();
    expect(html).toContain('<table>');
    expect(plain).toContain('Sign\tMeaning');
    for (const form of [html, plain]) expect(form).toContain('Not a medical device');
    await page.reload();
    await action(await openAnswer(page, 'Formulas', 0), 'Copy answer').click();
    await expect.poll(async () => (await formatted().catch(() => null))?.plain).toBe(plain);
  });

  test('an answer is edited beside the model’s own, and the model goes on from there', async () => {
    await page.getByRole('button', { name: 'New chat' }).first().click();
    await ask(page, 'What is asthma?');
    await lastAnswer(page);
    const answer = page.getByRole('article', { name: 'Answer' }).last();
    const original = (await answer.locator('.markdown').textContent())!;
    await action(answer, 'Edit answer').click();
    const field = page.getByRole('textbox', { name: 'Edit this answer' });
    await expect.poll(() => field.evaluate(each => each === document.activeElement)).toBe(true);
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'editing');
    await field.fill('Asthma is a disease of the');
    await page.keyboard.press('ControlOrMeta+Enter');
    await field.waitFor({ state: 'detached' });
    expect(await answer.locator('.branch-count').textContent()).toContain('2/2');
    await answer.getByText('Edited by you').waitFor();
    await action(answer, 'Continue').click();
    await expect
      .poll(async () => (await answer.locator('.markdown').textContent())!.length)
      .toBeGreaterThan('Asthma is a disease of the'.length);
    const text = await lastAnswer(page);
    expect(text.startsWith('Asthma is a disease of the')).toBe(true);
    await shoot(page, 'edited');

    const messages = Object.entries(await readRecords(page))
      .filter(([key]) => key.startsWith('message/'))
      .map(([, record]) => record);
    const edited = messages.find(({ edit }) => edit !== undefined)!;
    const { of, length, spans } = edited.edit as { of: string; length: number; spans: number[][] };
    expect(length).toBe('Asthma is a disease of the'.length);
    expect(spans.length).toBeGreaterThan(0);
    expect(messages.find(({ id }) => id === of)).toMatchObject({ role: 'assistant' });
    expect(edited.model).toBe(messages.find(({ id }) => id === of)!.model);

    await action(answer, 'Record of this answer').click();
    const record = page.getByRole('dialog', { name: 'Record of this answer' });
    await record.getByRole('heading', { name: 'What you changed' }).waitFor();
    expect((await record.locator('mark').allTextContents()).join('').length).toBeGreaterThan(0);
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'edited-record');
    await record.getByRole('button', { name: 'Close' }).click();
    await action(answer, 'Previous answer').click();
    await expect
      .poll(() => page.getByRole('article', { name: 'Answer' }).last().locator('.markdown').textContent())
      .toBe(original);
  });

  test('an answer is rated, and ratings are given out as a table', async () => {
    const answer = page.getByRole('article', { name: 'Answer' }).last();
    await action(answer, 'Rate this answer').click();
    const dialog = page.getByRole('dialog', { name: 'Rate this answer' });
    await dialog.getByText('Unsafe', { exact: true }).click();
    await dialog.getByRole('textbox', { name: 'Note' }).fill('=1+1, "quoted"');
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await violations(page)).toEqual([]);
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await shoot(page, 'rating');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await answer.getByText('Rated by you: unsafe').waitFor();
    await page.getByRole('button', { name: 'Export conversation' }).click();
    const share = page.getByRole('dialog', { name: 'Export conversation' });
    await shoot(page, 'share');
    const waiting = page.waitForEvent('download');
    await share.getByRole('button', { name: 'Save ratings as CSV' }).click();
    const download = await waiting;
    const path = join(folder, 'ratings.csv');
    await download.saveAs(path);
    const csv = readFileSync(path, 'utf8');
    expect(download.suggestedFilename()).toMatch(/^bedside-ratings-\d{4}-\d\d-\d\d\.csv$/);
    expect(csv).toMatch(
      /^date,conversation,model,SHA-256,rating,note,question,answer,edited by the reader\r\n/,
    );
    expect(csv).toContain(`,unsafe,"'=1+1, ""quoted""",What is asthma?,`);
    await share.getByRole('button', { name: 'Close' }).click();
  });

  test('nothing is wrong with a page of such answers, light and dark; without a voice none is offered', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await violations(page)).toEqual([]);
      await openAnswer(page, 'Formulas', 0);
      expect(await violations(page)).toEqual([]);
      await page.getByText('What is asthma?').first().click();
    }
    const voices = await page.evaluate(
      () => speechSynthesis.getVoices().filter(each => each.localService).length,
    );
    expect((await page.getByRole('button', { name: 'Read aloud' }).count()) > 0).toBe(voices > 0);
    expect(refused).toEqual([]);
  });
});
