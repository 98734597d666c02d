import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixture, readJson } from '../../test/support/data.ts';
import {
  type AdapterName,
  type DeviceName,
  everyDevice,
  gpuFormAdapters,
  openAnyDevice,
  openAsGpu,
  runsAllCases,
} from '../../test/support/gpu.ts';
import { gridOf } from '../../test/support/image-views.ts';
import { expectClose } from '../../test/support/run-kernels.ts';
import { decodeInNode } from '../cli/input/decode-image.ts';
import type { EngineDevice } from '../engine/device/device.ts';
import { readBuffer } from '../engine/device/readback.ts';
import { bytesSource } from '../engine/formats/byte-source.ts';
import { chooseRows, largest } from '../engine/generation/compress.ts';
import { generateTokens } from '../engine/generation/generate.ts';
import { prefill } from '../engine/generation/prefill.ts';
import { allRows, encodePrompt, type Prompt, type PromptImage } from '../engine/generation/prompt.ts';
import { type LanguageModel, loadModel } from '../engine/loading/load-model.ts';
import { renderPrompt } from '../engine/templates/render-prompt.ts';
import { templateOf } from '../engine/templates/templates.ts';
import { countTokens, type Grid, type ImageView } from '../engine/types/image-views.ts';
import { greedySampling } from '../engine/types/sampling.ts';
import { defaultTiling } from '../engine/types/tiling.ts';
import { chooseViews } from './choose-views.ts';
import { prepareTiles } from './prepare-tiles.ts';

interface Greedy {
  last_top: [id: number, logit: number][];
  greedy: number[];
  greedy_gap: number[];
  text: string;
}
interface GoldenQuestion extends Greedy {
  question: string;
  ids: number[] | null;
  n_ids: number;
  scm: Greedy & { kept: number[] | null; n_kept: number };
}
interface GoldenCase {
  image: string;
  detailed: Grid;
  adaptive: Grid;
  tile_sha256: string[];
  feature_tile0_token0: number[];
  feature_last_token: number[];
  feature_l2: number[];
  questions: GoldenQuestion[];
}
const { cases, system } = readJson<{ cases: GoldenCase[]; system: string }>(
  fixture('golden/golden-nano-vqa.json'),
);
const folder = new URL('../../public/models/nano-vqa/', import.meta.url);
const text = readFileSync(new URL('nano-vqa-q8_0.gguf', folder));
const mmproj = readFileSync(new URL('nano-vqa-mmproj-f16.gguf', folder));

/** With 8 bits three times what was measured. With 4 bits only `golden.gpu.test.ts` asks. */
const logitTolerances = { f32: 5e-3, f16: 5e-2, q8: 0.04 } as const;
type Compared = keyof typeof logitTolerances;

// One image of each pair of grids, and the first with all of its questions, where that takes seconds; elsewhere the first alone, with
// two. BEDSIDE_ALL_CASES=1 runs all ten with all questions, in every precision, everywhere.
const runsAll = runsAllCases();
const tokensOf = (views: readonly ImageView[], wanted: string) =>
  views.find(({ name }) => name === wanted)!.tokens;
const gridsOf = ({ detailed, adaptive }: GoldenCase) => `${detailed} ${adaptive}`;
const oneOfEachGrid = cases.filter((each, i) => cases.findIndex(c => gridsOf(c) === gridsOf(each)) === i);

const compared = Object.keys(logitTolerances) as Compared[];
const precisionsOf: Readonly<Record<DeviceName, readonly Compared[]>> = {
  processor: runsAll ? compared : ['f32', 'q8'],
  lavapipe: runsAll ? compared : ['f32'],
  swiftshader: runsAll ? ['f32', 'f16'] : [],
};
const runs = everyDevice.flatMap(device =>
  precisionsOf[device].map(precision => ({
    adapter: device as DeviceName,
    precision,
    kernels: 'a processor',
    featureTolerance: precision === 'f32' ? 2e-3 : 2e-2,
    logitTolerance: logitTolerances[precision],
    questions: device === 'processor' || runsAll ? undefined : 2,
    cases: runsAll
      ? cases
      : device === 'processor' && precision === 'f32'
        ? oneOfEachGrid
        : cases.slice(0, 1),
  })),
);

const asGpu = gpuFormAdapters.map(adapter => ({
  adapter: adapter as DeviceName,
  precision: 'f16' as Compared,
  kernels: 'a GPU',
  featureTolerance: 2e-2,
  logitTolerance: logitTolerances.f16,
  questions: 2,
  cases: cases.slice(0, 1),
}));

