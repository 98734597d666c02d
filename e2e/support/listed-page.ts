import type { BrowserContext, Page } from 'playwright-core';
import { acknowledge } from './chat-page.ts';
import { launchChromium } from './chromium.ts';
import { startSite } from './site.ts';

export interface ListedPage {
  page: Page;
  context: BrowserContext;
  /** Ends the browser and the site. */
  close(): Promise<void>;
}

/** The site without a model, with conversations that `store` writes into the profile, listed. */
export async function openListedPage(store: (page: Page) => Promise<void>): Promise<ListedPage> {
  const site = await startSite();
  const context = await launchChromium({ withoutGpu: true });
  const close = async () => {
    await context.close();
    await site.stop();
  };
  try {
    const page = await context.newPage();
    await page.goto(site.url);
    await acknowledge(page);
    await store(page);
    await page.reload();
    await page.locator('.history-open').first().waitFor();
    return { page, context, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}
