import { sentence } from '../../engine/sentence.ts';
import { estimateContext, estimateImage } from '../bench/estimates.ts';
import { LoadWatch } from '../bench/load-watch.ts';
import { measureContext, measureImage, questionTokens } from '../bench/model-speed.ts';
import { formatModel, type ModelReport } from '../bench/model-table.ts';
import { openModel, positive } from '../bench/open-model.ts';
import { parseCounts } from '../bench/shapes.ts';
import { type Arguments, badArgument } from '../input/arguments.ts';
import { openDevice } from '../input/open-device.ts';

/** Visual tokens of a tile of 448 pixels: room for the prompt of --tiles. */
const tokensPerTile = 256;

/** `bench --contexts 64,512`: load, memory, speed after prompts of these lengths, and --tiles of an image. */
export async function benchModel(args: Arguments): Promise<unknown> {
  const contexts = parseCounts(args.text('contexts')!, 'contexts');
  const repeat = positive(args, 'repeat', 3);
  const decode = positive(args, 'decode', 16);
  const tiles = args.integer('tiles') ?? 0;
  if (tiles < 0) throw badArgument(sentence`tiles-negative: --tiles must not be negative.`);
  const device = await openDevice(args);
  const { adapter, isSoftware } = device.report;
  process.stderr.write(`${adapter}\n`);
  const watch = new LoadWatch();
  const imageTokens = tiles > 0 ? tiles * tokensPerTile + questionTokens : 0;
  const model = await openModel(
    args,
    device,
    {
      contextTokens: Math.max(imageTokens, ...contexts.map(tokens => tokens + decode)),
      onProgress: watch.note,
    },
    watch.watch,
  );
  const load = watch.finish();
  const memory = { deviceBytes: device.memory.bytes, plannedBytes: model.memoryPlan.total };
  const { work } = model.info.plan;
  const speeds: ModelReport['contexts'] = [];
  for (const tokens of contexts) {
    // PMC-LLaMA reads 2048 tokens in all: its answer takes some of them.
    const prompt = Math.max(1, Math.min(tokens, model.contextTokens - decode));
    const estimated = estimateContext(device.report, work, prompt);
    speeds.push({ ...(await measureContext(model, prompt, decode, repeat)), estimated });
  }
  const image = tiles > 0 ? await measureImage(model, tiles, repeat) : undefined;
  const report: ModelReport = {
    model: model.info.name,
    layers: model.config.layers,
    variant: model.info.variant,
    load,
    memory: { ...memory, peakBytes: 0 },
    contexts: speeds,
    ...(image
      ? {
          image: {
            ...image,
            estimatedMs: estimateImage(device.report, work, { tiles, tokens: image.promptTokens }),
          },
        }
      : {}),
  };
  report.memory.peakBytes = device.memory.peakBytes;
  process.stderr.write(`${formatModel(report)}\n`);
  const { processor } = device.report;
  return {
    adapter,
    isSoftware,
    ...(processor ? { processor } : {}),
    fileBytes: model.info.fileBytes,
    ...report,
  };
}
