import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page, Worker } from 'playwright-core';
import compute from '../../src/sw/compute-policy.json' with { type: 'json' };
import { dist } from './site.ts';

/** A script of those that compute, from the site's root. */
export async function computeFile(worker: 'processor-helper' | 'quantiser'): Promise<string> {
  const files = await readdir(join(dist, compute.folder));
  return `${compute.folder}/${files.find(name => name.startsWith(`${worker}.worker-`))}`;
}

/**
 * Starts a script of the site as a worker that nobody talks to, so that it does nothing. From a file of the site that is no page:
 * the application has made the one policy for scripts that a page may make.
 */
export async function startScript(tab: Page, siteUrl: string, file: string): Promise<Worker> {
  await tab.goto(`${siteUrl}theme.js`);
  const started = tab.waitForEvent('worker');
  await tab.evaluate(url => {
    const { trustedTypes } = globalThis as unknown as {
      trustedTypes: { createPolicy(name: string, rules: object): { createScriptURL(url: string): string } };
    };
    const policy = trustedTypes.createPolicy('bedside', { createScriptURL: (name: string) => name });
    const kept = new Worker(policy.createScriptURL(url), { type: 'module' });
    Object.assign(window, { kept });
  }, siteUrl + file);
  return started;
}
