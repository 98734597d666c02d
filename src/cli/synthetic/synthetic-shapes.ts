import type { Architecture } from '../../engine/families/families.ts';
import type { MetadataEntry } from '../../engine/formats/byte-writer.ts';
import type { GgmlTypeName } from '../../engine/quant/block-formats.ts';
import { templateOf } from '../../engine/templates/templates.ts';

/** What a decoder's properties say of its sizes. */
export interface SyntheticShape {
  architecture: Architecture;
  layers: number;
  hidden: number;
  heads: number;
  kvHeads: number;
  headDim: number;
  feedForward: number;
  vocabulary: number;
  context: number;
  epsilon: number;
  theta: number;
  /** The output matrix is the embedding itself. */
  isTied?: true;
  /** Of the output matrix, where no format is asked for; that of the others without it. */
  outputType?: GgmlTypeName;
  /** Special pieces of its vocabulary, by which an image half is its own; InternVL's without it. */
  pieces?: readonly string[];
  /** What a model says of itself besides, under its architecture's name. */
  more?: MetadataEntry[];
}

/** As llama.cpp writes files of four bits. */
const outputType = 'Q6_K';

/**
 * True shapes of models that readers have, by their publishers' config.json. For models that see images: their language half. Rotations
 * are left unscaled where that takes tensors (LLaMA 3.1, Phi 3.5), which no time or memory depends on.
 */
export const syntheticShapes: Readonly<Record<string, SyntheticShape>> = {
  'pmc-llama-13b': {
    architecture: 'llama',
    layers: 40,
    hidden: 5120,
    heads: 40,
    kvHeads: 40,
    headDim: 128,
    feedForward: 13824,
    vocabulary: 32001,
    context: 2048,
    epsilon: 1e-6,
    theta: 10000,
  },
  'mini-monkey-2b': {
    architecture: 'internlm2',
    layers: 24,
    hidden: 2048,
    heads: 16,
    kvHeads: 8,
    headDim: 128,
    feedForward: 8192,
    vocabulary: 92553,
    context: 32768,
    epsilon: 1e-5,
    theta: 1e6,
  },
  'medgemma-4b': {
    architecture: 'gemma3',
    layers: 34,
    hidden: 2560,
    heads: 8,
    kvHeads: 4,
    headDim: 256,
    feedForward: 10240,
    vocabulary: 262208,
    context: 131072,
    epsilon: 1e-6,
    theta: 1e6,
    isTied: true,
    outputType,
    pieces: templateOf('gemma-3').images!.pieces,
    more: [
      ['attention.sliding_window', 'u32', 1024],
      ['rope.scaling.type', 'string', 'linear'],
      ['rope.scaling.factor', 'f32', 8],
    ],
  },
  'llama-3.1-8b': {
    architecture: 'llama',
    layers: 32,
    hidden: 4096,
    heads: 32,
    kvHeads: 8,
    headDim: 128,
    feedForward: 14336,
    vocabulary: 128256,
    context: 131072,
    epsilon: 1e-5,
    theta: 5e5,
    outputType,
  },
  'qwen3-4b': {
    architecture: 'qwen3',
    layers: 36,
    hidden: 2560,
    heads: 32,
    kvHeads: 8,
    headDim: 128,
    feedForward: 9728,
    vocabulary: 151936,
    context: 40960,
    epsilon: 1e-6,
    theta: 1e6,
    isTied: true,
    outputType,
  },
  'phi-3.5-mini': {
    architecture: 'phi3',
    layers: 32,
    hidden: 3072,
    heads: 32,
    kvHeads: 32,
    headDim: 96,
    feedForward: 8192,
    vocabulary: 32064,
    context: 131072,
    epsilon: 1e-5,
    theta: 10000,
    outputType,
  },
  'biomistral-7b': {
    architecture: 'llama',
    layers: 32,
    hidden: 4096,
    heads: 32,
    kvHeads: 8,
    headDim: 128,
    feedForward: 14336,
    vocabulary: 32000,
    context: 32768,
    epsilon: 1e-5,
    theta: 10000,
    outputType,
    more: [['attention.sliding_window', 'u32', 4096]],
  },
};
