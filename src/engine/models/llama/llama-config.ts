import { FormatError } from '../../errors.ts';
import {
  type Architecture,
  architectures,
  architecturesInWords,
  familyOf,
  hasWindowUnsaid,
} from '../../families/families.ts';
import type { DecoderParts, LayerWindow } from '../../families/family.ts';
import type { GgufFile } from '../../formats/gguf.ts';
import { getNumber, getOptionalNumber, getOptionalString, getString } from '../../formats/gguf-metadata.ts';
import { refuseUnknownProperties } from '../../formats/known-properties.ts';
import { printableText } from '../../printable-text.ts';
import { type Sentence, sentence } from '../../sentence.ts';
import { decoderProperties } from './llama-properties.ts';

/** Hyper-parameters of a decoder, whose parts its family names. */
export interface LlamaConfig {
  architecture: Architecture;
  parts: DecoderParts;
  name: string;
  layers: number;
  hidden: number;
  heads: number;
  kvHeads: number;
  headDim: number;
  feedForward: number;
  vocabulary: number;
  /** Positions that the model was trained for. */
  contextTokens: number;
  /** What its file says where that is more: of LongRoPE the side of short sequences alone is computed (decision 041). */
  statedContextTokens?: number;
  rmsEpsilon: number;
  ropeTheta: number;
  /** Leading dimensions of each head that rotate. */
  ropeDimensions: number;
  /** Multiplies positions: 1, or 1 / factor under linear scaling. */
  ropeScale: number;
  /** Multiplies cosine and sine. */
  ropeMagnitude: number;
  /** Absent where every layer sees everything. */
  window?: LayerWindow | undefined;
  /** The base of rotations in layers with a window, whose positions are never scaled, where it is another. */
  windowTheta?: number | undefined;
  /** A factor for queries, by which scores are divided otherwise than by the root of a head's dimensions. */
  queryFactor: number;
}

/** Whether a layer sees a window alone. */
export function hasWindow({ window }: Pick<LlamaConfig, 'window'>, layer: number): boolean {
  return window?.layers[layer] ?? false;
}

function refuse(what: Sentence): never {
  throw new FormatError(
    0,
    what,
    'unsupported-model',
    `Choose a GGUF file of the architecture ${architecturesInWords()}.`,
  );
}

/** Reads and checks the hyper-parameters; the tensors are checked against them by `checkLlamaTensors`. */
export function readLlamaConfig(file: GgufFile): LlamaConfig {
  const architecture = getString(file, 'general.architecture');
  if (architecture === 'clip') {
    refuse(
      sentence`encoder-in-place-of-model: This file is an image encoder (mmproj), which goes with a language model but is not one`,
    );
  }
  const known = architectures.find(name => name === architecture);
  if (!known)
    refuse(
      sentence`architecture-is-not-supported: Models of the architecture "${{ architecture: printableText(architecture, 32) ?? '' }}" are not supported`,
    );
  const key = (name: string) => `${architecture}.${name}`;

  if ((getOptionalNumber(file, key('expert_count')) ?? 0) > 0) {
    refuse(
      sentence`experts-are-not-supported: Mixture-of-experts models are not supported (the property "${{ property: key('expert_count') }}")`,
    );
  }
  if ((getOptionalNumber(file, 'split.count') ?? 1) > 1) {
    refuse(sentence`part-of-a-split-model: This is one part of a model that was split over several files`);
  }

  const integer = (name: string, least: number, most: number, fallback?: number): number => {
    const value =
      fallback === undefined ? getNumber(file, key(name)) : (getOptionalNumber(file, key(name)) ?? fallback);
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new FormatError(
        0,
        sentence`property-out-of-range: The property ${{ property: key(name) }} is ${{ found: value }}, outside ${{ least }} to ${{ most }}`,
      );
    }
    return value;
  };
  const real = (name: string, above: number, most: number, fallback?: number): number => {
    const value =
      fallback === undefined ? getNumber(file, key(name)) : (getOptionalNumber(file, key(name)) ?? fallback);
    if (!(value > above && value <= most)) {
      throw new FormatError(
        0,
        sentence`property-out-of-range: The property ${{ property: key(name) }} is ${{ found: value }}, outside ${{ least: above }} to ${{ most }}`,
      );
    }
    return value;
  };

  const hidden = integer('embedding_length', 4, 65536);
  const heads = integer('attention.head_count', 1, 1024);
  const kvHeads = integer('attention.head_count_kv', 1, heads, heads);
  const headDim = integer('attention.key_length', 4, 256, Math.floor(hidden / heads));
  const valueDim = integer('attention.value_length', 4, 256, headDim);
  if (valueDim !== headDim) {
    refuse(
      sentence`value-size-is-not-supported: Values of ${{ valueDim }} dimensions beside keys of ${{ headDim }} are not supported (${{ property: key('attention.value_length') }})`,
    );
  }
  if (hidden % 4 !== 0 || headDim % 4 !== 0 || heads % kvHeads !== 0) {
    refuse(
      sentence`attention-is-not-supported: Attention with ${{ heads }} heads, ${{ kvHeads }} of keys and values, and ${{ headDim }} dimensions is not supported`,
    );
  }
  const ropeDimensions = integer('rope.dimension_count', 2, headDim, headDim);
  if (ropeDimensions % 2 !== 0)
    refuse(
      sentence`rope-size-is-not-supported: RoPE over ${{ dimensions: ropeDimensions }} dimensions is not supported`,
    );
  const family = familyOf(known);
  const layers = integer('block_count', 1, 1024);
  const long =
    family.gguf.frequencyFactors.length > 1 &&
    file.tensors.some(({ name }) => name === 'rope_factors_long.weight');
  // Keys that were rotated for short sequences are not those of long ones: there are no longer ones here.
  const stated = integer('context_length', 1, 1 << 24);
  const contextTokens = Math.min(
    stated,
    long ? integer('rope.scaling.original_context_length', 1, 1 << 24) : Number.POSITIVE_INFINITY,
  );
  const rmsEpsilon = real('attention.layer_norm_rms_epsilon', 0, 0.01);
  const ropeScale = readRopeScale(file, known);
  refuseUnknownProperties(
    file,
    architecture,
    decoderProperties({ headDim, contextTokens, rmsEpsilon, hasLongRope: long }),
    refuse,
  );
  const embedding = file.tensors.find(tensor => tensor.name === 'token_embd.weight');
  return {
    architecture: known,
    parts: family.parts,
    name: printableText(getOptionalString(file, 'general.name'), 96) ?? 'Unnamed model',
    layers,
    hidden,
    heads,
    kvHeads,
    headDim,
    feedForward: integer('feed_forward_length', 4, 1 << 20),
    vocabulary: embedding?.shape[1] ?? integer('vocab_size', 1, 1 << 24),
    contextTokens,
    ...(stated > contextTokens ? { statedContextTokens: stated } : {}),
    rmsEpsilon,
    // Where a file says nothing: as the files were written before there was a choice, and as llama.cpp reads them.
    ropeTheta: real('rope.freq_base', 0, 1e10, 10000),
    ropeDimensions,
    ropeScale,
    ropeMagnitude: long ? real('rope.scaling.attn_factor', 0, 1e3, 1) : 1,
    window: readWindow(file, known, layers, contextTokens),
    windowTheta: family.gguf.windowTheta && real('rope.freq_base_swa', 0, 1e10, family.gguf.windowTheta),
    queryFactor: Math.sqrt(
      headDim / (family.gguf.scoreDimensions?.({ layers, hidden, heads, headDim }) ?? headDim),
    ),
  };
}

