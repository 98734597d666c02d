import type { BrowserContext, Page } from 'playwright-core';
import { acknowledge } from './chat-page.ts';
import { chromium, launchChromium, whyNoChromium } from './chromium.ts';
import { firefox, launchFirefox, whyNoFirefox } from './firefox.ts';

/** A browser as somebody has installed it: nothing is switched on for it. */
export interface Visitor {
  name: string;
  isInstalled: boolean;
  launch(): Promise<{ context: BrowserContext; close(): Promise<void> }>;
}

const chromiumAsInstalled: Visitor = {
  name: `Chromium as it is installed${whyNoChromium}`,
  isInstalled: chromium !== undefined,
  async launch() {
    const context = await launchChromium();
    return { context, close: () => context.close() };
  },
};

const firefoxAsInstalled: Visitor = {
  name: `Firefox as it is installed${whyNoFirefox}`,
  isInstalled: firefox !== undefined,
  launch: () => launchFirefox(),
};

export const visitors: readonly Visitor[] = [chromiumAsInstalled, firefoxAsInstalled];

/** The page with what goes wrong in it; `prepare` has it before it goes anywhere. */
export async function visit(context: BrowserContext, url: string, prepare?: (page: Page) => Promise<void>) {
  const page = await context.newPage();
  await prepare?.(page);
  const problems: string[] = [];
  page.on('pageerror', error => problems.push(String(error)));
  await page.goto(url);
  await acknowledge(page);
  return { page, problems };
}

/** Typed: what `fill` does reaches no React in a Firefox that is driven over BiDi. */
export async function typeQuestion(page: Page, question: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Your question' }).focus();
  await page.keyboard.type(question);
  await page.keyboard.press('Enter');
}
