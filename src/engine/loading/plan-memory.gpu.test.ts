import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { convertBoth, convertFolder } from '../../../test/support/convert-folder.ts';
import { bundledModel, dataFile } from '../../../test/support/data.ts';
import { computeAdapters, openDevice } from '../../../test/support/gpu.ts';
import { syntheticModel } from '../../cli/synthetic/synthetic-model.ts';
import { syntheticVision } from '../../cli/synthetic/synthetic-vision.ts';
import { ImagePipeline } from '../../imaging/image-pipeline.ts';
import { bytesSource } from '../formats/byte-source.ts';
import type { WebGpuDevice } from '../gpu/device.ts';
import { featureBytes } from '../models/vision/vision-encoder.ts';
import { precisions } from '../types/precision.ts';
import { imageKey } from '../types/presentation.ts';
import { defaultTiling } from '../types/tiling.ts';
import { type LoadOptions, loadModel, planLoading, planModel } from './load-model.ts';
import { readHeaders } from './read-headers.ts';

const folder = new URL('../../../public/models/nano-vqa/', import.meta.url);
const families = dataFile('testdata/families');
const nanoChat = () => bytesSource(readFileSync(bundledModel));
const nanoVqa = () => bytesSource(readFileSync(new URL('nano-vqa-q8_0.gguf', folder)));
const mmproj = () => bytesSource(readFileSync(new URL('nano-vqa-mmproj-f16.gguf', folder)));
const [adapter] = computeAdapters;
const caches = precisions;

