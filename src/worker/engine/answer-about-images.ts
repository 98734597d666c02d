import { BedsideError } from '../../engine/errors.ts';
import { type Answer, answer } from '../../engine/generation/answer.ts';
import { answerSamples } from '../../engine/generation/answer-samples.ts';
import { type PromptModel, promptText } from '../../engine/generation/prompt-text.ts';
import { noVisionModelError } from '../../engine/models/encoder/encoder-config.ts';
import type { LanguageModel } from '../../engine/models/language-model.ts';
import { sentence } from '../../engine/sentence.ts';
import { countTokens } from '../../engine/types/image-views.ts';
import { imageKey, plainPresentation } from '../../engine/types/presentation.ts';
import type { PromptText } from '../../engine/types/prompt-text.ts';
import { defaultTiling, type TilingSettings } from '../../engine/types/tiling.ts';
import type { VisionUse } from '../../engine/types/vision-use.ts';
import { viewsOf } from '../../imaging/choose-views.ts';
import { ImagePipeline } from '../../imaging/image-pipeline.ts';
import type { KeptFeatures } from '../../imaging/kept-features.ts';
import type { RgbImage } from '../../imaging/rgb-image.ts';
import type {
  GenerateRequest,
  ImageInput,
  ModelAnswer,
  ModelSamples,
  SampleRequest,
} from './engine-messages.ts';
import type { AnswerEvents, SampleEvents } from './model-host.ts';

/** The picture that an image is shown as: what the page shows of it too. */
export type RenderInput = (image: ImageInput) => Promise<RgbImage>;

const pipelines = new WeakMap<LanguageModel, ImagePipeline>();

/**
 * Answers a question, with its images first made into visual tokens. `kept`: where those of this model outlive it.
 * @throws `no-vision-model` where there are images and the model reads text alone; what decoding and `answer` throw
 */
export async function answerAboutImages(
  model: LanguageModel,
  request: GenerateRequest,
  events: AnswerEvents,
  render: RenderInput,
  kept?: KeptFeatures,
): Promise<ModelAnswer> {
  const { images = [], tiling, ...question } = request;
  if (images.length === 0) return outcomeOf(await answer(model, question, events));
  const source = openSource(model, images, tiling, events, render, kept);
  const onCompress = (done: number, total: number) =>
    events.onVision?.({ phase: 'compressing', done, total });
  const result = await answer(model, question, { ...events, onCompress }, source);
  return { ...outcomeOf(result), vision: visionUseOf(source.use, result) };
}

/** The same several times at once, with a seed each. */
export async function sampleAboutImages(
  model: LanguageModel,
  { request, seeds }: SampleRequest,
  events: SampleEvents,
  render: RenderInput,
  kept?: KeptFeatures,
): Promise<ModelSamples> {
  const { images = [], tiling, ...question } = request;
  const source = images.length > 0 ? openSource(model, images, tiling, events, render, kept) : undefined;
  const { keptTokens, ...outcome } = await answerSamples(model, question, seeds, events, source);
  return { ...outcome, ...(source ? { vision: visionUseOf(source.use, { keptTokens }) } : {}) };
}

/**
 * Where the engine gets the visual tokens of a request's images from.
 * @throws `no-vision-model`
 */
export function openSource(
  model: LanguageModel,
  images: readonly ImageInput[],
  tiling: TilingSettings = defaultTiling,
  events: Pick<AnswerEvents, 'signal' | 'onVision'>,
  render: RenderInput,
  kept?: KeptFeatures,
): ReturnType<ImagePipeline['open']> {
  if (!model.vision) throw noVisionModelError();
  let pipeline = pipelines.get(model);
  if (!pipeline) {
    pipeline = new ImagePipeline(model.vision, model.memoryPlan.features, kept);
    pipelines.set(model, pipeline);
  }
  return pipeline.open(
    images.map(image => ({
      id: image.id,
      width: image.width,
      height: image.height,
      presentation: image.presentation,
      decode: () => render(image).catch(thrown => throwNamed(thrown, image.name)),
    })),
    tiling,
    {
      signal: events.signal,
      onDecode: (image, count) => events.onVision?.({ phase: 'decoding', image, images: count }),
      onTiles: (image, count, done, total) =>
        events.onVision?.({ phase: 'tiles', image, images: count, done, total }),
    },
  );
}

/**
 * The prompt of a question, with its images as their visual tokens: their sizes are enough.
 * @throws what `promptText` throws
 */
export function showPromptWithImages(model: PromptModel, request: GenerateRequest): PromptText {
  const { images = [], tiling = defaultTiling, ...question } = request;
  const { vision } = model;
  const views = new Map(
    vision
      ? images.map(image => {
          const { id, presentation = plainPresentation } = image;
          return [imageKey(id, presentation), viewsOf(image, presentation, vision.config, tiling)] as const;
        })
      : [],
  );
  return promptText(model, question, { views: id => views.get(id) });
}

/** Which of several images it was. */
function throwNamed(thrown: unknown, name: string | undefined): never {
  if (!(thrown instanceof BedsideError) || name === undefined) throw thrown;
  throw new BedsideError(
    thrown.code,
    sentence`about-image: “${{ image: name }}”: ${{ error: thrown.sentence }}`,
    thrown.advice,
    thrown.cause,
  );
}

function outcomeOf(result: Answer): ModelAnswer {
  const { keptTokens: _, ...outcome } = result;
  return outcome;
}

/** What was seen of each image, with what compression left of it. */
export function visionUseOf(use: VisionUse, { keptTokens }: Pick<Answer, 'keptTokens'>): VisionUse {
  const images = use.images.map(image => ({
    ...image,
    keptTokens: keptTokens.get(imageKey(image.id, image.presentation)) ?? countTokens(image.views),
  }));
  return { ...use, images, compressed: images.some(image => image.keptTokens < countTokens(image.views)) };
}
