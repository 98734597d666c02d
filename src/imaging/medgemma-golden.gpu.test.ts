import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convertBoth } from '../../test/support/convert-folder.ts';
import { dataFile, readJson } from '../../test/support/data.ts';
import { type DeviceName, openAnyDevice } from '../../test/support/gpu.ts';
import { expectClose } from '../../test/support/run-kernels.ts';
import { decodeInNode } from '../cli/input/decode-image.ts';
import type { EngineDevice } from '../engine/device/device.ts';
import { bytesSource } from '../engine/formats/byte-source.ts';
import { generateTokens } from '../engine/generation/generate.ts';
import { prefill, readOf } from '../engine/generation/prefill.ts';
import { allRows, encodePrompt, type Prompt, type PromptImage } from '../engine/generation/prompt.ts';
import { type LanguageModel, loadModel } from '../engine/loading/load-model.ts';
import type { ImageFeatures } from '../engine/models/tensors/image-features.ts';
import { renderPrompt } from '../engine/templates/render-prompt.ts';
import { templateOf } from '../engine/templates/templates.ts';
import { greedySampling } from '../engine/types/sampling.ts';
import { defaultTiling } from '../engine/types/tiling.ts';
import { chooseViews } from './choose-views.ts';
import { prepareTiles } from './prepare-tiles.ts';

interface GoldenCase {
  name: string;
  prompt: string;
  ids: number[];
  images: string[];
  last_logits: number[];
  next_token_nll: number[];
  greedy: number[];
  hidden_last_token: { l2: number; first16: number[] }[];
}

interface GoldenImage {
  file: string;
  /** [16, width], of which the first and the last row begin with these. */
  projected: { first64: number[]; last64: number[] };
}

const folder = dataFile('testdata/families/medgemma-nano');
const golden = () =>
  readJson<{ cases: GoldenCase[]; images: Record<string, GoldenImage> }>(
    dataFile('testdata/families/golden/medgemma-nano.json')!,
  );
const template = templateOf('gemma-3');

/** The small MedGemma on a device, and questions of the goldens as it reads them. */
async function openOn(name: DeviceName) {
  const device = await openAnyDevice(name);
  const { text, vision } = await convertBoth(folder!, 'keep');
  const model = await loadModel(device, bytesSource(text), {
    precision: 'f32',
    contextTokens: 1024,
    vision: bytesSource(vision),
  });
  const encoded = new Map<string, PromptImage>();

  async function imageOf(name: string): Promise<PromptImage> {
    const before = encoded.get(name);
    if (before) return before;
    const file = dataFile(`testdata/families/${golden().images[name]!.file}`)!;
    const { image } = await decodeInNode(readFileSync(file));
    const views = chooseViews(image, model.vision!.config, defaultTiling);
    const features: ImageFeatures = await model.vision!.encode(
      await prepareTiles(image, views, model.vision!.config),
    );
    const made = { features, views, rows: allRows(features) };
    encoded.set(name, made);
    return made;
  }

  /** The case's question as a message: its text with the places of images taken out. */
  async function ask({ prompt, images }: GoldenCase): Promise<Prompt> {
    const [, content] = /user\n([\s\S]*)<end_of_turn>\n<start_of_turn>model\n$/.exec(prompt)!;
    const pieces = content!.split('<start_of_image>');
    const imagePlaces = pieces.slice(0, -1).map((_, i) => pieces.slice(0, i + 1).join('').length);
    const parts = renderPrompt(template, {
      messages: [{ role: 'user', text: pieces.join(''), images, imagePlaces }],
      includeHistory: true,
      imageTokens: () => 16,
    });
    return encodePrompt(model.tokenizer, parts, template, await Promise.all(images.map(imageOf)));
  }

  return { device, model, imageOf, ask };
}

const caseOf = (name: string) => golden().cases.find(one => one.name === name)!;

