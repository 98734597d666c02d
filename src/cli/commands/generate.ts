import { familyOf } from '../../engine/families/families.ts';
import { type Answer, answer } from '../../engine/generation/answer.ts';
import type { LanguageModel } from '../../engine/loading/load-model.ts';
import { sentence } from '../../engine/sentence.ts';
import { type TemplateId, templateIds } from '../../engine/templates/template-ids.ts';
import { formWithImages } from '../../engine/templates/templates.ts';
import { countTiles, countTokens } from '../../engine/types/image-views.ts';
import { greedySampling, type SamplingSettings } from '../../engine/types/sampling.ts';
import type { VisionUse } from '../../engine/types/vision-use.ts';
import { ImagePipeline } from '../../imaging/image-pipeline.ts';
import { type Arguments, badArgument, onlyWord, parseArguments } from '../input/arguments.ts';
import { imageFile, readTiling, tilingOptions } from '../input/images.ts';
import { loadFromPath } from '../input/load-from-path.ts';
import { describeViews } from '../output/describe-views.ts';

/** What Mini-Monkey was trained with; the finest presets may need more (--context). */
const visionContextTokens = 8192;

/** Text as it comes, or with --json one object at the end. */
export async function generate(argv: string[]): Promise<unknown> {
  const args = parseArguments(argv, {
    prompt: 'value',
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
    context: 'value',
    ...tilingOptions,
  });
  const prompt = args.text('prompt');
  if (prompt === undefined) throw badArgument(sentence`prompt-is-missing: --prompt is missing.`);
  const path = onlyWord(args, 'The model file');
  const chosen = readTemplate(args);
  const sampling = readSampling(args);
  const maxTokens = args.integer('max-tokens') ?? 400;
  const contextTokens = args.integer('context');
  const mmproj = args.text('mmproj');
  const images = await Promise.all(args.all('image').map(imageFile));
  if (images.length > 0 && mmproj === undefined)
    throw badArgument(sentence`image-needs-mmproj: --image needs --mmproj.`);
  const tiling = readTiling(args);
  const model = await loadFromPath(args, path, {
    ...(mmproj === undefined ? {} : { vision: mmproj, contextTokens: visionContextTokens }),
    ...(contextTokens === undefined ? {} : { contextTokens }),
  });
  const template = chooseTemplate(chosen, model);
  const pipeline = model.vision && new ImagePipeline(model.vision);
  const source = pipeline?.open(images, tiling, {
    onTiles: (image, count, done, total) =>
      process.stderr.write(`image ${image} of ${count}: tile ${done} of ${total}\n`),
  });
  const compress = args.flag('compress');
  const json = args.flag('json');
  const result = await answer(
    model,
    {
      template,
      includeHistory: false,
      ...(args.text('system') === undefined ? {} : { system: args.text('system')! }),
      messages: [{ role: 'user', text: prompt, images: images.map(({ id }) => id) }],
      sampling,
      maxTokens,
      compressImages: compress,
    },
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
    usage: result.usage,
    ...(source && images.length > 0 ? { vision: describeVision(source.use, result) } : {}),
  };
}

/** In the form with places for images wherever the model sees them. */
function chooseTemplate(chosen: TemplateId | undefined, model: LanguageModel): TemplateId {
  const template = chosen ?? familyOf(model.config.architecture).template;
  return model.vision ? formWithImages(template) : template;
}

function readTemplate(args: Arguments): TemplateId | undefined {
  const chosen = args.text('template');
  const template = templateIds.find(id => id === chosen);
  if (chosen !== undefined && template === undefined) {
    throw badArgument(
      sentence`template-option: --template must be one of ${{ templates: templateIds.join(', ') }}, not "${{ found: chosen }}".`,
    );
  }
  return template;
}

/** Of the first image, and sums over all; with several, each of them too. */
function describeVision(use: VisionUse, { keptTokens }: Answer) {
  const each = use.images.map(({ id, views }) => {
    const visualTokens = countTokens(views);
    return {
      ...describeViews(views),
      tiles: countTiles(views),
      visualTokens,
      keptTokens: keptTokens.get(id) ?? visualTokens,
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
