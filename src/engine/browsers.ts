/**
 * The oldest browsers in which the page works (docs/decisions/018-browser-floor.md). What is newer than any of them is
 * not used without asking for it first: scripts/check-browsers.mjs holds the sources to that, and vite.config.ts the build.
 */
export const browserFloor = { chrome: 123, firefox: 124, safari: '17.5' } as const;

/**
 * The versions from which browsers offer WebGPU unasked (docs/hardware.md says which were run and which are known from their
 * makers): Firefox neither on Linux nor on Intel Macs. Where there is none the processor answers, in every browser of the floor:
 * WebAssembly with SIMD and the word of a policy that lets it compile are older (docs/decisions/018-browser-floor.md).
 */
export const webgpuFrom = {
  chromeOnLinux: 144,
  firefoxOnWindows: 141,
  firefoxOnAppleSilicon: 147,
  safari: 26,
} as const;

export const webgpuBrowsers =
  `Chrome or Edge ${browserFloor.chrome} or newer (on Linux ${webgpuFrom.chromeOnLinux}), ` +
  `Firefox ${webgpuFrom.firefoxOnWindows} or newer on Windows and ${webgpuFrom.firefoxOnAppleSilicon} on Macs with Apple silicon, ` +
  `or Safari ${webgpuFrom.safari} (not tried by us)`;
