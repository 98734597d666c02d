import { type Answer, answer } from '../../engine/generation/answer.ts';
import { answerSamples } from '../../engine/generation/answer-samples.ts';
import type { Drafting } from '../../engine/generation/drafts.ts';
import { defaultTemplate } from '../../engine/loading/default-template.ts';
import type { LanguageModel } from '../../engine/loading/load-model.ts';
import { askedRegions } from '../../engine/regions/asked-regions.ts';
import { sentence } from '../../engine/sentence.ts';
import {
  type TemplateChoice,
  templateChoices,
  templatesToOffer,
} from '../../engine/templates/template-ids.ts';
import { formWithImages } from '../../engine/templates/templates.ts';
import type { ChatMessage } from '../../engine/types/chat-message.ts';
import { countTiles, countTokens } from '../../engine/types/image-views.ts';
import { imageKey } from '../../engine/types/presentation.ts';
import { greedySampling, type SamplingSettings } from '../../engine/types/sampling.ts';
import type { VisionUse } from '../../engine/types/vision-use.ts';
import { ImagePipeline } from '../../imaging/image-pipeline.ts';
import { type Arguments, badArgument, onlyWord, parseArguments } from '../input/arguments.ts';
import { readAsked } from '../input/asked.ts';
import { readDate } from '../input/date.ts';
import { type CliImage, imageFile, readTiling, tilingOptions } from '../input/images.ts';
import { loadFromPath, paceOptions } from '../input/load-from-path.ts';
import { noOptions, presentationOptions, readPresentationOptions } from '../input/presentation.ts';
import { optionOfThinking, readThinking, thinkingOptions } from '../input/thinking.ts';
import { describeViews } from '../output/describe-views.ts';

/** What Mini-Monkey was trained with; the finest presets may need more (--context). */
const visionContextTokens = 8192;

/** Text as it comes, or with --json one object at the end. */
export async function generate(argv: string[]): Promise<unknown> {
  const args = parseArguments(argv, {
    prompt: 'value',
    messages: 'value',
    date: 'value',
    template: 'value',
    system: 'value',
    'max-tokens': 'value',
    temperature: 'value',
    'top-k': 'value',
    'top-p': 'value',
    'min-p': 'value',
    'repetition-penalty': 'value',
    'repetition-window': 'value',
    seed: 'value',
    json: 'flag',
    mmproj: 'value',
    image: 'values',
    compress: 'flag',
    'no-lookup': 'flag',
    'always-lookup': 'flag',
    samples: 'value',
    context: 'value',
    ...thinkingOptions,
    ...tilingOptions,
    ...presentationOptions,
    ...paceOptions,
  });
  const asked = readAsked(args);
  const date = (asked.now ?? readDate(args)).getTime();
  const path = onlyWord(args, 'The model file');
  const chosen = readTemplate(args);
  const sampling = readSampling(args);
  const maxTokens = args.integer('max-tokens') ?? 400;
  const thinking = readThinking(args);
  const samples = args.integer('samples');
  const contextTokens = args.integer('context');
  const mmproj = args.text('mmproj');
  const shown = readPresentationOptions(args);
  if (shown !== noOptions && args.all('image').length !== 1)
    throw badArgument(
      sentence`presentation-of-one-image: --frame, --window and --region go with one --image.`,
    );
  const images = await Promise.all(args.all('image').map(path => imageFile(path, shown)));
  if (images.length > 0 && mmproj === undefined)
    throw badArgument(sentence`image-needs-mmproj: --image needs --mmproj.`);
  const tiling = readTiling(args);
  const model = await loadFromPath(args, path, {
    ...(mmproj === undefined ? {} : { vision: mmproj, contextTokens: visionContextTokens }),
    ...(contextTokens === undefined ? {} : { contextTokens }),
    ...(samples === undefined ? {} : { answers: { count: samples, tokens: maxTokens } }),
  });
  const template = chosen === undefined ? templateUnsaid(model) : formFor(model, chosen);
  const pipeline = model.vision && new ImagePipeline(model.vision, model.memoryPlan.features);
  const source = pipeline?.open(images, tiling, {
    onTiles: (image, count, done, total) =>
      process.stderr.write(`image ${image} of ${count}: tile ${done} of ${total}\n`),
  });
  const compress = args.flag('compress');
  const drafting = readDrafting(args);
  const json = args.flag('json');
  const request = {
    template,
    includeHistory: true,
    ...(asked.system === undefined ? {} : { system: asked.system }),
    templateOptions: { ...asked.templateOptions, ...optionOfThinking(thinking, model, template) },
    ...(thinking.limitTokens === undefined ? {} : { thoughtTokens: thinking.limitTokens }),
    messages: withImages(asked.messages, images),
    date,
    sampling,
    maxTokens,
    compressImages: compress,
  };
  if (samples !== undefined) {
    const seeds = Array.from({ length: samples }, (_, i) => sampling.seed + i);
    const { usage, ...result } = await answerSamples(model, request, seeds, {}, source);
    if (json) return { samples: result.samples, tokensPerStep: usage.tokensPerStep, usage };
    for (const { seed, text } of result.samples) process.stdout.write(`Seed ${seed}:\n${text}\n\n`);
    return undefined;
  }
  const result = await answer(
    model,
    { ...request, drafting },
    json ? {} : { onText: text => void process.stdout.write(text) },
    source,
  );
  if (!json) {
    process.stdout.write('\n');
    return undefined;
  }
  return {
    ids: result.ids,
    text: result.text,
    stopReason: result.stopReason,
    tokensPerStep: result.usage.tokensPerStep,
    usage: result.usage,
    ...(source && images.length > 0 ? { vision: describeVision(source.use, result) } : {}),
  };
}

