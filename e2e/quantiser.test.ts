import type { BrowserContext } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { encodeWeights } from '../src/engine/convert/encode-weights.ts';
import oneForAll from '../src/sw/security-headers.json' with { type: 'json' };
import type { QuantiserWord } from '../src/worker/library/quantiser-messages.ts';
import { randomNormal } from '../test/support/random.ts';
import { chromium, launchChromium, whyNoChromium } from './support/chromium.ts';
import { type Site, startSite } from './support/site.ts';
import { computeFile } from './support/start-script.ts';

const types = ['Q6_K', 'Q5_K', 'Q4_K', 'Q3_K', 'Q2_K'] as const;
const weights = randomNormal(4096, 1, 0.02);

const hosts = [
  ['where it may compile WebAssembly', true],
  ['where the host forbids that', oneForAll],
] as const;

describe.skipIf(!chromium)(`the quantiser of the built site${whyNoChromium}`, () => {
  let site: Site;
  let context: BrowserContext;
  let file: string;

  beforeAll(async () => {
    file = await computeFile('quantiser');
  });
  afterEach(async () => {
    await context?.close();
    await site?.stop();
  });

  test.each(hosts)('%s, makes the bytes that are made everywhere', async (_, headers) => {
    site = await startSite({ headers });
    context = await launchChromium({ serviceWorkers: 'block' });
    const tab = await context.newPage();
    // A file of the site that is no page: the application has made the one policy for scripts that a page may make.
    await tab.goto(`${site.url}theme.js`);
    const made = await tab.evaluate(
      async ({ url, weights, types }) => {
        const { trustedTypes } = globalThis as unknown as {
          trustedTypes: {
            createPolicy(name: string, rules: object): { createScriptURL(url: string): string };
          };
        };
        const policy = trustedTypes.createPolicy('bedside', { createScriptURL: (name: string) => name });
        const worker = new Worker(policy.createScriptURL(url), { type: 'module' });
        const { port1, port2 } = new MessageChannel();
        const hear = () =>
          new Promise<QuantiserWord>(resolve => {
            port1.onmessage = ({ data }) => resolve(data as QuantiserWord);
          });
        const ready = hear();
        worker.postMessage(null, [port2]);
        await ready;
        const bytes: number[][] = [];
        for (const [id, type] of types.entries()) {
          const heard = hear();
          port1.postMessage({ id, type, weights: Float32Array.from(weights) });
          const word = await heard;
          bytes.push(word !== 'ready' && word.result.ok ? [...word.result.value] : []);
        }
        return bytes;
      },
      { url: site.url + file, weights: [...weights], types },
    );
    for (const [i, type] of types.entries()) {
      expect(made[i], type).toEqual([...encodeWeights(type, weights)]);
    }
  });
});
