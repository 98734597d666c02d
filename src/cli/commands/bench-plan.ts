import { parseGguf } from '../../engine/formats/gguf.ts';
import { planModel } from '../../engine/loading/load-model.ts';
import { sentence } from '../../engine/sentence.ts';
import { readTypes } from '../bench/open-model.ts';
import { type Arguments, badArgument } from '../input/arguments.ts';
import { readChunk } from '../input/chunk-option.ts';
import { readPrecision, usualLimits } from '../input/open-device.ts';
import { syntheticModel } from '../synthetic/synthetic-model.ts';

/** `bench --synthetic NAME --quant Q --plan`: what a model of these formats would hold, of which nothing is allocated. */
export async function benchPlan(args: Arguments): Promise<unknown> {
  const name = args.text('synthetic');
  if (name === undefined) throw badArgument(sentence`plan-needs-synthetic: --plan needs --synthetic.`);
  const layers = args.integer('layers');
  const contextTokens = args.integer('context') ?? 2048;
  const precision = readPrecision(args);
  const chunkTokens = readChunk(args);
  const source = syntheticModel(name, { ...readTypes(args), ...(layers ? { layers } : {}) });
  const { tensors } = await parseGguf(source);
  const plan = await planModel(usualLimits, source, { precision, contextTokens, chunkTokens });
  const { weights, cache, activations, readback, total } = plan.memory;
  return {
    model: name,
    fileBytes: source.bytes,
    tensorBytes: tensors.reduce((sum, { bytes }) => sum + bytes, 0),
    precision,
    contextTokens: plan.contextTokens,
    chunkTokens: plan.chunkTokens,
    planned: { weights, cache, activations, readback, total },
  };
}
