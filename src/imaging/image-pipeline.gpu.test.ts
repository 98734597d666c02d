import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAnyDevice } from '../../test/support/gpu.ts';
import { randomBytes } from '../../test/support/random.ts';
import type { EngineDevice } from '../engine/device/device.ts';
import { bytesSource } from '../engine/formats/byte-source.ts';
import { answer } from '../engine/generation/answer.ts';
import type { AnswerRequest } from '../engine/generation/answer-request.ts';
import { type LanguageModel, loadModel } from '../engine/loading/load-model.ts';
import { formatCount } from '../engine/quantities.ts';
import { askedRegions } from '../engine/regions/asked-regions.ts';
import type { ChatMessage } from '../engine/types/chat-message.ts';
import { countTiles, countTokens } from '../engine/types/image-views.ts';
import { type ImagePresentation, imageKey, plainPresentation } from '../engine/types/presentation.ts';
import { greedySampling } from '../engine/types/sampling.ts';
import { defaultTiling } from '../engine/types/tiling.ts';
import { ImagePipeline, type PipelineImage } from './image-pipeline.ts';
import type { KeptFeatures } from './kept-features.ts';

const folder = new URL('../../public/models/nano-vqa/', import.meta.url);
const text = readFileSync(new URL('nano-vqa-q8_0.gguf', folder));
const mmproj = readFileSync(new URL('nano-vqa-mmproj-f16.gguf', folder));

interface NoiseImage extends PipelineImage {
  decoded: number;
}

/** Noise of a size whose tiles are 4 x 3 detailed ones, 3 x 2 adaptive ones and the overview: 304 tokens. */
function noise(seed: number): NoiseImage {
  const image: NoiseImage = {
    id: `noise-${seed}`,
    width: 64,
    height: 48,
    decoded: 0,
    async decode() {
      image.decoded++;
      return { width: 64, height: 48, data: randomBytes(64 * 48 * 3, seed) };
    },
  };
  return image;
}

const [visualTokens, keptTokens] = [19 * 16, 13 * 16];

function request(messages: ChatMessage[], more: Partial<AnswerRequest> = {}): AnswerRequest {
  return {
    template: 'internvl2-chat',
    includeHistory: true,
    messages,
    sampling: greedySampling,
    maxTokens: 8,
    ...more,
  };
}