/** Everything of golden-nano-vqa.json: PyTorch in float32 over the same weights. */
describe.each([...runs, ...asGpu])('nano-vqa on $adapter, $precision, kernels of $kernels', run => {
  let device: EngineDevice;
  let model: LanguageModel;
  beforeAll(async () => {
    device = await (run.kernels === 'a GPU'
      ? openAsGpu(run.adapter as AdapterName)
      : openAnyDevice(run.adapter));
    model = await loadModel(device, bytesSource(text), {
      precision: run.precision,
      contextTokens: 512,
      vision: bytesSource(mmproj),
    });
  });
  afterAll(() => device.destroy());

  async function encodeImage(golden: GoldenCase): Promise<PromptImage> {
    const { image } = await decodeInNode(readFileSync(fixture(`images/${golden.image}`)));
    const views = chooseViews(image, model.vision!.config, defaultTiling);
    expect(['detailed', 'adaptive'].map(name => gridOf(views, name))).toEqual([
      golden.detailed,
      golden.adaptive,
    ]);
    const tiles = await prepareTiles(image, views, { resample: 'bicubic' });
    expect(tiles.map(tile => createHash('sha256').update(tile).digest('hex'))).toEqual(golden.tile_sha256);
    const features = await model.vision!.encode(tiles);
    expect(countTokens(views)).toBe(features.tokens);
    return { features, views, rows: allRows(features) };
  }

  function ask(image: PromptImage, question: string, rows = image.rows): Prompt {
    const parts = renderPrompt(templateOf('internvl2-chat'), {
      messages: [{ role: 'user', text: question, images: ['image'] }],
      system,
      includeHistory: true,
      imageTokens: () => rows.length,
    });
    return encodePrompt(model.tokenizer, parts, templateOf('internvl2-chat'), [{ ...image, rows }]);
  }

  async function checkAnswer(prompt: Prompt, golden: Greedy): Promise<void> {
    // As in an answer: what earlier questions left in the cache is not computed again.
    model.cache.truncate(model.cache.sharedPrefix(prompt.keys));
    await prefill(model, prompt, {});
    const logits = await model.readLogits();
    const top = golden.last_top.map(([id]) => logits[id]!);
    expectClose(
      top,
      golden.last_top.map(([, logit]) => logit),
      run.logitTolerance,
    );
    const { ids: answer } = await generateTokens(model, prompt, {
      sampling: greedySampling,
      maxTokens: golden.greedy.length,
      stopIds: new Set(),
    });
    // Up to the first choice that is nearly a tie, where rounding may decide.
    const close = golden.greedy_gap.findIndex(gap => gap <= 0.05);
    const certain = close < 0 ? golden.greedy.length : close;
    expect(answer.slice(0, certain)).toEqual(golden.greedy.slice(0, certain));
  }

  const questionsOf = (golden: GoldenCase) =>
    golden.questions.slice(0, golden === cases[0] || runsAll ? run.questions : 2);

  it.each(run.cases)('$image: tiles, features, logits and answers, whole and compressed', async golden => {
    const image = await encodeImage(golden);
    const { stride, tokens, buffer } = image.features;
    const detailedTokens = tokensOf(image.views, 'detailed');
    const rows = new Float32Array(await readBuffer(device, buffer, tokens * stride * 4));
    expectClose(rows, golden.feature_tile0_token0, run.featureTolerance);
    expectClose(rows.subarray((tokens - 1) * stride), golden.feature_last_token, run.featureTolerance);
    const tileFloats = stride * 16;
    const norms = golden.feature_l2.map((_, i) =>
      Math.hypot(...rows.subarray(i * tileFloats, (i + 1) * tileFloats)),
    );
    expectClose(norms, golden.feature_l2, 10 * run.featureTolerance);

    for (const question of questionsOf(golden)) {
      const prompt = ask(image, question.question);
      expect(prompt.ids.length).toBe(question.n_ids);
      if (question.ids) expect(prompt.ids).toEqual(question.ids);
      await checkAnswer(prompt, question);
    }
    for (const question of questionsOf(golden)) {
      const prompt = ask(image, question.question);
      const kept = await chooseRows(model, prompt, prompt.images[0]!);
      expect(kept.length).toBe(tokens - detailedTokens + question.scm.n_kept);
      const keptDetails = [...kept.slice(0, question.scm.n_kept)];
      if (run.precision === 'q8') {
        // Tokens near the middle of the ranking change places, and the answer is one to other tokens.
        const shared = keptDetails.filter(row => question.scm.kept?.includes(row) ?? true);
        expect(shared.length).toBeGreaterThanOrEqual(0.9 * keptDetails.length);
        continue;
      }
      if (question.scm.kept) expect(keptDetails).toEqual(question.scm.kept);
      await checkAnswer(ask(image, question.question, kept), question.scm);
    }
    model.vision!.release(image.features);
  });

  if (run === runs[0]) {
    it('drops one token more where the reference is to be compared with', async () => {
      const image = await encodeImage(run.cases[0]!);
      const prompt = ask(image, 'Is there a nodule?');
      const [placed] = prompt.images;
      const kept = await chooseRows(model, prompt, placed!);
      const reference = await chooseRows(model, prompt, placed!, { dropsOneMore: true });
      const first = tokensOf(image.views, 'detailed');
      expect([...reference]).toEqual([...kept].filter(row => row !== first));
      expect(largest(new Float32Array([1, 3, 3, 2, 3]), 2)).toEqual([1, 2]);
    });
  }
});
