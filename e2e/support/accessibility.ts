import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** What axe finds wrong with the page as it is, a line a rule. */
export async function violations(page: Page): Promise<string[]> {
  // Forced colours are the system's, and axe reads those that they replace: Chromium's computed text fill is still the page's own.
  const isForced = await page.evaluate(() => matchMedia('(forced-colors: active)').matches);
  const { violations } = await new AxeBuilder({ page })
    .disableRules(isForced ? ['color-contrast'] : [])
    .analyze();
  return violations.map(each => `${each.id}: ${each.nodes.map(node => node.target.join(' ')).join(', ')}`);
}