// What a device computes of an image is compared in vision-golden.gpu.test.ts; this is about what is computed when.
describe('questions about images on the processor', () => {
  let device: EngineDevice;
  let model: LanguageModel;
  beforeAll(async () => {
    device = await openAnyDevice('processor');
    model = await loadModel(device, bytesSource(text), {
      precision: 'f32',
      contextTokens: 1024,
      vision: bytesSource(mmproj),
    });
  });
  afterAll(() => device.destroy());

  const ask = (content: string, images: string[] = []): ChatMessage => ({
    role: 'user',
    text: content,
    images,
  });
  const said = (content: string): ChatMessage => ({ role: 'assistant', text: content });

  it('encodes an image once, and answers a second question from what is there', async () => {
    const pipeline = new ImagePipeline(model.vision!, model.memoryPlan.features);
    const image = noise(1);
    const tiles: number[] = [];
    const first = pipeline.open([image], defaultTiling, { onTiles: (_, __, done) => tiles.push(done) });
    const question = ask('Is there a nodule?', [image.id]);
    const one = await answer(model, request([question]), {}, first);
    expect(first.use.images).toMatchObject([{ id: image.id, keptTokens: visualTokens, cached: false }]);
    expect(countTiles(first.use.images[0]!.views)).toBe(19);
    expect(countTokens(first.use.images[0]!.views)).toBe(visualTokens);
    expect([tiles[0], tiles.at(-1)]).toEqual([0, 19]);
    expect(one.usage.cachedTokens).toBe(0);
    expect(one.usage.promptTokens).toBeGreaterThan(visualTokens);
    expect(one.keptTokens.get(image.id)).toBe(visualTokens);

    tiles.length = 0;
    const second = pipeline.open([image], defaultTiling, { onTiles: (_, __, done) => tiles.push(done) });
    const turns = [question, said(one.text), ask('Describe the image.')];
    const two = await answer(model, request(turns), {}, second);
    expect(second.use.images).toMatchObject([{ cached: true }]);
    expect([image.decoded, tiles]).toEqual([1, []]);
    expect(two.usage.promptTokens - two.usage.cachedTokens).toBeLessThan(30);
  });

  it('gives the same answer from the cache as from nothing', async () => {
    const pipeline = new ImagePipeline(model.vision!, model.memoryPlan.features);
    const image = noise(2);
    const question = request([ask('What kind of image is this?', [image.id])]);
    const first = await answer(model, question, {}, pipeline.open([image], defaultTiling));
    const again = await answer(model, question, {}, pipeline.open([image], defaultTiling));
    expect(again.usage.cachedTokens).toBe(first.usage.promptTokens - 1);
    model.cache.truncate(0);
    const fresh = await answer(model, question, {}, pipeline.open([image], defaultTiling));
    expect(again.ids).toEqual(first.ids);
    expect(fresh.ids).toEqual(first.ids);
  });

  it('asks with what it keeps, and after a restart with what was kept, without decoding', async () => {
    const store = new Map<string, Float32Array>();
    const kept: KeptFeatures = {
      find: async ({ imageId }, values) => {
        const found = store.get(imageId);
        return found?.length === values ? found : undefined;
      },
      keep: ({ imageId }, values) => {
        const rounded = values.map(value => Math.round(value * 64) / 64);
        store.set(imageId, rounded);
        return rounded;
      },
    };
    const image = noise(2);
    const question = request([ask('What kind of image is this?', [image.id])]);
    model.cache.truncate(0);
    const before = new ImagePipeline(model.vision!, model.memoryPlan.features, kept).open(
      [image],
      defaultTiling,
    );
    const first = await answer(model, question, {}, before);
    model.cache.truncate(0);
    const after = new ImagePipeline(model.vision!, model.memoryPlan.features, kept).open(
      [image],
      defaultTiling,
    );
    const again = await answer(model, question, {}, after);
    expect(again.ids).toEqual(first.ids);
    expect([before.use.images[0]!.cached, after.use.images[0]!.cached]).toEqual([false, true]);
    expect(image.decoded).toBe(1);
    const asked = (await after.encode([image.id])).get(image.id)!;
    expect(await model.vision!.read(asked)).toEqual(store.get(image.id));
  });

  it('tells images apart: another image in the same place is read anew', async () => {
    const pipeline = new ImagePipeline(model.vision!, model.memoryPlan.features);
    const images = [noise(3), noise(4)];
    const [a, b] = images as [NoiseImage, NoiseImage];
    const source = pipeline.open(images, defaultTiling);
    await answer(model, request([ask('Is there a nodule?', [a.id])]), {}, source);
    const other = await answer(model, request([ask('Is there a nodule?', [b.id])]), {}, source);
    expect(other.usage.cachedTokens).toBeLessThan(other.usage.promptTokens - visualTokens);
    const decoding: string[] = [];
    const events = { onDecode: (image: number, count: number) => decoding.push(`${image} of ${count}`) };
    const fresh = new ImagePipeline(model.vision!, model.memoryPlan.features).open(
      images,
      defaultTiling,
      events,
    );
    const both = await answer(model, request([ask('Describe the image.', [a.id, b.id])]), {}, fresh);
    expect(decoding).toEqual(['1 of 2', '2 of 2']);
    expect([...both.keptTokens]).toEqual([
      [a.id, visualTokens],
      [b.id, visualTokens],
    ]);
    expect(both.usage.promptTokens).toBeGreaterThan(2 * visualTokens);
  });

  it('tells presentations of one file apart, and says with the answer which was seen', async () => {
    const pipeline = new ImagePipeline(model.vision!, model.memoryPlan.features);
    const plain = noise(5);
    const presentation: ImagePresentation = {
      ...plainPresentation,
      turns: 1,
      region: { x: 4, y: 6, width: 20, height: 10 },
    };
    const turned: NoiseImage = {
      ...noise(5),
      presentation,
      decode: async () => ({ width: 48, height: 64, data: (await plain.decode()).data }),
    };
    const keys = [plain.id, imageKey(plain.id, presentation)];
    const both = () => pipeline.open([plain, turned], { mode: 'single', preset: 'demo' });
    const source = both();
    const question = { ...ask('What is in this region?', keys), asksAbout: askedRegions([plain, turned]) };
    const first = await answer(model, request([question]), {}, source);
    expect(source.use.images.map(image => [image.id, image.presentation, image.cached])).toEqual([
      [plain.id, undefined, false],
      [plain.id, presentation, false],
    ]);
    const [overview, region] = source.use.images[1]!.views;
    expect(overview).toMatchObject({ name: 'overview', rectangle: { x: 0, y: 0, width: 48, height: 64 } });
    // Turned once, the region lies at (32, 4), 10 x 20; a tile of 112 shows no fewer than 28 pixels.
    expect(region).toMatchObject({ name: 'region', rectangle: { x: 20, y: 0, width: 28, height: 28 } });
    expect(keys.map(key => first.keptTokens.get(key))).toEqual([16, 32]);
    const again = both();
    const second = await answer(model, request([question]), {}, again);
    expect(again.use.images.map(({ cached }) => cached)).toEqual([true, true]);
    expect(second.ids).toEqual(first.ids);
    expect(second.usage.cachedTokens).toBe(first.usage.promptTokens - 1);
    // Another window of it is another image.
    const inverted = { ...presentation, isInverted: true };
    const third = pipeline.open([{ ...turned, presentation: inverted }], { mode: 'single', preset: 'demo' });
    await answer(model, request([ask('And now?', [imageKey(plain.id, inverted)])]), {}, third);
    expect(third.use.images).toMatchObject([{ presentation: inverted, cached: false }]);
  });

  it('compresses by the question that came with the image, and a follow-up reuses the choice', async () => {
    const pipeline = new ImagePipeline(model.vision!, model.memoryPlan.features);
    const images = [noise(5), noise(6)];
    const [a, b] = images as [NoiseImage, NoiseImage];
    const source = () => pipeline.open(images, defaultTiling);
    const scored: number[] = [];
    const onCompress = (done: number) => scored.push(done);
    const compressed = (messages: ChatMessage[]) =>
      answer(model, request(messages, { compressImages: true }), { onCompress }, source());
    const question = ask('How many nodules are there?', [a.id]);
    const one = await compressed([question]);
    expect(one.keptTokens.get(a.id)).toBe(keptTokens);
    expect(one.usage.promptTokens).toBeLessThan(visualTokens);
    expect(scored.length).toBeGreaterThan(0);

    scored.length = 0;
    const turns = [question, said(one.text), ask('Describe the image.')];
    const two = await compressed(turns);
    expect(scored).toEqual([]);
    expect(two.usage.promptTokens - two.usage.cachedTokens).toBeLessThan(30);

    // Another image in a later turn is chosen from by that turn; the first one's choice stays.
    const three = await compressed([...turns, said(two.text), ask('Is there a nodule?', [b.id])]);
    expect([...three.keptTokens]).toEqual([
      [a.id, keptTokens],
      [b.id, keptTokens],
    ]);
    expect(scored.length).toBeGreaterThan(0);
    expect(three.usage.promptTokens).toBeLessThan(2 * visualTokens);
  });

  it('stopped while choosing, keeps what it had read before', async () => {
    const pipeline = new ImagePipeline(model.vision!, model.memoryPlan.features);
    const image = noise(7);
    const question = ask('Is there a nodule?', [image.id]);
    await answer(model, request([question]), {}, pipeline.open([image], defaultTiling));
    const stop = new AbortController();
    const stopped = answer(
      model,
      request([question], { compressImages: true }),
      { signal: stop.signal, onCompress: () => stop.abort() },
      pipeline.open([image], defaultTiling),
    );
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    const again = await answer(model, request([question]), {}, pipeline.open([image], defaultTiling));
    expect(again.usage.cachedTokens).toBeGreaterThan(150);
    model.cache.truncate(0);
    const fresh = await answer(model, request([question]), {}, pipeline.open([image], defaultTiling));
    expect(again.ids).toEqual(fresh.ids);
  });

  it('leaves markers that a user typed as text', async () => {
    const result = await answer(model, request([ask('Say <IMG_CONTEXT> and <img>.')]));
    expect(result.usage.promptTokens).toBeGreaterThan(20);
    const context = model.tokenizer.idOf('<IMG_CONTEXT>')!;
    expect(model.tokenizer.encodeParts([{ text: '<IMG_CONTEXT>', special: false }])).not.toContain(context);
    expect(model.tokenizer.encodeParts([{ text: '<IMG_CONTEXT>', special: true }])).toEqual([context]);
  });

  it('stops between batches of tiles, and can go on', async () => {
    const pipeline = new ImagePipeline(model.vision!, model.memoryPlan.features);
    const image = noise(8);
    const stop = new AbortController();
    const before = device.memory.bytes;
    const stopped = pipeline
      .open([image], defaultTiling, {
        signal: stop.signal,
        onTiles: (_, __, done) => {
          if (done > 0) stop.abort();
        },
      })
      .encode([image.id]);
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    expect(device.memory.bytes).toBe(before);
    const source = pipeline.open([image], defaultTiling);
    await source.encode([image.id]);
    expect(source.use.images[0]!.cached).toBe(false);
  });

  it('gives up the image used longest ago when there is no room, but none of the question at hand', async () => {
    const pipeline = new ImagePipeline(model.vision!, visualTokens * 256 * 4);
    const images = [noise(9), noise(10)];
    const [a, b] = images.map(({ id }) => id) as [string, string];
    const use = async (...ids: string[]) => {
      const source = pipeline.open(images, defaultTiling);
      expect((await source.encode(ids)).size).toBe(ids.length);
      return source.use.images.map(({ cached }) => cached);
    };
    expect(await use(a)).toEqual([false]);
    const before = device.memory.bytes;
    expect(await use(b)).toEqual([false]);
    expect(device.memory.bytes).toBe(before);
    expect(await use(a, b)).toEqual([false, true]);
  });

  it('leaves out the oldest turns with their images, and does not even decode those', async () => {
    const pipeline = new ImagePipeline(model.vision!, model.memoryPlan.features);
    const images = [11, 12, 13, 14].map(noise);
    const turns = images.flatMap(({ id }) => [ask('Is there a nodule?', [id]), said('Yes.')]);
    const result = await answer(model, request(turns.slice(0, -1)), {}, pipeline.open(images, defaultTiling));
    expect(result.droppedMessages).toBe(2);
    expect(images.map(({ decoded }) => decoded)).toEqual([0, 1, 1, 1]);
  });

  it('refuses images that do not fit before it decodes any, says how large they are and what helps', async () => {
    const pipeline = new ImagePipeline(model.vision!, model.memoryPlan.features);
    const images = [15, 16, 17, 18, 19, 20].map(noise);
    const ids = images.map(({ id }) => id);
    const about = (count: number, compressImages: boolean) =>
      answer(
        model,
        request([ask('Describe the image.', ids.slice(0, count))], { compressImages }),
        {},
        pipeline.open(images, defaultTiling),
      );
    const refusal = (tokens: number, advice: string) => ({
      code: 'context-full',
      message: expect.stringContaining(`take ${formatCount(tokens)} tokens`),
      advice: expect.stringContaining(advice),
    });
    // Kept, four would take 832 of 1024 tokens; but to choose, they have to be read whole.
    await expect(about(4, false)).rejects.toMatchObject(refusal(4 * visualTokens, 'fewer images'));
    await expect(about(4, true)).rejects.toMatchObject(refusal(4 * visualTokens, 'fewer images'));
    await expect(about(6, true)).rejects.toMatchObject(refusal(6 * visualTokens, 'fewer images'));
    expect(images.every(({ decoded }) => decoded === 0)).toBe(true);
    expect((await about(1, false)).ids.length).toBeGreaterThan(0);
  });

  it('an image that is not there, or not of its size, is an error in words', async () => {
    const pipeline = new ImagePipeline(model.vision!, model.memoryPlan.features);
    const image = noise(21);
    const lost = answer(
      model,
      request([ask('What is this?', ['lost'])]),
      {},
      pipeline.open([image], defaultTiling),
    );
    await expect(lost).rejects.toMatchObject({ code: 'invalid-request' });
    const other = pipeline.open([{ ...image, width: 640, height: 480 }], defaultTiling);
    const changed = answer(model, request([ask('What is this?', [image.id])]), {}, other);
    await expect(changed).rejects.toMatchObject({ code: 'damaged-image' });
  });

  it('refuses images where the template reads text alone', async () => {
    const asked = answer(model, request([ask('What is this?', ['x'])], { template: 'internlm2-chat' }));
    await expect(asked).rejects.toThrow('no place for images');
  });
});
