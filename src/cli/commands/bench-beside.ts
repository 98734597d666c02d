import { textPrompt } from '../../engine/generation/prompt.ts';
import { type LanguageModel, loadModel } from '../../engine/loading/load-model.ts';
import { sentence } from '../../engine/sentence.ts';
import { spreadOf } from '../../engine/timing/statistics.ts';
import { feed, sampleIds } from '../bench/feed-model.ts';
import { openSynthetic, positive } from '../bench/open-model.ts';
import { readBytes } from '../bench/read-bytes.ts';
import { type Arguments, badArgument } from '../input/arguments.ts';
import { readChunk } from '../input/chunk-option.ts';
import { openDevice, readPrecision } from '../input/open-device.ts';
import { formatNumber, formatTable } from '../output/table.ts';

/** GB/s, one figure a round. A prompt counts as often as it takes steps. */
interface Rates {
  prefill: number[];
  decode: number[];
}

interface Run {
  prefill: number;
  context: number;
  decode: number;
}

/**
 * `bench --synthetic NAME --beside OTHER`: how many bytes a second of weights and conversation each reads, in turns in one run, and how the first
 * compares to the other round by round. With --type the same format for all matrices of both, so that kernels are compared and not formats.
 */
export async function benchBeside(args: Arguments): Promise<unknown> {
  const [name, other] = [args.text('synthetic'), args.text('beside')!];
  if (name === undefined) throw badArgument(sentence`beside-needs-synthetic: --beside needs --synthetic.`);
  const run = {
    prefill: positive(args, 'prefill', 128),
    context: positive(args, 'context', 64),
    decode: positive(args, 'decode', 16),
  };
  const repeat = positive(args, 'repeat', 5);
  const layers = args.integer('layers') ?? 1;
  const models = [
    await open(args, name, layers, run),
    await open(args, other, args.integer('beside-layers') ?? layers, run),
  ];
  const rates = models.map((): Rates => ({ prefill: [], decode: [] }));
  // One round more than asked for: the first warms up and is not counted.
  for (let round = 0; round <= repeat; round++) {
    for (const [i, model] of models.entries()) {
      const each = await measure(model, run);
      if (round === 0) continue;
      rates[i]!.prefill.push(each.prefill);
      rates[i]!.decode.push(each.decode);
    }
  }
  const rows = (['prefill', 'decode'] as const).map(what => {
    const [first, second] = rates.map(each => each[what]);
    const ratio = first!.map((rate, round) => rate / second![round]!);
    return { what, first: spreadOf(first!), second: spreadOf(second!), ratio: spreadOf(ratio) };
  });
  const table = rows.map(({ what, first, second, ratio }) => [
    what,
    ...[first, second].map(({ median }) => formatNumber(median)),
    ...[ratio.median, ratio.p10, ratio.p90].map(formatNumber),
    String(ratio.runs),
  ]);
  process.stderr.write(`${formatTable(['GB/s', name, other, 'ratio', 'p10', 'p90', 'rounds'], table)}\n`);
  const report = models.map((model, i) => ({
    model: i === 0 ? name : other,
    layers: model.config.layers,
    bytesPerToken: readBytes(model, run.context),
    dispatchesPerToken: model.dispatchesPerToken,
    prefillGBps: rows[0]![i === 0 ? 'first' : 'second'],
    decodeGBps: rows[1]![i === 0 ? 'first' : 'second'],
  }));
  const { adapter } = models[0]!.device.report;
  for (const model of models) model.destroy();
  return {
    adapter,
    ...run,
    repeat,
    models: report,
    ratio: { prefill: rows[0]!.ratio, decode: rows[1]!.ratio },
  };
}

/** On a device of its own: one holds one model. */
async function open(args: Arguments, name: string, layers: number, run: Run): Promise<LanguageModel> {
  const device = await openDevice(args);
  return loadModel(device, openSynthetic(name, args, layers).text, {
    precision: readPrecision(args),
    chunkTokens: readChunk(args),
    contextTokens: Math.max(run.prefill, run.context + run.decode),
  });
}

async function measure(model: LanguageModel, { prefill, context, decode }: Run) {
  const prompt = (tokens: number) => textPrompt(sampleIds(model.config.vocabulary, tokens));
  let started = performance.now();
  await feed(model, prompt(prefill));
  await model.settle();
  const prefillMs = performance.now() - started;
  await feed(model, prompt(context));
  await model.submitArgmax()();
  started = performance.now();
  let last = Promise.resolve(0);
  for (let token = 0; token < decode; token++) {
    const read = model.submitGreedyStep(context + token);
    await last;
    last = read();
  }
  await last;
  const decodeMs = performance.now() - started;
  const steps = Math.ceil(prefill / model.chunkTokens);
  return {
    prefill: (steps * readBytes(model, prefill)) / prefillMs / 1e6,
    decode: (decode * readBytes(model, context)) / decodeMs / 1e6,
  };
}