/** PyTorch in float32 over the same weights. */
describe.skipIf(!folder)('medgemma-nano on the processor (needs BEDSIDE_DATA)', () => {
  let device: EngineDevice;
  let model: LanguageModel;
  let imageOf: (name: string) => Promise<PromptImage>;
  let ask: (asked: GoldenCase) => Promise<Prompt>;
  beforeAll(async () => {
    ({ device, model, imageOf, ask } = await openOn('processor'));
  });
  afterAll(() => device.destroy());

  it.each(['text_only', 'image_first', 'text_first', 'after_long_text', 'two_images'])(
    '%s: ids, logits and answer',
    async name => {
      const each = caseOf(name);
      const prompt = await ask(each);
      expect(prompt.ids).toEqual(each.ids);
      model.cache.truncate(0);
      await prefill(model, prompt, {});
      expectClose(await model.readLogits(), each.last_logits, 1e-4);
      const { ids } = await generateTokens(model, prompt, {
        sampling: greedySampling,
        maxTokens: each.greedy.length,
        stopIds: new Set(),
      });
      expect(ids).toEqual(each.greedy);
    },
  );

  it.each(['text_only', 'image_first', 'after_long_text', 'two_images'])(
    '%s: hidden states after every layer',
    async name => {
      const each = caseOf(name);
      const states = await model.hiddenOfLast(readOf(model, await ask(each)));
      expect(states).toHaveLength(each.hidden_last_token.length);
      for (const [layer, { l2, first16 }] of each.hidden_last_token.entries()) {
        const found = Math.sqrt(states[layer]!.reduce((sum, value) => sum + value * value, 0));
        // Five decimals of numbers up to hundreds, and sums of them.
        const allowed = 2e-4 * Math.max(1, l2 / 10);
        expect(Math.abs(found - l2), `length after ${layer}`).toBeLessThan(allowed);
        expectClose(states[layer]!.slice(0, 16), first16, allowed);
      }
    },
  );

  it('gives the same about two pictures with text between, asked again from the cache and anew', async () => {
    // Longer than what a ring of the window holds: of the first picture nothing is in it when the second one is read.
    const words = 'a long story about a cough that began in spring and never left. '.repeat(20);
    const parts = (question: string) =>
      renderPrompt(template, {
        messages: [
          {
            role: 'user',
            text: `Compare ${words}with this: ${question}`,
            images: ['cxr', 'small'],
            imagePlaces: [0, 8 + words.length],
          },
        ],
        includeHistory: true,
        imageTokens: () => 16,
      });
    const images = [await imageOf('cxr'), await imageOf('small')];
    const promptOf = (question: string) => encodePrompt(model.tokenizer, parts(question), template, images);
    const logitsOf = async (prompt: Prompt) => {
      await prefill(model, prompt, {});
      return model.readLogits();
    };
    model.cache.truncate(0);
    await logitsOf(promptOf('what changed?'));
    const again = promptOf('is it normal?');
    const shared = model.cache.sharedPrefix(again.keys);
    expect(shared).toBeGreaterThan(again.images[1]!.first + 16);
    expect(again.images[1]!.first).toBeGreaterThan(3 * 64 * model.cache.ring!.pages);
    expect(model.cache.truncate(shared)).toBe(shared);
    const fromCache = await logitsOf(again);
    model.cache.truncate(0);
    expectClose(fromCache, await logitsOf(again), 1e-5);
    // Cut within a picture, it is read again whole.
    expect(model.cache.truncate(again.images[1]!.first + 5)).toBe(again.images[1]!.first + 5);
    expectClose(fromCache, await logitsOf(again), 1e-5);
    // Cut within the first, whose window is gone, all is read again.
    expect(model.cache.truncate(again.images[0]!.first + 5)).toBe(0);
    expectClose(fromCache, await logitsOf(again), 1e-5);
  });
});

describe.skipIf(!folder)('medgemma-nano on swiftshader (needs BEDSIDE_DATA)', () => {
  it('image_first: PyTorch’s visual tokens of its picture, and logits', async () => {
    const { device, model, imageOf, ask } = await openOn('swiftshader');
    try {
      const each = caseOf('image_first');
      const [name] = each.images;
      const { features } = await imageOf(name!);
      const values = await model.vision!.read(features);
      const { first64, last64 } = golden().images[name!]!.projected;
      expectClose(values.subarray(0, 64), first64, 1e-4);
      const width = model.vision!.config.projected;
      expectClose(values.subarray(15 * width, 15 * width + 64), last64, 1e-4);
      await prefill(model, await ask(each), {});
      expectClose(await model.readLogits(), each.last_logits, 2e-4);
    } finally {
      device.destroy();
    }
  });
});
