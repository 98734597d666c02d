import { afterEach, describe, expect, test, vi } from 'vitest';
import { LendingPage } from '../../../test/support/lending-page.ts';
import { ProcessorDevice } from '../../engine/processor/device.ts';
import type { DeviceReport } from '../../engine/types/device.ts';
import type { DeviceWish } from '../../engine/types/device-choice.ts';
import { BrowserDevices } from './browser-devices.ts';

const limits = { maxStorageBufferBindingSize: 2 ** 30, maxBufferSize: 2 ** 30 };

/** A browser's WebGPU that gives this adapter. */
function gpuOf(info: object): GPU {
  return { requestAdapter: async () => ({ features: new Set(), limits, info }) } as unknown as GPU;
}

const none = undefined;
const real = gpuOf({ vendor: 'nvidia', architecture: 'ada-lovelace' });
const software = gpuOf({ vendor: 'google', architecture: 'swiftshader' });
const wish = (device: DeviceWish['device']): DeviceWish => ({ device, activationBits: 32 });

let page: LendingPage | undefined;

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  await page?.close();
  page = undefined;
});

/** As a browser does whose script came with a policy without 'wasm-unsafe-eval'. */
function forbidCompiling(): void {
  vi.spyOn(WebAssembly, 'compile').mockRejectedValue(new WebAssembly.CompileError('blocked by CSP'));
}

/** A page on a machine with so many cores. */
function openPage(cores: number): LendingPage {
  vi.stubGlobal('navigator', { hardwareConcurrency: cores });
  page = new LendingPage();
  return page;
}

/** With a clock that goes ever slower, whatever is timed later seems faster: to the probe more threads are. */
function preferMoreThreads(): void {
  let ms = 0;
  let step = 1e6;
  vi.spyOn(performance, 'now').mockImplementation(() => {
    step *= 0.95;
    ms += step;
    return ms;
  });
}

test.each<[string, DeviceWish['device'], GPU | undefined, string]>([
  ['a GPU', 'auto', real, 'nvidia ada-lovelace'],
  ['no GPU', 'auto', none, 'processor'],
  ['what passes for a GPU', 'auto', software, 'processor'],
  ['a GPU', 'processor', real, 'processor'],
  ['a GPU', 'gpu', real, 'nvidia ada-lovelace'],
  ['what passes for a GPU', 'gpu', software, 'google swiftshader'],
])('with %s, a wish of %s', async (_, device, gpu, expected) => {
  expect((await new BrowserDevices(gpu).describe(wish(device))).adapter).toBe(expected);
});

test('the processor that is described is the one that is opened', async () => {
  const devices = new BrowserDevices(none);
  const report = await devices.describe(wish('auto'));
  const device = await devices.acquire(wish('auto'));
  expect(device.report).toEqual(report);
  device.destroy();
});

test('a GPU that is wished for and is not there is said to be missing, although there is a processor', async () => {
  const devices = new BrowserDevices(none);
  await expect(devices.describe(wish('gpu'))).rejects.toMatchObject({ code: 'no-webgpu' });
  await expect(devices.acquire(wish('gpu'))).rejects.toMatchObject({ code: 'no-webgpu' });
});

test('a GPU that was there is waited for: no processor takes its place unasked', async () => {
  let isGone = false;
  const gpu = { requestAdapter: () => (isGone ? null : real.requestAdapter()) } as unknown as GPU;
  const devices = new BrowserDevices(gpu);
  expect((await devices.describe(wish('auto'))).kind).toBe('gpu');
  isGone = true;
  await expect(devices.describe(wish('auto'))).rejects.toMatchObject({ code: 'no-webgpu' });
  expect((await devices.describe(wish('processor'))).kind).toBe('processor');
  isGone = false;
  expect((await devices.describe(wish('auto'))).kind).toBe('gpu');
});

test('where nothing may be compiled, what passes for a GPU is better than nothing', async () => {
  forbidCompiling();
  expect((await new BrowserDevices(software).describe(wish('auto'))).adapter).toBe('google swiftshader');
  for (const device of ['auto', 'processor'] as const) {
    await expect(new BrowserDevices(none).describe(wish(device))).rejects.toMatchObject({
      code: 'no-processor',
      reason: 'host-forbids-webassembly',
      advice: expect.stringContaining('Reload this page once'),
    });
  }
});

test('a browser without SIMD has no processor, and says of itself that it has no WebGPU', async () => {
  vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
  const devices = new BrowserDevices(none);
  await expect(devices.describe(wish('auto'))).rejects.toMatchObject({ code: 'no-webgpu' });
  await expect(devices.describe(wish('processor'))).rejects.toMatchObject({
    code: 'no-processor',
    reason: 'browser-without-webassembly',
  });
});

