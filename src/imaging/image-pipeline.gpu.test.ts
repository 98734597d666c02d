import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { computeAdapters, openDevice } from '../../test/support/gpu.ts';
import { randomBytes } from '../../test/support/random.ts';
import { bytesSource } from '../engine/formats/byte-source.ts';
import { answer } from '../engine/generation/answer.ts';
import { keptCount } from '../engine/generation/compress.ts';
import type { EngineDevice } from '../engine/gpu/device.ts';
import { type LanguageModel, loadModel } from '../engine/models/load-model.ts';
import { type AnswerRequest, type ChatMessage, defaultTiling, greedySampling } from '../engine/types.ts';
import { ImagePipeline, type PipelineImage } from './image-pipeline.ts';

const folder = new URL('../../public/models/nano-vqa/', import.meta.url);
const text = readFileSync(new URL('nano-vqa-q8_0.gguf', folder));
const mmproj = readFileSync(new URL('nano-vqa-mmproj-f16.gguf', folder));
const [adapter] = computeAdapters;

/** Noise of a size whose tiles are many: 4 x 3 detailed ones, 2 x 3 adaptive ones or so, and the overview. */
function noise(seed: number): PipelineImage & { decoded: number } {
  const image = {
    id: `noise-${seed}`,
    decoded: 0,
    async decode() {
      image.decoded++;
      return { width: 64, height: 48, data: randomBytes(64 * 48 * 3, seed) };
    },
  };
  return image;
}

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

