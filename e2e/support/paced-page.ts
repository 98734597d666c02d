import { rm } from 'node:fs/promises';
import type { BrowserContext, Page } from 'playwright-core';
import { type ChatPage, modelReady, openChat } from './chat-page.ts';
import { launchChromium } from './chromium.ts';
import { copyPacedSite, PacedHelpers } from './paced-helpers.ts';
import { waitUntilControlled } from './shell.ts';
import { type Site, startSite } from './site.ts';

export interface PacedPage extends ChatPage {
  context: BrowserContext;
  site: Site;
  helpers: PacedHelpers;
  /** Ends the browser and the site, and removes its copy. */
  close(): Promise<void>;
}

/**
 * The demonstration model loaded in a browser of its own, whose threads stop where `helpers` say. `isBare`: from a host under a path
 * that sends no headers.
 */
export async function openPacedPage({ isBare = false } = {}): Promise<PacedPage> {
  const root = await copyPacedSite();
  const site = await startSite({ root, ...(isBare ? { basePath: '/tools/bedside/', headers: false } : {}) });
  const context = await launchChromium();
  const close = async () => {
    await context.close();
    await site.stop();
    await rm(root, { recursive: true, force: true });
  };
  try {
    let helpers: PacedHelpers | undefined;
    const { page, problems } = await openChat(context, site.url, true, async (opened: Page) => {
      helpers = await PacedHelpers.of(opened);
    });
    if (isBare) {
      // From its second opening on such a page is isolated, and has threads.
      await waitUntilControlled(page);
      await page.reload();
      await modelReady(page);
    }
    return { page, problems, context, site, helpers: helpers!, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}
