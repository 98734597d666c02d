/**
 * The oldest browsers in which the page works (docs/decisions/018-browser-floor.md). What is newer than any of them is
 * not used without asking for it first: scripts/check-browsers.mjs holds the sources to that, and vite.config.ts the build.
 */
export const browserFloor = { chrome: 123, firefox: 124, safari: '17.5' } as const;

/** Where browsers offer WebGPU unasked, without which nothing is answered. Known from running it, but for Safari. */
export const webgpuBrowsers =
  'Chrome or Edge 123 or newer (on Linux 144), Firefox 141 or newer on Windows and 147 on Macs with Apple silicon, ' +
  'or Safari 26 (not tried by us)';
