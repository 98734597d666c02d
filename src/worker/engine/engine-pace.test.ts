import 'fake-indexeddb/auto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { callers, decodeImage, failure } from '../../../test/support/fake-worker.ts';
import type { EngineDevice } from '../../engine/device/device.ts';
import { acquireProcessor } from '../../engine/processor/acquire-processor.ts';
import type { ProcessorRates } from '../../engine/types/device.ts';
import { createWeightStore } from '../../storage/create-weight-store.ts';
import { BrowserDevices } from './browser-devices.ts';
import { BrowserEngine } from './browser-engine.ts';
import { createEngineApi } from './engine-api.ts';
import { OpenImages } from './open-images.ts';

const modelFile = (path: string) => ({
  kind: 'file' as const,
  file: new File([readFileSync(new URL(`../../../public/models/${path}`, import.meta.url))], path),
});
/** A token of it takes as long as 11.2 million weights of four bits: 6.2 million of eight, and what it looks back on. */
const nanoChat = modelFile('nano-chat/nano-chat-q8_0.gguf');

/** The engine of the page on the real processor, which claims to be as fast as `rates` says at the time. */
function setUp(rates: ProcessorRates) {
  const devices: EngineDevice[] = [];
  class SlowEngine extends BrowserEngine {
    override async acquireDevice(): Promise<EngineDevice> {
      const device = await acquireProcessor();
      device.report.processor = { threads: 1, hasRelaxedSimd: false, activationBits: 32, rates };
      devices.push(device);
      return device;
    }
  }
  const weights = createWeightStore();
  const images = new OpenImages(decodeImage);
  const api = createEngineApi({
    engine: new SlowEngine(new BrowserDevices(undefined), image => images.pictureOf(image)),
    weights,
    images,
  });
  return { api, devices, ...callers(api, weights) };
}

test('a model that is too slow, or slow and not accepted, costs nothing of the one before it', async () => {
  const rates = { weightsPerSecond: 1e9, multiplyAddsPerSecond: 4e9 };
  const { api, devices, load, generate } = setUp(rates);
  const precision = 'f32';
  expect((await load({ source: nanoChat, precision, contextTokens: 256 })).result.ok).toBe(true);
  const held = devices[0]!.memory.bytes;
  const before = await generate({ maxTokens: 4 });

  rates.weightsPerSecond = 11.2e6 / 2;
  expect((await load({ source: nanoChat })).result).toEqual(failure('slow-model'));
  rates.weightsPerSecond = 11.2e6 / 4;
  for (const accepts of ['comfortable', 'slow'] as const) {
    expect((await load({ source: nanoChat, accepts })).result).toEqual(failure('too-slow'));
  }
  expect(devices.map(device => device.memory.bytes)).toEqual([held]);
  expect(devices[0]!.memory.peakBytes).toBeLessThan(2 * held);
  const after = await generate({ maxTokens: 4 });
  expect(after.result).toMatchObject({ ok: true, value: { text: textOf(before) } });

  rates.weightsPerSecond = 11.2e6 / 2;
  expect((await load({ source: nanoChat, accepts: 'slow' })).result.ok).toBe(true);
  rates.weightsPerSecond = 1;
  expect((await load({ source: nanoChat, accepts: 'too-slow' })).result.ok).toBe(true);
  expect(await api.loadedModel()).toMatchObject({ ok: true });
});

const textOf = ({ result }: Awaited<ReturnType<ReturnType<typeof setUp>['generate']>>): string =>
  result.ok ? result.value.text : 'no answer';
