import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { processorKernels } from './scripts/build-processor.mjs';
import { serviceWorker } from './scripts/vite-service-worker.ts';
import { browserFloor } from './src/engine/browsers.ts';

// What is written newer than these, in JavaScript or CSS, is rewritten where that can be done.
const target = Object.entries(browserFloor).map(([browser, version]) => `${browser}${version}`);

// Relative base: the built site works from any sub-path of any static host.
export default defineConfig({
  base: './',
  plugins: [react(), processorKernels(), serviceWorker()],
  worker: { format: 'es' },
  build: {
    target,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
});
