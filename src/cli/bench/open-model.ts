import type { EngineDevice } from '../../engine/device/device.ts';
import type { ByteSource } from '../../engine/formats/byte-source.ts';
import { type LanguageModel, type LoadOptions, loadModel } from '../../engine/loading/load-model.ts';
import type { GgmlTypeName } from '../../engine/quant/block-formats.ts';
import { placements } from '../../engine/quant/gpu-formats.ts';
import { sentence } from '../../engine/sentence.ts';
import { quantisations } from '../../engine/types/quantisation.ts';
import { type Arguments, badArgument, onlyWord } from '../input/arguments.ts';
import { readChunk } from '../input/chunk-option.ts';
import { withModelFiles } from '../input/model-files.ts';
import { readPrecision } from '../input/open-device.ts';
import { readTuning } from '../input/tuning-file.ts';
import { type SyntheticTypes, syntheticModel } from '../synthetic/synthetic-model.ts';
import { syntheticVision } from '../synthetic/synthetic-vision.ts';

/**
 * The model that the arguments name: a file, or --synthetic NAME with --layers, --type or --quant; its image half with --tiles.
 * @param watch stands between the model and each of its files
 */
export async function openModel(
  args: Arguments,
  device: EngineDevice,
  load: Pick<LoadOptions, 'contextTokens' | 'onProgress' | 'tuning'>,
  watch: (source: ByteSource) => ByteSource = source => source,
): Promise<LanguageModel> {
  const name = args.text('synthetic');
  const layers = args.integer('layers');
  const types = readTypes(args);
  const options = {
    tuning: await readTuning(args),
    chunkTokens: readChunk(args),
    ...load,
    precision: readPrecision(args),
  };
  const needsVision = (args.integer('tiles') ?? 0) > 0;
  if (name) {
    if (args.words.length > 0)
      throw badArgument(sentence`file-and-synthetic: Give a model file or --synthetic, not both.`);
    if (needsVision && name !== 'mini-monkey-2b')
      throw badArgument(sentence`tiles-need-synthetic: --tiles needs --synthetic mini-monkey-2b.`);
    return loadModel(device, watch(syntheticModel(name, { ...types, ...(layers ? { layers } : {}) })), {
      ...options,
      ...(needsVision ? { vision: watch(syntheticVision(layers)) } : {}),
    });
  }
  const mmproj = args.text('mmproj');
  if (needsVision && mmproj === undefined)
    throw badArgument(sentence`tiles-need-mmproj: --tiles needs --mmproj.`);
  const path = onlyWord(args, 'The model file (or --synthetic NAME)');
  return withModelFiles(path, mmproj, (source, vision) =>
    loadModel(device, watch(source), { ...options, vision: vision && watch(vision) }),
  );
}

/** --type for all matrices, or --quant for what a conversion chooses. */
export function readTypes(args: Arguments): SyntheticTypes {
  const quant = args.text('quant')?.toUpperCase();
  if (quant === undefined) return { type: readType(args) };
  if (args.text('type') !== undefined)
    throw badArgument(sentence`type-and-quant: Give --type or --quant, not both.`);
  const quantisation = quantisations.find(name => name === quant);
  if (quantisation === undefined)
    throw badArgument(
      sentence`synthetic-quant-option: --quant must be one of ${{ quants: quantisations.join(', ').toLowerCase() }}.`,
    );
  return { quantisation };
}

export function readType(args: Arguments): GgmlTypeName {
  const type = (args.text('type') ?? 'q4_0').toUpperCase();
  if (!(type in placements))
    throw badArgument(
      sentence`type-option: --type must be one of ${{ types: Object.keys(placements).join(', ') }}.`,
    );
  return type as GgmlTypeName;
}

export function positive(args: Arguments, name: string, fallback: number): number {
  const value = args.integer(name) ?? fallback;
  if (value < 1) throw badArgument(sentence`option-below-one: --${{ option: name }} must be at least 1.`);
  return value;
}
