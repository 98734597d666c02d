// The product's page itself: a question about the bundled model, and what the page's own thread did meanwhile.
import { startProductSite } from './product-site.mjs';

/** @returns {Promise<{longTasksMs: number[], watchedMs: number}>} tasks of 50 ms or more */
export async function measurePage(context, question) {
  const site = await startProductSite();
  const page = await context.newPage();
  try {
    await page.goto(site.url);
    await page.getByRole('button', { name: 'I understand' }).click();
    await page.locator('.model-badge[data-phase="ready"]').waitFor({ timeout: 240_000 });
    await page.evaluate(watchThread);
    await page.getByRole('textbox', { name: 'Your question' }).fill(question);
    await page.getByRole('button', { name: 'Send' }).click();
    const answer = page.getByRole('article', { name: 'Answer' }).last();
    await answer.and(page.locator('[aria-busy="false"]')).waitFor({ timeout: 240_000 });
    return await page.evaluate(() => window.threadReport());
  } finally {
    await page.close();
    await site.close();
  }
}

/** Runs in the page. */
function watchThread() {
  const longTasksMs = [];
  const started = performance.now();
  new PerformanceObserver(list => {
    for (const { duration } of list.getEntries()) longTasksMs.push(duration);
  }).observe({ entryTypes: ['longtask'] });
  window.threadReport = () => ({ longTasksMs, watchedMs: performance.now() - started });
}
