import type { BrowserContext } from 'playwright-core';
import { type ChatPage, openChat } from './chat-page.ts';
import { type LaunchOptions, launchChromium } from './chromium.ts';
import { startSite } from './site.ts';

export interface LoadedPage extends ChatPage {
  context: BrowserContext;
  /** Ends the browser and the site. */
  close(): Promise<void>;
}

/** The site in a browser of its own with the demonstration model loaded. */
export async function openLoadedPage(options: LaunchOptions = {}): Promise<LoadedPage> {
  const site = await startSite();
  const context = await launchChromium(options);
  const close = async () => {
    await context.close();
    await site.stop();
  };
  try {
    return { ...(await openChat(context, site.url)), context, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}
