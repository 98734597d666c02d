import type { Page } from 'playwright-core';

/** Waits until no colour fades and nothing slides any more. What turns for ever, as a spinner does, is left turning. */
export function settled(page: Page): Promise<void> {
  return page.evaluate(async () => {
    // A transition begins with the frame after the change.
    for (let frame = 0; frame < 2; frame++) await new Promise(drawn => requestAnimationFrame(drawn));
    const ending = document
      .getAnimations()
      .filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime as number));
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });
}
