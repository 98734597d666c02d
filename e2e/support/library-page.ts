import type { Locator, Page } from 'playwright-core';

/** The row of a model in the list of what is kept on this device. */
export const libraryRow = (page: Page, name: string): Locator =>
  page.locator('.library-model').filter({ hasText: name });

export const libraryButton = (page: Page, name: string, label: string | RegExp): Locator =>
  libraryRow(page, name).getByRole('button', { name: label });

/** Opens the dialog with the library, and in it what models are added by. */
export async function openLibrary(page: Page): Promise<void> {
  if (!(await page.getByRole('dialog', { name: 'Models' }).isVisible())) {
    await page.getByRole('button', { name: /^Model:/ }).click();
  }
  const add = page.locator('.add-model');
  await add.waitFor();
  if (!(await add.evaluate(details => (details as HTMLDetailsElement).open))) {
    await add.locator('summary').click();
  }
}

export async function addByAddress(page: Page, url: string, sha256 = ''): Promise<void> {
  await openLibrary(page);
  await page.getByLabel('Kind of model').selectOption('pmc-llama-13b');
  await page.getByLabel('Address of the GGUF file').fill(url);
  await page.getByLabel('SHA-256, where the publisher names it').fill(sha256);
  await page.locator('.add-model').getByRole('button', { name: 'Fetch', exact: true }).click();
}

/** Until every byte of it is here and was checked. */
export const isComplete = (page: Page, name: string, timeout = 60_000): Promise<void> =>
  libraryButton(page, name, /^Use: /).waitFor({ timeout });

/** Loads it, however long that takes. */
export async function useModel(page: Page, name: string): Promise<void> {
  await libraryButton(page, name, /^Use: /).click();
  const badge = page.locator('.model-badge[data-phase="ready"]').filter({ hasText: name });
  await badge.waitFor({ timeout: 120_000 });
}

export async function deleteForGood(page: Page, name: string): Promise<void> {
  await libraryButton(page, name, /^Delete the stored copy/).click();
  await libraryButton(page, name, 'Delete for good').click();
  await libraryRow(page, name).waitFor({ state: 'detached' });
}
