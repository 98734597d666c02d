import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { bundledModel } from '../../test/support/data.ts';
import { openProcessor } from '../../test/support/processor.ts';
import { randomBytes } from '../../test/support/random.ts';
import { readBuffer } from '../engine/device/readback.ts';
import { bytesSource } from '../engine/formats/byte-source.ts';
import { answer } from '../engine/generation/answer.ts';
import type { AnswerRequest } from '../engine/generation/answer-request.ts';
import { type LanguageModel, loadModel } from '../engine/loading/load-model.ts';
import type { ProcessorDevice } from '../engine/processor/device.ts';
import { type Precision, precisions } from '../engine/types/precision.ts';
import { greedySampling, mildSampling } from '../engine/types/sampling.ts';
import { defaultTiling } from '../engine/types/tiling.ts';
import { ImagePipeline, type PipelineImage } from './image-pipeline.ts';

// One memory has addresses of 32 bits, so large models lie in several. Here they are made small enough that small models do.

const mebibyte = 2 ** 20;
const folder = new URL('../../public/models/nano-vqa/', import.meta.url);
const chat = bytesSource(readFileSync(bundledModel));
const vqa = bytesSource(readFileSync(new URL('nano-vqa-q8_0.gguf', folder)));
const mmproj = bytesSource(readFileSync(new URL('nano-vqa-mmproj-f16.gguf', folder)));

const devices: ProcessorDevice[] = [];
afterEach(() => {
  for (const device of devices.splice(0)) device.destroy();
});

async function open(threads: number, maxBankBytes?: number): Promise<ProcessorDevice> {
  const device = await openProcessor(threads, { sideBytes: 2 * mebibyte, maxBankBytes });
  devices.push(device);
  return device;
}

const image: PipelineImage = {
  id: 'noise',
  width: 64,
  height: 48,
  decode: async () => ({ width: 64, height: 48, data: randomBytes(64 * 48 * 3, 1) }),
};

function request(messages: AnswerRequest['messages'], more: Partial<AnswerRequest> = {}): AnswerRequest {
  return {
    template: 'chatml',
    includeHistory: true,
    messages,
    sampling: greedySampling,
    maxTokens: 12,
    ...more,
  };
}

/** After a prompt, and after one token more. What an answer leaves is not defined: steps ahead of its end are abandoned. */
async function logitBits(model: LanguageModel): Promise<number[]> {
  const ids = model.tokenizer.encode('The patient has had a cough since Monday.');
  model.cache.truncate(0);
  model.submitTokens(ids.slice(0, -1), true);
  const prefilled = await model.readLogits();
  model.submitTokens(ids.slice(-1), true);
  const decoded = await model.readLogits();
  return [prefilled, decoded].flatMap(logits => [...new Uint32Array(logits.slice().buffer)]);
}

/** Three turns of a conversation: prefill in several steps, greedy, and with the host's choice. */
async function converse(device: ProcessorDevice, precision: Precision): Promise<unknown> {
  const model = await loadModel(device, chat, { precision, contextTokens: 512 });
  const messages: AnswerRequest['messages'] = [];
  const ids: number[][] = [];
  for (const [turn, sampling] of [
    greedySampling,
    { ...mildSampling, topK: 20, seed: 4 },
    greedySampling,
  ].entries()) {
    messages.push({
      role: 'user',
      text: `What may a cough be a sign of? ${'It lasts for weeks. '.repeat(8 * turn)}`,
    });
    const said = await answer(model, request(messages, { sampling }));
    messages.push({ role: 'assistant', text: said.text });
    ids.push(said.ids);
  }
  return [ids, await logitBits(model)];
}

/** A question about an image, with the tokens that matter least left out, and another one after it. */
async function look(device: ProcessorDevice): Promise<unknown> {
  const options = { precision: 'f32', contextTokens: 1024, vision: mmproj } as const;
  const model = await loadModel(device, vqa, options);
  const pipeline = new ImagePipeline(model.vision!, model.memoryPlan.features);
  const question = { role: 'user', text: 'Is there a nodule?', images: [image.id] } as const;
  const ask = (messages: AnswerRequest['messages'], more: Partial<AnswerRequest> = {}) =>
    answer(
      model,
      request(messages, { template: 'internvl2-chat', ...more }),
      {},
      pipeline.open([image], defaultTiling),
    );
  const first = await ask([{ ...question, images: [image.id] }], { compressImages: true });
  const second = await ask([{ ...question, images: [image.id] }]);
  const { tileSize } = model.vision!.config;
  const tiles = [1, 2, 3].map(seed => randomBytes(3 * tileSize ** 2, seed));
  const features = await model.vision!.encode(tiles);
  const seen = await readBuffer(device, features.buffer, features.buffer.size);
  return [first.ids, [...first.keptTokens], second.ids, [...new Uint32Array(seen)], await logitBits(model)];
}

const banksOf = ({ memory }: ProcessorDevice) => memory.banks.filter(bank => bank !== memory.firstBank);

describe('a model in several memories gives the bits that it gives in one', () => {
  it.each(precisions)('in a conversation, %s cache', async precision => {
    const whole = await open(0);
    const expected = await converse(whole, precision);
    expect(banksOf(whole)).toHaveLength(1);
    for (const threads of [0, 1, 2, 3]) {
      const device = await open(threads, (precision === 'f32' ? 8 : 6) * mebibyte);
      expect(await converse(device, precision)).toEqual(expected);
      expect(banksOf(device).length).toBeGreaterThanOrEqual(3);
      expect(device.memory.brokenGuards()).toEqual([]);
    }
  });

  it('with images', async () => {
    const expected = await look(await open(0));
    for (const threads of [0, 2]) {
      const device = await open(threads, 10 * mebibyte);
      expect(await look(device)).toEqual(expected);
      expect(banksOf(device).length).toBeGreaterThanOrEqual(3);
      expect(device.memory.brokenGuards()).toEqual([]);
    }
  });
});
