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
import { syntheticEncoders, syntheticVision } from '../synthetic/synthetic-vision.ts';

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
  const options = {
    tuning: await readTuning(args),
    chunkTokens: readChunk(args),
    ...load,
    precision: readPrecision(args),
  };
  if (name) {
    if (args.words.length > 0)
      throw badArgument(sentence`file-and-synthetic: Give a model file or --synthetic, not both.`);
    const { text, vision } = openSynthetic(name, args);
    return loadModel(device, watch(text), { ...options, ...(vision ? { vision: watch(vision) } : {}) });
  }
  const mmproj = args.text('mmproj');
  if (needsVision(args) && mmproj === undefined)
    throw badArgument(sentence`tiles-need-mmproj: --tiles needs --mmproj.`);
  const path = onlyWord(args, 'The model file (or --synthetic NAME)');
  return withModelFiles(path, mmproj, (source, vision) =>
    loadModel(device, watch(source), { ...options, vision: vision && watch(vision) }),
  );
}

const needsVision = (args: Arguments) => (args.integer('tiles') ?? 0) > 0;

/** The files of --synthetic NAME with --layers, --type or --quant; that of its image half with --tiles. */
export function openSynthetic(
  name: string,
  args: Arguments,
  layers = args.integer('layers'),
): { text: ByteSource; vision?: ByteSource } {
  const text = syntheticModel(name, { ...readTypes(args), ...(layers ? { layers } : {}) });
  if (!needsVision(args)) return { text };
  if (!syntheticEncoders.includes(name))
    throw badArgument(
      sentence`tiles-need-synthetic: --tiles needs --synthetic ${{ models: syntheticEncoders.join(' or ') }}.`,
    );
  return { text, vision: syntheticVision(layers, name) };
}

/** --type for all matrices, --quant for what a conversion chooses, or nothing: as its files are of four bits. */
export function readTypes(args: Arguments): SyntheticTypes {
  const quant = args.text('quant')?.toUpperCase();
  if (quant === undefined) return args.text('type') === undefined ? {} : { type: readType(args) };
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
