import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { fixture } from '../../test/support/data.ts';

export interface DroppedFile {
  name: string;
  type: string;
  bytes: Uint8Array;
}

export function phantom(name: string): DroppedFile {
  return { name, type: 'image/png', bytes: readFileSync(fixture(`images/${name}`)) };
}

/** Drags files from the desktop onto the page. */
export async function dropFiles(page: Page, ...files: DroppedFile[]): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    list => {
      const transfer = new DataTransfer();
      for (const { name, type, base64 } of list) {
        const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
        transfer.items.add(new File([bytes], name, { type }));
      }
      return transfer;
    },
    files.map(({ name, type, bytes }) => ({ name, type, base64: Buffer.from(bytes).toString('base64') })),
  );
  await page.dispatchEvent('body', 'dragover', { dataTransfer });
  await page.dispatchEvent('body', 'drop', { dataTransfer });
}

/** Puts a PNG on the clipboard and pastes it into the question. */
export async function pasteImage(page: Page, { bytes }: DroppedFile): Promise<void> {
  await page.evaluate(async base64 => {
    const data = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
    await navigator.clipboard.write([
      new ClipboardItem({ 'image/png': new Blob([data], { type: 'image/png' }) }),
    ]);
  }, Buffer.from(bytes).toString('base64'));
  await page.getByRole('textbox', { name: 'Your question' }).focus();
  await page.keyboard.press('Control+V');
}

/** Every attached image has been looked at, and a model that sees it is ready. */
export async function imagesReady(page: Page, count = 1): Promise<void> {
  await page
    .locator('.attachment[data-status="ready"]')
    .nth(count - 1)
    .waitFor();
  await page.locator('.model-badge[data-phase="ready"]').waitFor();
  // Cut for the model on duty.
  await page
    .locator('.attachment', { hasText: 'tokens' })
    .nth(count - 1)
    .waitFor();
}

/** Drags files and folders of this machine's disk onto the page, as they lie there. */
export async function dropPaths(page: Page, ...paths: string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data });
  await session.detach();
}
