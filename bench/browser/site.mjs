// The benchmark's page, built and served beside the models and engines that it measures.
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { processorKernels } from '../../scripts/build-processor.mjs';
import { serveStatic } from '../../scripts/serve.mjs';

/** With these a page may share memory between threads. */
const isolating = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/**
 * @param {Record<string, string>} files where a file or folder shall be below the site: where it is now
 * @param {{isolated?: boolean}} [options] whether engines may use more than one thread
 * @returns {Promise<{url: string, close: () => Promise<void>}>}
 */
export async function startBenchSite(files, { isolated = false } = {}) {
  const outDir = mkdtempSync(join(tmpdir(), 'bedside-bench-site-'));
  await build({
    root: dirname(fileURLToPath(import.meta.url)),
    configFile: false,
    base: './',
    logLevel: 'error',
    plugins: [processorKernels()],
    worker: { format: 'es' },
    build: { outDir, emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0 },
  });
  for (const [name, path] of Object.entries(files)) {
    mkdirSync(dirname(join(outDir, name)), { recursive: true });
    cpSync(path, join(outDir, name), { recursive: true, dereference: true });
  }
  // Without the product's headers, which would forbid the other engines their own scripts.
  const server = await serveStatic({ root: outDir, port: 0, headers: isolated && isolating });
  return {
    url: server.url,
    async close() {
      await server.close();
      rmSync(outDir, { recursive: true, force: true });
    },
  };
}
