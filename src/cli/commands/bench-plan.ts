import { parseGguf } from '../../engine/formats/gguf.ts';
import { planModel } from '../../engine/loading/load-model.ts';
import { sentence } from '../../engine/sentence.ts';
import { openSynthetic } from '../bench/open-model.ts';
import { type Arguments, badArgument } from '../input/arguments.ts';
import { readChunk } from '../input/chunk-option.ts';
import { readPrecision, usualLimits } from '../input/open-device.ts';

/** `bench --synthetic NAME --quant Q --plan`: what a model of these formats would hold, of which nothing is allocated; with --tiles, its
 * image half too. */
export async function benchPlan(args: Arguments): Promise<unknown> {
  const name = args.text('synthetic');
  if (name === undefined) throw badArgument(sentence`plan-needs-synthetic: --plan needs --synthetic.`);
  const contextTokens = args.integer('context') ?? 2048;
  const precision = readPrecision(args);
  const chunkTokens = readChunk(args);
  const { text, vision } = openSynthetic(name, args);
  const { tensors } = await parseGguf(text);
  const options = { precision, contextTokens, chunkTokens, ...(vision ? { vision } : {}) };
  const plan = await planModel(usualLimits, text, options);
  const { weights, cache, activations, readback, visionWeights, visionActivations, features, total } =
    plan.memory;
  return {
    model: name,
    fileBytes: text.bytes,
    tensorBytes: tensors.reduce((sum, { bytes }) => sum + bytes, 0),
    precision,
    contextTokens: plan.contextTokens,
    chunkTokens: plan.chunkTokens,
    planned: {
      weights,
      cache,
      activations,
      readback,
      ...(vision ? { visionWeights, visionActivations } : {}),
      total,
      ...(vision ? { features } : {}),
    },
  };
}
