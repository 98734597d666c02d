import type { BrowserContext, Page } from 'playwright-core';
import { patienceMs } from './patience.ts';

/** A page error or an unexpected console error fails the test that asks for it. */
export interface ChatPage {
  page: Page;
  problems: string[];
}

/**
 * Opens the page, acknowledges the first-run notice where it shows, and waits until a model is ready. `prepare` has the
 * page before it goes anywhere.
 */
export async function openChat(
  context: BrowserContext,
  url: string,
  waitForModel = true,
  prepare?: (page: Page) => Promise<void>,
): Promise<ChatPage> {
  const page = await context.newPage();
  await prepare?.(page);
  const problems: string[] = [];
  page.on('pageerror', error => problems.push(String(error)));
  await page.goto(url);
  await acknowledge(page);
  if (waitForModel) await modelReady(page);
  return { page, problems };
}

/** The first-run notice, where it shows. By the time that the GPU was looked for it is known whether it does. */
export async function acknowledge(page: Page): Promise<void> {
  const understood = page.getByRole('button', { name: 'I understand' });
  const probed = page.locator('.model-badge:not([data-life="probing"])');
  await understood.or(probed).first().waitFor();
  if (await understood.isVisible()) await understood.click();
}

/** The empty state says so once the demonstration model is loaded. */
export function modelReady(page: Page): Promise<void> {
  return page.locator('.model-badge[data-phase="ready"]').waitFor();
}

export async function ask(page: Page, question: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Your question' }).fill(question);
  await page.getByRole('button', { name: 'Send' }).click();
}

/** Has every model choose its most likely words: a stranger's file is answered a little varied otherwise. */
export async function answerMostLikely(page: Page, maxTokens?: number): Promise<void> {
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Settings' });
  await dialog.getByText('Most likely', { exact: true }).click();
  if (maxTokens !== undefined) await dialog.getByLabel('Answer limit').fill(String(maxTokens));
  await dialog.getByRole('button', { name: 'Close' }).click();
}

/** The last answer's text once it has ended. */
export async function lastAnswer(page: Page, timeout = patienceMs): Promise<string> {
  const answer = page.getByRole('article', { name: 'Answer' }).last();
  await answer.waitFor({ timeout });
  await answer.and(page.locator('[aria-busy="false"]')).waitFor({ timeout });
  // Not innerText: blocks that are scrolled away have no layout (content-visibility).
  return ((await answer.locator('.markdown').textContent()) ?? '').trim();
}
