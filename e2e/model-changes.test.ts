import type { BrowserContext, Page, Worker } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { modelReady, openChat } from './support/chat-page.ts';
import { chromium, launchChromium, whyNoChromium } from './support/chromium.ts';
import { prepareWorkers } from './support/prepared-workers.ts';
import { type Site, startSite } from './support/site.ts';

interface Watched {
  /** Every memory that was made, as long as anybody holds it. */
  memories: WeakRef<WebAssembly.Memory>[];
  gc(): void;
}

describe.skipIf(!chromium)(`ten changes of model on the processor${whyNoChromium}`, () => {
  let site: Site;
  let context: BrowserContext;
  let page: Page;
  let engine: Worker;

  beforeAll(async () => {
    site = await startSite();
    context = await launchChromium({ collectsGarbage: true });
    let prepared!: () => Worker[];
    ({ page } = await openChat(context, site.url, true, async opened => {
      prepared = await prepareWorkers(opened, worker => worker.evaluate(watchMemories));
    }));
    engine = prepared().find(worker => worker.url().includes('/engine.worker-'))!;
  });
  afterAll(async () => {
    await context?.close();
    await site?.stop();
  });

  const workers = () =>
    page
      .workers()
      .map(worker => worker.url().split('/').at(-1)!.split('-')[0]!)
      .sort();
  /** Sizes of the memories that are held, in bytes. */
  const memories = () =>
    engine.evaluate(() => {
      const { memories, gc } = globalThis as unknown as Watched;
      gc();
      return memories.flatMap(memory => memory.deref()?.buffer.byteLength ?? []);
    });

  async function use(model: 'nano-chat' | 'nano-vqa'): Promise<void> {
    await page.getByRole('button', { name: /^Model:/ }).click();
    const card = page.getByRole('article', { name: model, exact: true });
    await card.getByRole('button', { name: 'Use this model' }).click();
    await page.locator('.model-badge', { hasText: model }).waitFor();
    await modelReady(page);
  }

  test('leave no more threads and memories, and none larger, than there were after the first', async () => {
    await use('nano-vqa');
    await use('nano-chat');
    const threads = workers();
    const held = await memories();
    expect(held.length).toBeGreaterThan(0);
    for (let change = 0; change < 5; change++) {
      await use('nano-vqa');
      await use('nano-chat');
    }
    // Those of a model that was given up take a moment to end, after the first change as after the last.
    const tooMany = () => Math.max(0, workers().length - threads.length);
    await expect.poll(tooMany).toBe(0);
    const more = async () => {
      const now = await memories();
      return { count: Math.max(0, now.length - held.length), bytes: Math.max(0, sum(now) - sum(held)) };
    };
    await expect.poll(more).toEqual({ count: 0, bytes: 0 });
  });
});

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);

/** Runs in a worker before anything else does. */
function watchMemories(): void {
  const { Memory } = WebAssembly;
  const memories: WeakRef<WebAssembly.Memory>[] = [];
  Object.assign(globalThis, { memories });
  WebAssembly.Memory = new Proxy(Memory, {
    construct(_, [descriptor]: [WebAssembly.MemoryDescriptor]) {
      const memory = new Memory(descriptor);
      memories.push(new WeakRef(memory));
      return memory;
    },
  });
}
