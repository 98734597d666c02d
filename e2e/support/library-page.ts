import type { Locator, Page } from 'playwright-core';

/** The row of a model in the list of what is kept on this device. */
export const libraryRow = (page: Page, name: string): Locator =>
  page.locator('.library-model').filter({ hasText: name });

export const libraryButton = (page: Page, name: string, label: string | RegExp): Locator =>
  libraryRow(page, name).getByRole('button', { name: label });

/** Opens the dialog with the library. */
export async function openLibrary(page: Page): Promise<void> {
  if (await page.getByRole('dialog', { name: 'Models' }).isVisible()) return;
  await page.getByRole('button', { name: /^Model:/ }).click();
  await page.getByRole('dialog', { name: 'Models' }).waitFor();
}

/** Opens one of the ways for a model to come here. */
export async function openWay(page: Page, way: string): Promise<Locator> {
  await openLibrary(page);
  const details = page.locator('.own-file details').filter({ hasText: way });
  if (!(await details.evaluate(element => (element as HTMLDetailsElement).open))) {
    await details.locator('summary').click();
  }
  return details;
}

/** What was dropped, picked or named last, as it is shown. */
export const offered = (page: Page): Locator => page.locator('.offered');

/** Names a file on a server, and waits until its beginning was read, or could not be. */
export async function lookAtAddress(page: Page, url: string, sha256 = ''): Promise<void> {
  const form = await openWay(page, 'From an address');
  await form.getByLabel('Address of the GGUF file').fill(url);
  await form.getByLabel('SHA-256, where the publisher names it').fill(sha256);
  await form.getByRole('button', { name: 'Look what it is' }).click();
  await offered(page).locator('dl, [role=alert]').first().waitFor();
}

export async function addByAddress(page: Page, url: string, sha256 = ''): Promise<void> {
  await lookAtAddress(page, url, sha256);
  await offered(page)
    .getByRole('button', { name: /^Fetch it/ })
    .click();
}

/** Until every byte of it is here and was checked. */
export const isComplete = (page: Page, name: string): Promise<void> =>
  libraryButton(page, name, /^Use: /).waitFor();

/** Loads it, however long that takes. */
export async function useModel(page: Page, name: string): Promise<void> {
  await libraryButton(page, name, /^Use: /).click();
  await page.getByRole('dialog', { name: 'Models' }).waitFor({ state: 'detached' });
  await page.locator('.model-badge[data-phase="ready"]').waitFor();
}

export async function deleteForGood(page: Page, name: string): Promise<void> {
  await libraryButton(page, name, /^Delete the stored copy/).click();
  await libraryButton(page, name, 'Delete for good').click();
  await libraryRow(page, name).waitFor({ state: 'detached' });
}
