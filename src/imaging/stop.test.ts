import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { type CountedWork, countedWork, stopLater } from '../../test/support/counted-work.ts';
import { openProcessor } from '../../test/support/processor.ts';
import { randomBytes } from '../../test/support/random.ts';
import type { EngineDevice } from '../engine/device/device.ts';
import { bytesSource } from '../engine/formats/byte-source.ts';
import { type AnswerEvents, answer } from '../engine/generation/answer.ts';
import { type LanguageModel, loadModel } from '../engine/loading/load-model.ts';
import { greedySampling } from '../engine/types/sampling.ts';
import { defaultTiling } from '../engine/types/tiling.ts';
import { ImagePipeline, type PipelineEvents, type PipelineImage } from './image-pipeline.ts';

const folder = new URL('../../public/models/nano-vqa/', import.meta.url);
const text = readFileSync(new URL('nano-vqa-q8_0.gguf', folder));
const mmproj = readFileSync(new URL('nano-vqa-mmproj-f16.gguf', folder));

const image: PipelineImage = {
  id: 'noise',
  width: 64,
  height: 48,
  decode: async () => ({ width: 64, height: 48, data: randomBytes(64 * 48 * 3, 1) }),
};

const devices: EngineDevice[] = [];
afterEach(() => {
  for (const device of devices.splice(0)) device.destroy();
});

async function open(threads: number): Promise<{ model: LanguageModel; work: CountedWork }> {
  const device = await openProcessor(threads);
  devices.push(device);
  const options = { precision: 'f32', contextTokens: 1024, vision: bytesSource(mmproj) } as const;
  const model = await loadModel(device, bytesSource(text), options);
  return { model, work: await countedWork(device) };
}

function ask(model: LanguageModel, pipeline: ImagePipeline, events: AnswerEvents & PipelineEvents = {}) {
  return answer(
    model,
    {
      template: 'internvl2-chat',
      includeHistory: true,
      messages: [{ role: 'user', text: 'Is there a nodule?', images: [image.id] }],
      sampling: greedySampling,
      maxTokens: 8,
      compressImages: true,
    },
    events,
    pipeline.open([image], defaultTiling, events),
  );
}

/** Of any number of threads. */
let fresh: number[] | undefined;

describe.each([0, 2])('a stop on the processor with %i helpers', threads => {
  it.each(['at once', 'some turns later'])(
    '%s, while an image is seen, leaves nothing that is half done',
    async when => {
      if (!fresh) {
        const { model } = await open(0);
        fresh = (await ask(model, new ImagePipeline(model.vision!, model.memoryPlan.features))).ids;
      }
      expect(fresh.length).toBeGreaterThan(0);
      const { model, work } = await open(threads);
      const turns = when === 'at once' ? 0 : 3;
      const pipeline = new ImagePipeline(model.vision!, model.memoryPlan.features);
      const held = model.device.memory.bytes;

      // In the encoder, at its beginning and at its last tiles: nothing of the image is kept.
      for (const share of [0, 0.6]) {
        const stop = new AbortController();
        const asking = ask(model, pipeline, {
          signal: stop.signal,
          onTiles: (_, __, done, total) => {
            if (!stop.signal.aborted && done >= share * total) stopLater(work, stop, turns);
          },
        });
        await expect(asking).rejects.toMatchObject({ code: 'aborted' });
        expect(model.device.memory.bytes).toBe(held);
      }

      // While its tokens are weighed, in every chunk of the prompt.
      let chunks = 0;
      for (let chunk = 0; chunk === 0 || chunk < chunks; chunk++) {
        const stop = new AbortController();
        let seen = 0;
        const asking = ask(model, pipeline, {
          signal: stop.signal,
          onCompress: (done, total) => {
            chunks = Math.ceil(total / model.chunkTokens);
            if (done < total && seen++ === chunk) stopLater(work, stop, turns);
          },
        });
        await expect(asking).rejects.toMatchObject({ code: 'aborted' });
      }
      expect(chunks).toBeGreaterThan(1);

      // The image is seen whole now, and the answer is that of a model that was never stopped.
      expect((await ask(model, pipeline)).ids).toEqual(fresh);
    },
  );
});