describe.skipIf(!adapter)(`the memory plan on ${adapter ?? 'no adapter: install lavapipe'}`, () => {
  let device: WebGpuDevice;
  beforeEach(async () => {
    device = await openDevice(adapter!);
  });
  afterEach(() => device.destroy());

  async function check(source: ReturnType<typeof bytesSource>, options: LoadOptions) {
    const before = await planModel(device.report, source, options);
    const model = await loadModel(device, source, options);
    expect(model.info.plan).toEqual(before);
    expect(Math.abs(device.memory.bytes / model.memoryPlan.total - 1)).toBeLessThan(0.01);
    const { config, tensors, visionFile } = await readHeaders(source, options.vision);
    const limits = device.report;
    const { buffers } = planLoading(limits, config, [...tensors.values()], options, visionFile);
    const left = buffers.map(({ bytes }) => bytes);
    for (const { label, size, usage } of device.memory.snapshot() as ReadonlySet<GPUBuffer>) {
      if (usage & GPUBufferUsage.UNIFORM) continue;
      const at = left.indexOf(size);
      expect(at, `${label}, ${size} bytes, is not planned`).toBeGreaterThanOrEqual(0);
      left.splice(at, 1);
    }
    // Of the uniforms, the steps' states alone are planned, the others being parameters of kernels.
    expect(left).toEqual(left.map(() => 16));
    const ofEncoder = visionFile ? 2 : 0;
    const ofScorer = visionFile && !visionFile.config.showsWhole ? (config.layers > 1 ? 1 : 0) : 0;
    expect(left.length).toBe(2 + ofEncoder + ofScorer);
    // Beside the weights on their way, only the small problems of the self-test.
    expect(device.memory.peakBytes - device.memory.bytes).toBeLessThan(8 * 1024 * 1024);
    return model;
  }

  it.each(caches)('says what nano-chat holds, %s cache', async precision => {
    const { memoryPlan: plan } = await check(nanoChat(), { precision });
    expect([plan.visionWeights, plan.visionActivations]).toEqual([0, 0]);
  });

  it('counts every buffer of the readback rings', async () => {
    const sizes: number[] = [];
    const createBuffer = device.gpu.createBuffer.bind(device.gpu);
    device.gpu.createBuffer = descriptor => {
      if (/^readback \d/.test(descriptor.label ?? '')) sizes.push(descriptor.size);
      return createBuffer(descriptor);
    };
    const { memoryPlan: plan } = await check(nanoChat(), { precision: 'f32' });
    expect(sizes.reduce((sum, bytes) => sum + bytes, 0)).toBe(plan.readback);
  });

  it('says how much conversation a device with small bindings has room for, and its largest piece', async () => {
    const { maxBufferBytes } = device.report;
    const [small, large] = await Promise.all(
      [2 ** 20, 2 ** 27].map(maxBindingBytes =>
        planModel({ ...device.report, maxBufferBytes, maxBindingBytes }, nanoChat(), {
          precision: 'f32',
          contextTokens: 2048,
        }),
      ),
    );
    expect(large).toMatchObject({ contextTokens: 2048, wantedContextTokens: 2048 });
    expect(small!.contextTokens).toBeLessThan(2048);
    expect(small!.memory.cache / large!.memory.cache).toBe(small!.contextTokens / 2048);
    expect(small!.largest.bytes).toBeLessThanOrEqual(2 ** 20);
    expect(large!.largest.bytes).toBeLessThanOrEqual(2 ** 27);
    const tiny = { ...device.report, maxBindingBytes: 4096 };
    const { largest } = await planModel(tiny, nanoChat(), { precision: 'f32' });
    expect(largest.bytes).toBeGreaterThan(largest.limitBytes);
  });

  it.each(caches)('says what the two halves of nano-vqa hold, %s cache', async precision => {
    const model = await check(nanoVqa(), { precision, contextTokens: 512, vision: mmproj() });
    const { tileSize } = model.vision!.config;
    const before = device.memory.bytes;
    const tiles = new Array(5).fill(new Uint8Array(tileSize * tileSize * 3));
    const features = await model.vision!.encode(tiles);
    expect(device.memory.bytes - before).toBe(featureBytes(model.vision!.config, 5));
    model.vision!.release(features);
    expect(device.memory.bytes).toBe(before);
  });

  // Of true width, where padding and packed rows weigh otherwise; with the one layer that scoring needs, and without.
  it.each([1, 2])('says what Mini-Monkey holds, layers: %i', async layers => {
    const source = syntheticModel('mini-monkey-2b', { layers });
    await check(source, { precision: 'f32', contextTokens: 1024, vision: syntheticVision(1) });
  });

  it.skipIf(!families)('says what is held by layers that keep a ring (needs BEDSIDE_DATA)', async () => {
    const source = bytesSource(await convertFolder(join(families!, 'gemma3-nano'), 'keep'));
    const answers = { count: 2, tokens: 100 };
    const model = await check(source, { precision: 'f16', contextTokens: 1024, answers });
    expect(model.cache.ring).toBeDefined();
    const before = device.memory.bytes;
    const ids = Array.from({ length: 200 }, (_, i) => 300 + i);
    await model.readPrompt({ ids, keys: ids, runs: () => [] });
    const sequences = await model.openSequences(answers.count, answers.tokens - 1);
    const planned = model.memoryPlan.answers;
    expect(Math.abs((device.memory.bytes - before) / planned - 1)).toBeLessThan(0.01);
    sequences.close();
    expect(device.memory.bytes).toBe(before);
  });

  it.skipIf(!families)(
    'says what MedGemma holds, and what its images take (needs BEDSIDE_DATA)',
    async () => {
      const { text, vision } = await convertBoth(join(families!, 'medgemma-nano'), 'keep');
      const model = await check(bytesSource(text), {
        precision: 'f32',
        contextTokens: 1024,
        vision: bytesSource(vision),
      });
      const { config } = model.vision!;
      const most = Math.floor(1024 / config.tokensPerTile);
      expect(model.memoryPlan.features).toBe(featureBytes(config, most));
      // As many as a question has room for stay; of one more the oldest is given back.
      const source = new ImagePipeline(model.vision!, model.memoryPlan.features);
      const image = { width: 40, height: 30, data: new Uint8Array(40 * 30 * 3) };
      const before = device.memory.bytes;
      for (let id = 0; id < most + 2; id++) {
        const each = { id: `${id}`, width: 40, height: 30, decode: async () => image };
        await source.open([each], defaultTiling).encode([imageKey(each.id)]);
        expect(device.memory.bytes - before).toBe(featureBytes(config, Math.min(id + 1, most)));
      }
    },
  );

  it('holds nothing after a load that was stopped at the first weights', async () => {
    const stop = new AbortController();
    const loading = loadModel(device, nanoVqa(), {
      precision: 'f32',
      contextTokens: 512,
      vision: mmproj(),
      signal: stop.signal,
      onProgress: ({ phase }) => phase === 'upload' && stop.abort(),
    });
    await expect(loading).rejects.toMatchObject({ code: 'aborted' });
    expect(device.memory.bytes).toBe(0);
  });

  it('refuses a model for whose last buffer there is no room before it reads a matrix', async () => {
    const source = nanoVqa();
    let reads = 0;
    const watched = {
      ...source,
      read: (offset: number, length: number) => {
        reads++;
        return source.read(offset, length);
      },
    };
    const { memory } = device;
    const storage = memory.storage.bind(memory);
    memory.storage = (label, bytes) => storage(label, label === 'key score partials' ? 2 ** 50 : bytes);
    const loading = loadModel(device, watched, {
      precision: 'f32',
      contextTokens: 512,
      vision: mmproj(),
      onProgress: ({ phase }) => {
        if (phase === 'allocate') reads = 0;
      },
    });
    await expect(loading).rejects.toMatchObject({ code: 'out-of-memory' });
    expect(reads).toBe(0);
    expect(memory.bytes).toBe(0);
  });

  it('counts one bar of progress over both files', async () => {
    const done: number[] = [];
    let total = 0;
    await loadModel(device, nanoVqa(), {
      precision: 'f32',
      contextTokens: 512,
      vision: mmproj(),
      onProgress: progress => {
        if (progress.phase !== 'upload') return;
        done.push(progress.done);
        total = progress.total;
      },
    });
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(done.at(-1)).toBe(total);
  });

  it('says of an image that it does not fit, not of the model', async () => {
    const model = await loadModel(device, nanoVqa(), {
      precision: 'f32',
      contextTokens: 512,
      vision: mmproj(),
    });
    const before = device.memory.bytes;
    await expect(model.vision!.encode(new Array(2 ** 22))).rejects.toMatchObject({
      code: 'out-of-memory',
      message: expect.stringContaining('for this image'),
    });
    expect(device.memory.bytes).toBe(before);
  });
});
