import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { processorKernels } from './scripts/build-processor.mjs';
import { securityHeaders } from './scripts/vite-security-headers.ts';
import { serviceWorker } from './scripts/vite-service-worker.ts';
import { browserFloor } from './src/engine/browsers.ts';
import compute from './src/sw/compute-policy.json' with { type: 'json' };

// What is written newer than these, in JavaScript or CSS, is rewritten where that can be done.
const target = Object.entries(browserFloor).map(([browser, version]) => `${browser}${version}`);

/** Scripts that have a policy of their own lie in a folder of their own, for hosts that set headers by folder alone. */
function workerFile({ name }: { name: string }): string {
  const hasOwnPolicy = new RegExp(compute.file).test(`/${name}-0.js`);
  return `${hasOwnPolicy ? compute.folder : 'assets'}/[name]-[hash].js`;
}

// Relative base: the built site works from any sub-path of any static host.
export default defineConfig({
  base: './',
  plugins: [react(), processorKernels(), serviceWorker(), securityHeaders()],
  worker: { format: 'es', rolldownOptions: { output: { entryFileNames: workerFile } } },
  build: {
    target,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
});
