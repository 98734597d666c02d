import { vi } from 'vitest';

/**
 * How long a test waits for what must come, in milliseconds. A ceiling, not a measure: the libraries' own second is
 * over on a busy machine before the event loop has turned.
 */
const patienceMs = 30_000;

const { waitFor, waitUntil } = vi;
vi.waitFor = (look, options) => waitFor(look, patient(options));
vi.waitUntil = (look, options) => waitUntil(look, patient(options));

function patient<Options extends { timeout?: number }>(options: number | Options | undefined) {
  return typeof options === 'number' ? options : { timeout: patienceMs, ...options };
}

if ('document' in globalThis) {
  const { configure } = await import('@testing-library/react');
  configure({ asyncUtilTimeout: patienceMs });
}