test('the processor is looked at once, and again where that failed', async () => {
  const compile = vi.spyOn(WebAssembly, 'compile');
  const devices = new BrowserDevices(none);
  compile.mockRejectedValueOnce(new WebAssembly.CompileError('blocked by CSP'));
  await expect(devices.describe(wish('auto'))).rejects.toMatchObject({ code: 'no-processor' });
  await Promise.all([devices.describe(wish('auto')), devices.describe(wish('processor'))]);
  await devices.describe(wish('auto'));
  expect(compile).toHaveBeenCalledTimes(2);
});

describe('on a page that lends helpers', () => {
  test('threads compute, and end with the device', async () => {
    preferMoreThreads();
    const page = openPage(2);
    const devices = page.lendTo(new BrowserDevices(none));
    const device = await devices.acquire(wish('auto'));
    expect(device.report.processor).toMatchObject({ threads: 2 });
    expect(device.report.processor).not.toHaveProperty('oneThreadBecause');
    await vi.waitFor(() => expect(page.running).toBe(2));
    device.destroy();
    await vi.waitFor(() => expect(page.running).toBe(0));
  });

  test('half of them compute while nobody looks at it, also those of a device that is opened then', async () => {
    preferMoreThreads();
    const setThreads = vi.spyOn(ProcessorDevice.prototype, 'setThreads');
    const page = openPage(3);
    const devices = page.lendTo(new BrowserDevices(none));
    const hide = (isHidden: boolean) => page.tell({ kind: 'visibility', isHidden });
    const first = await devices.acquire(wish('auto'));
    expect(setThreads).toHaveBeenLastCalledWith(3);
    hide(true);
    await vi.waitFor(() => expect(setThreads).toHaveBeenLastCalledWith(2));
    first.destroy();
    const second = await devices.acquire(wish('auto'));
    expect(setThreads).toHaveBeenLastCalledWith(2);
    hide(false);
    await vi.waitFor(() => expect(setThreads).toHaveBeenLastCalledWith(3));
    second.destroy();
  });

  test('a helper that ends is a lost device, and the next one is as the first', async () => {
    preferMoreThreads();
    const page = openPage(2);
    const devices = page.lendTo(new BrowserDevices(none));
    const lost = await devices.acquire(wish('auto'));
    page.tell({ kind: 'ended', id: page.latest, cause: 'out of memory' });
    await expect(lost.lost).resolves.toMatchObject({
      code: 'device-lost',
      cause: 'a helper ended: out of memory',
    });
    await vi.waitFor(() => expect(page.running).toBe(0));
    const device = await devices.acquire(wish('auto'));
    expect(device.report).toEqual(lost.report);
    device.destroy();
  });

  test('that starts none is said to be the reason for one thread, whenever the device is opened', async () => {
    const page = openPage(2);
    page.isRefusing = true;
    const devices = page.lendTo(new BrowserDevices(none));
    const facts = { threads: 1, oneThreadBecause: 'helpers-not-started' };
    expect((await devices.describe(wish('auto'))).processor).toMatchObject(facts);
    const device = await devices.acquire(wish('auto'));
    expect(device.report.processor).toMatchObject(facts);
    device.destroy();
  });
});

test('on a page that lends none, one thread computes, because of the page', async () => {
  const { processor } = await new BrowserDevices(none).describe(wish('auto'));
  expect(processor).toMatchObject({ threads: 1, oneThreadBecause: 'page-not-isolated' });
});

/** A clock by which the processor is a thousand times as slow as it is. */
function slowDown(): void {
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => 1000 * now());
}

const rateOf = ({ processor }: DeviceReport) => processor!.rates.weightsPerSecond;

test('a processor that was busy when it was timed is timed again, whether it is in use or not', async () => {
  for (const isInUse of [false, true]) {
    const devices = new BrowserDevices(none);
    slowDown();
    const before = rateOf(await devices.describe(wish('auto')));
    const device = isInUse ? await devices.acquire(wish('auto')) : undefined;
    vi.restoreAllMocks();
    expect(await devices.measureAgain(wish('auto'))).toBe(true);
    expect(rateOf(device?.report ?? (await devices.describe(wish('auto'))))).toBeGreaterThan(10 * before);
    slowDown();
    expect(await devices.measureAgain(wish('auto'))).toBe(false);
    vi.restoreAllMocks();
    expect(device?.failed ?? false).toBe(false);
    device?.destroy();
  }
});

test('a GPU is not timed', async () => {
  expect(await new BrowserDevices(real).measureAgain(wish('auto'))).toBe(false);
});