function readWindow(
  file: GgufFile,
  architecture: Architecture,
  layers: number,
  contextTokens: number,
): LayerWindow | undefined {
  const key = `${architecture}.attention.sliding_window`;
  const tokens = getOptionalNumber(file, key) ?? 0;
  // One as long as the context hides nothing, but its layers may rotate otherwise.
  const hides = tokens < contextTokens || familyOf(architecture).gguf.windowTheta !== undefined;
  if (tokens === 0 || !hides) return undefined;
  if (!Number.isInteger(tokens) || tokens < 1) {
    throw new FormatError(
      0,
      sentence`property-out-of-range: The property ${{ property: key }} is ${{ found: tokens }}, outside ${{ least: 1 }} to ${{ most: contextTokens }}`,
    );
  }
  const has = readPattern(file, `${key}_pattern`, layers, familyOf(architecture).gguf.globalEvery);
  return has.includes(true) ? { tokens, layers: has } : undefined;
}

/** Which layers have the window: a list, or a number every how many layers one sees everything. */
function readPattern(
  file: GgufFile,
  key: string,
  layers: number,
  globalEvery: number | undefined,
): boolean[] {
  const pattern = file.metadata.get(key);
  const byNumber = (every: number | undefined) =>
    Array.from({ length: layers }, (_, layer) => hasWindowUnsaid(layer, every));
  if (pattern === undefined) return byNumber(globalEvery);
  if (typeof pattern === 'number' && Number.isInteger(pattern) && pattern >= 0) {
    return byNumber(pattern === 0 ? undefined : pattern);
  }
  const list = typeof pattern === 'object' ? Array.from(pattern as ArrayLike<unknown>) : [];
  if (list.length !== layers || !list.every(item => typeof item === 'boolean'))
    refuse(
      sentence`window-pattern-is-not-supported: The property ${{ property: key }} does not say of each layer whether it has a window`,
    );
  return list;
}

/**
 * As llama.cpp reads it: a factor without a type is linear; "rope.scale_linear" is the factor's old name and counts
 * where that is absent; zero stands for none; and the type "none" scales nothing, whatever the factor.
 */
function readRopeScale(file: GgufFile, architecture: Architecture): number {
  const typeKey = `${architecture}.rope.scaling.type`;
  const type = getOptionalString(file, typeKey) ?? 'linear';
  // Its factors are tensors.
  const isLong = type === 'longrope' && familyOf(architecture).gguf.frequencyFactors.length > 1;
  if (isLong) return 1;
  if (type !== 'none' && type !== 'linear') {
    refuse(
      sentence`rope-scaling-is-not-supported: RoPE scaling of the kind "${{ type }}" is not supported (the property "${{ property: typeKey }}")`,
    );
  }
  const factorKey = `${architecture}.rope.scaling.factor`;
  const linearKey = `${architecture}.rope.scale_linear`;
  const [name, factor] = file.metadata.has(factorKey)
    ? [factorKey, getNumber(file, factorKey)]
    : [linearKey, getOptionalNumber(file, linearKey) ?? 0];
  if (!(factor >= 0 && factor <= 1e4)) {
    throw new FormatError(
      0,
      sentence`rope-factor-out-of-range: The property ${{ property: name }} is ${{ found: factor }}, outside 0 to 10,000`,
    );
  }
  return type === 'none' || factor === 0 ? 1 : 1 / factor;
}