/** In the form with places for images wherever the model sees them. */
function formFor(model: LanguageModel, template: TemplateChoice): TemplateChoice {
  return model.vision && template !== 'file' ? formWithImages(template) : template;
}

/** Says so where nothing tells how the model is to be asked. */
function templateUnsaid(model: LanguageModel): TemplateChoice {
  const template = defaultTemplate(model);
  if (template === 'raw') {
    process.stderr.write(
      `The file brings no chat template: the model is given the bare text. --template ${templatesToOffer.join('|')} asks it otherwise.\n`,
    );
  }
  return template;
}

function readTemplate(args: Arguments): TemplateChoice | undefined {
  const chosen = args.text('template');
  const template = templateChoices.find(id => id === chosen);
  if (chosen !== undefined && template === undefined) {
    throw badArgument(
      sentence`template-option: --template must be one of ${{ templates: templateChoices.join(', ') }}, not "${{ found: chosen }}".`,
    );
  }
  return template;
}

/** Drafts from what stands earlier in the text, where they pay; the text is the same either way. */
function readDrafting(args: Arguments): Drafting {
  if (args.flag('no-lookup')) return 'never';
  return args.flag('always-lookup') ? 'always' : 'where-it-pays';
}

/** They belong to the question. */
function withImages(messages: readonly ChatMessage[], images: readonly CliImage[]): ChatMessage[] {
  if (images.length === 0) return [...messages];
  const asked = {
    images: images.map(({ id, presentation }) => imageKey(id, presentation)),
    asksAbout: askedRegions(images),
  };
  return messages.map((message, i) => (i === messages.length - 1 ? { ...message, ...asked } : message));
}

/** Of the first image, and sums over all; with several, each of them too. */
function describeVision(use: VisionUse, { keptTokens }: Answer) {
  const each = use.images.map(({ id, presentation, views }) => {
    const visualTokens = countTokens(views);
    return {
      ...describeViews(views),
      tiles: countTiles(views),
      visualTokens,
      keptTokens: keptTokens.get(imageKey(id, presentation)) ?? visualTokens,
    };
  });
  const [first] = each;
  const sum = (name: 'tiles' | 'visualTokens' | 'keptTokens') =>
    each.reduce((total, image) => total + image[name], 0);
  return {
    detailed: first!.detailed,
    adaptive: first!.adaptive,
    views: first!.views,
    tiles: sum('tiles'),
    visualTokens: sum('visualTokens'),
    keptTokens: sum('keptTokens'),
    decodeMs: use.decodeMs,
    encodeMs: use.encodeMs,
    ...(each.length > 1 ? { images: each } : {}),
  };
}

/** Greedy unless a temperature is given. */
function readSampling(args: Arguments): SamplingSettings {
  return {
    temperature: args.number('temperature') ?? greedySampling.temperature,
    topK: args.integer('top-k') ?? greedySampling.topK,
    topP: args.number('top-p') ?? greedySampling.topP,
    minP: args.number('min-p') ?? greedySampling.minP,
    repetitionPenalty: args.number('repetition-penalty') ?? greedySampling.repetitionPenalty,
    repetitionWindow: args.integer('repetition-window') ?? greedySampling.repetitionWindow,
    seed: args.integer('seed') ?? greedySampling.seed,
  };
}