describe.skipIf(!adapter)(`questions about images on ${adapter ?? 'no adapter: install lavapipe'}`, () => {
  let device: EngineDevice;
  let model: LanguageModel;
  beforeAll(async () => {
    device = await openDevice(adapter!);
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

  it('encodes an image once, and answers a second question from what is there', async () => {
    const pipeline = new ImagePipeline(model.vision!);
    const image = noise(1);
    const tiles: number[] = [];
    const first = await pipeline.prepare([image], defaultTiling, {
      onTiles: (_, __, done) => tiles.push(done),
    });
    const [use] = first.use.images;
    expect(use!.cached).toBe(false);
    expect(use!.visualTokens).toBe(use!.tiles * 16);
    expect(tiles[0]).toBe(0);
    expect(tiles.at(-1)).toBe(use!.tiles);

    const question = ask('Is there a nodule?', [image.id]);
    const one = await answer(model, request([question]), {}, first.features);
    expect(one.usage.cachedTokens).toBe(0);
    expect(one.usage.promptTokens).toBeGreaterThan(use!.visualTokens);
    expect(one.keptTokens.get(image.id)).toBe(use!.visualTokens);

    const second = await pipeline.prepare([image], defaultTiling);
    expect(second.use.images[0]!.cached).toBe(true);
    expect(image.decoded).toBe(1);
    const turns: ChatMessage[] = [
      question,
      { role: 'assistant', text: one.text },
      ask('Describe the image.'),
    ];
    const two = await answer(model, request(turns), {}, second.features);
    expect(two.usage.cachedTokens).toBeGreaterThan(use!.visualTokens);
    expect(two.usage.timeToFirstTokenMs).toBeLessThan(one.usage.timeToFirstTokenMs / 4);
  });

  it('gives the same answer from the cache as from nothing', async () => {
    const pipeline = new ImagePipeline(model.vision!);
    const image = noise(2);
    const { features } = await pipeline.prepare([image], defaultTiling);
    const question = request([ask('What kind of image is this?', [image.id])]);
    const first = await answer(model, question, {}, features);
    const again = await answer(model, question, {}, features);
    expect(again.usage.cachedTokens).toBe(first.usage.promptTokens - 1);
    model.cache.truncate(0);
    const fresh = await answer(model, question, {}, features);
    expect(again.ids).toEqual(first.ids);
    expect(fresh.ids).toEqual(first.ids);
  });

  it('tells images apart: another image in the same place is read anew', async () => {
    const pipeline = new ImagePipeline(model.vision!);
    const [a, b] = [noise(3), noise(4)];
    const { features } = await pipeline.prepare([a, b], defaultTiling);
    await answer(model, request([ask('Is there a nodule?', [a.id])]), {}, features);
    const other = await answer(model, request([ask('Is there a nodule?', [b.id])]), {}, features);
    const visualTokens = features.get(b.id)!.tokens;
    expect(other.usage.cachedTokens).toBeLessThan(other.usage.promptTokens - visualTokens);
    const both = await answer(model, request([ask('Describe the image.', [a.id, b.id])]), {}, features);
    expect([...both.keptTokens.keys()]).toEqual([a.id, b.id]);
    expect(both.usage.promptTokens).toBeGreaterThan(2 * visualTokens);
  });

  it('compresses by the question that came with the image, and a follow-up reuses the choice', async () => {
    const pipeline = new ImagePipeline(model.vision!);
    const image = noise(5);
    const { features } = await pipeline.prepare([image], defaultTiling);
    const { tokens, detailedTokens } = features.get(image.id)!;
    const compressImages = true;
    const question = ask('How many nodules are there?', [image.id]);
    const scored: number[] = [];
    const onCompress = (done: number) => scored.push(done);
    const one = await answer(model, request([question], { compressImages }), { onCompress }, features);
    expect(one.keptTokens.get(image.id)).toBe(keptCount(tokens, detailedTokens));
    expect(one.usage.promptTokens).toBeLessThan(tokens);
    expect(scored.length).toBeGreaterThan(0);

    scored.length = 0;
    const turns: ChatMessage[] = [
      question,
      { role: 'assistant', text: one.text },
      ask('Describe the image.'),
    ];
    const two = await answer(model, request(turns, { compressImages }), { onCompress }, features);
    expect(scored).toEqual([]);
    expect(two.usage.cachedTokens).toBeGreaterThan(keptCount(tokens, detailedTokens));
  });

  it('leaves markers that a user typed as text', async () => {
    const result = await answer(model, request([ask('Say <IMG_CONTEXT> and <img>.')]));
    expect(result.usage.promptTokens).toBeGreaterThan(20);
    const context = model.tokenizer.idOf('<IMG_CONTEXT>')!;
    expect(model.tokenizer.encodeParts([{ text: '<IMG_CONTEXT>', special: false }])).not.toContain(context);
    expect(model.tokenizer.encodeParts([{ text: '<IMG_CONTEXT>', special: true }])).toEqual([context]);
  });

  it('stops between batches of tiles, and can go on', async () => {
    const pipeline = new ImagePipeline(model.vision!);
    const stop = new AbortController();
    const before = device.memory.bytes;
    const stopped = pipeline.prepare([noise(6)], defaultTiling, {
      signal: stop.signal,
      onTiles: (_, __, done) => {
        if (done > 0) stop.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    expect(device.memory.bytes).toBe(before);
    expect((await pipeline.prepare([noise(6)], defaultTiling)).use.images[0]!.cached).toBe(false);
  });

  it('gives up the image used longest ago when there is no room, but none of the question at hand', async () => {
    const room = 20 * 16 * 256 * 4;
    const pipeline = new ImagePipeline(model.vision!, room);
    const [a, b] = [noise(7), noise(8)];
    await pipeline.prepare([a], defaultTiling);
    const before = device.memory.bytes;
    await pipeline.prepare([b], defaultTiling);
    expect(device.memory.bytes).toBe(before);
    const both = await pipeline.prepare([b, a], defaultTiling);
    expect(both.use.images.map(({ cached }) => cached)).toEqual([true, false]);
    expect(both.features.size).toBe(2);
  });

  it('says how many tokens the images take when they do not fit, and answers the next question', async () => {
    const pipeline = new ImagePipeline(model.vision!);
    const images = [9, 10, 11, 12].map(noise);
    const { features } = await pipeline.prepare(images, defaultTiling);
    const ids = images.map(({ id }) => id);
    const tooMany = answer(model, request([ask('Describe the image.', ids)]), {}, features);
    await expect(tooMany).rejects.toMatchObject({
      code: 'context-full',
      message: expect.stringMatching(/images take \d+ tokens/),
    });
    expect(
      (await answer(model, request([ask('Describe the image.', ids.slice(0, 1))]), {}, features)).ids.length,
    ).toBeGreaterThan(0);
  });

  it('refuses images where the template reads text alone', async () => {
    const asked = answer(model, request([ask('What is this?', ['x'])], { template: 'internlm2-chat' }));
    await expect(asked).rejects.toMatchObject({ code: 'no-vision-model' });
  });
});
