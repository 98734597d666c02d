import { writeFile } from 'node:fs/promises';
import { prefill, readOf } from '../../engine/generation/prefill.ts';
import { allRows, type Prompt, placeImages, textPrompt } from '../../engine/generation/prompt.ts';
import type { LanguageModel } from '../../engine/loading/load-model.ts';
import { noVisionModelError } from '../../engine/models/encoder/encoder-config.ts';
import { rankTop } from '../../engine/sampling/filters.ts';
import { sentence } from '../../engine/sentence.ts';
import { templateOf, templatesWithImages } from '../../engine/templates/templates.ts';
import { imageKey } from '../../engine/types/presentation.ts';
import { ImagePipeline } from '../../imaging/image-pipeline.ts';
import { type Arguments, badArgument, onlyWord, parseArguments } from '../input/arguments.ts';
import { imageFile, readTiling, tilingOptions } from '../input/images.ts';
import { loadFromPath, paceOptions } from '../input/load-from-path.ts';

export async function logits(argv: string[]): Promise<unknown> {
  const args = parseArguments(argv, {
    ids: 'value',
    top: 'value',
    'all-positions': 'flag',
    hidden: 'flag',
    out: 'value',
    mmproj: 'value',
    image: 'values',
    ...tilingOptions,
    ...paceOptions,
  });
  const list = args.text('ids');
  if (!list) throw badArgument(sentence`ids-are-missing: --ids is missing: token ids separated by commas.`);
  const ids = list.split(',').map(Number);
  if (ids.some(id => !Number.isInteger(id) || id < 0))
    throw badArgument(sentence`ids-option: --ids must be whole numbers separated by commas.`);
  const path = onlyWord(args, 'The model file');
  const vision = args.text('mmproj');
  const contextTokens = Math.max(64, ids.length);
  const model = await loadFromPath(args, path, {
    contextTokens,
    ...(vision === undefined ? {} : { vision }),
  });
  const vocabulary = model.config.vocabulary;
  const images = args.all('image');
  const prompt = images.length > 0 ? await withImages(model, ids, images, args) : textPrompt(ids);
  const all = images.length > 0 ? await lastLogits(model, prompt) : await model.logitsOfAll(ids);
  const last = all.subarray(all.length - vocabulary);
  const out = args.text('out');
  if (out) {
    const rows = args.flag('all-positions') ? all : last;
    await writeFile(out, new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength));
  }
  const ranking = rankTop(last, Math.min(args.integer('top') ?? 10, vocabulary));
  return {
    adapter: model.device.report.adapter,
    top: Array.from(ranking.ids, (id, i) => [id, ranking.logits[i]]),
    norm: normOf(last),
    ...(args.flag('hidden')
      ? { hidden: (await model.hiddenOfLast(readOf(model, prompt))).map(describeHidden) }
      : {}),
  };
}

/** The images in order on the runs of visual tokens among the ids. */
async function withImages(
  model: LanguageModel,
  ids: readonly number[],
  paths: readonly string[],
  args: Arguments,
): Promise<Prompt> {
  if (args.flag('all-positions'))
    throw badArgument(
      sentence`images-and-all-positions: --all-positions gives the logits of text; with --image there are those of the last token.`,
    );
  const { vision } = model;
  if (!vision) throw noVisionModelError();
  const form = templatesWithImages.find(id => templateOf(id).images!.encoder === vision.config.kind)!;
  const token = model.tokenizer.idOf(templateOf(form).images!.token)!;
  const files = await Promise.all(paths.map(path => imageFile(path)));
  const source = new ImagePipeline(vision, model.memoryPlan.features).open(files, readTiling(args));
  const keys = files.map(({ id, presentation }) => imageKey(id, presentation));
  const features = await source.encode(keys);
  const placed = keys.map(key => {
    const found = features.get(key)!;
    return { features: found, views: source.views(key)!, rows: allRows(found) };
  });
  const wanted = placed.reduce((sum, { rows }) => sum + rows.length, 0);
  const places = ids.filter(id => id === token).length;
  if (places !== wanted)
    throw badArgument(
      sentence`ids-and-images-differ: The images take ${{ tokens: wanted }} visual tokens; --ids has ${{ places }} of them.`,
    );
  return placeImages(ids, token, placed);
}

async function lastLogits(model: LanguageModel, prompt: Prompt): Promise<Float32Array> {
  await prefill(model, prompt, {});
  return model.readLogits();
}

/** Of a hidden state, what references give of one. */
function describeHidden(state: Float32Array) {
  return { l2: normOf(state), first16: Array.from(state.subarray(0, 16)) };
}

function normOf(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
