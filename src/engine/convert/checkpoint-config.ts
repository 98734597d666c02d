import {
  type Architecture,
  type CheckpointKind,
  familyOf,
  findByChatClass,
  findByClass,
  findBySiglipClass,
  isChatClass,
} from '../families/families.ts';
import type { CheckpointRules, LayerShape, LayerWindow } from '../families/family.ts';
import { sentence } from '../sentence.ts';
import { checkpointError } from './checkpoint-error.ts';
import { type CheckpointFolder, readOptionalJson } from './checkpoint-folder.ts';
import { readImageSettings } from './image-settings.ts';
import { JsonSettings } from './json-settings.ts';
import { chatSettings, decoderSettings, encoderSettings, gemma3Settings } from './known-settings.ts';
import { type RopeSettings, readRope } from './rope-settings.ts';
import { readSiglipEncoder, type SiglipEncoder } from './siglip-checkpoint.ts';

/** Hyper-parameters of a decoder, by the configuration of its family. */
export interface TextConfig extends LayerShape {
  /** GGUF's name for it. */
  architecture: Architecture;
  rules: CheckpointRules;
  layers: number;
  vocabulary: number;
  contextTokens: number;
  rmsEpsilon: number;
  rope: RopeSettings;
  /** Absent where every layer sees everything. */
  window?: LayerWindow | undefined;
  /** The output matrix is the embedding itself. */
  isTied: boolean;
}

/** Hyper-parameters of InternViT-300M and InternVL's projector, by configuration_intern_vit.py. */
export interface InternVitEncoder {
  kind: 'intern-vit';
  layers: number;
  hidden: number;
  heads: number;
  feedForward: number;
  /** Side of a tile in pixels. */
  tileSize: number;
  /** Side of a patch in pixels. */
  patchSize: number;
  /** The class token and the patches of one tile. */
  positions: number;
  epsilon: number;
}

export type EncoderConfig = InternVitEncoder | SiglipEncoder;

export interface CheckpointConfig {
  text: TextConfig;
  /** Before the names of the language model's tensors. */
  textPrefix: string;
  /** Absent where the model reads text alone. */
  readEncoder?: () => EncoderConfig;
}

const file = 'config.json';

/** What attention has room for on every device. */
const mostHeadDimensions = 256;

/**
 * Reads and checks `config.json`. The image encoder's part is read only on demand: a model whose encoder is not
 * supported can still be converted for text.
 */
export async function readCheckpointConfig(folder: CheckpointFolder): Promise<CheckpointConfig> {
  const values = await readOptionalJson(folder, file);
  if (values === undefined)
    throw checkpointError('no-model', sentence`folder-without-file: The folder has no ${{ file }}`);
  const config = new JsonSettings(values, file);
  const architecture = readArchitecture(config);
  const text = findByClass(architecture);
  if (text !== undefined) {
    return { text: readDecoderConfig(config, text), textPrefix: '' };
  }
  const withSiglip = findBySiglipClass(architecture);
  if (withSiglip) {
    config.refuseOthers(gemma3Settings);
    const pictures = await readImageSettings(folder);
    return {
      text: readDecoderConfig(config.section('text_config'), withSiglip),
      textPrefix: 'language_model.',
      readEncoder: () => readSiglipEncoder(config, pictures),
    };
  }
  if (!isChatClass(architecture)) {
    throw checkpointError(
      'unsupported-model',
      sentence`architecture-cannot-be-converted: Models of the kind "${{ architecture }}" cannot be converted`,
    );
  }
  const llm = config.section('llm_config');
  const language = readArchitecture(llm);
  const languageHalf = findByChatClass(architecture, language);
  if (languageHalf === undefined) {
    throw checkpointError(
      'unsupported-model',
      sentence`language-half-cannot-be-converted: This model's language half is of the kind "${{ architecture: language }}", which cannot be converted`,
    );
  }
  config.refuseOthers(chatSettings);
  // Of the whole model: what the language half says of itself counts.
  const isTied = llm.boolean('tie_word_embeddings', false);
  config.require('tie_word_embeddings', isTied, isTied);
  return {
    text: readDecoderConfig(llm, languageHalf),
    textPrefix: 'language_model.',
    readEncoder: () => readEncoderConfig(config),
  };
}

function readArchitecture(config: JsonSettings): string {
  const list = config.value('architectures');
  const [first] = Array.isArray(list) ? list : [];
  if (typeof first !== 'string') {
    throw checkpointError(
      'unsupported-model',
      sentence`no-architecture-said: ${{ file }} does not say what kind of model this is`,
    );
  }
  return first;
}

function readDecoderConfig(config: JsonSettings, { architecture, rules }: CheckpointKind): TextConfig {
  const { required, defaults = {}, tiesUnsaid = false } = rules;
  for (const [name, value, fallback] of required) config.require(name, value, fallback);
  const integer = (name: string, least: number, most: number, fallback?: number) =>
    config.integer(name, least, most, defaults[name] ?? fallback);
  const hidden = integer('hidden_size', 4, 16384);
  const heads = integer('num_attention_heads', 1, 1024);
  const kvHeads = integer('num_key_value_heads', 1, heads, heads);
  // Where nobody says it, the width is shared out.
  const isShared = (config.value('head_dim') ?? defaults.head_dim) === undefined;
  const headDim = integer('head_dim', 1, 1024, Math.max(1, Math.trunc(hidden / heads)));
  if (
    (isShared && headDim * heads !== hidden) ||
    headDim % 4 !== 0 ||
    headDim > mostHeadDimensions ||
    heads % kvHeads !== 0
  ) {
    throw checkpointError(
      'unsupported-model',
      sentence`attention-cannot-be-converted: Attention with ${{ heads }} heads, ${{ kvHeads }} of keys and values, and ${{ dimensions: headDim }} dimensions each is not supported`,
    );
  }
  // The oldest LLaMA checkpoints have the length under another name.
  const lengthName = ['max_position_embeddings', 'max_sequence_length'].find(name => config.value(name));
  const contextTokens = integer(lengthName ?? 'max_position_embeddings', 1, 1 << 24);
  const layers = integer('num_hidden_layers', 1, 1024);
  const window = rules.window?.(config, layers);
  const decoder: TextConfig = {
    architecture,
    rules,
    layers,
    hidden,
    heads,
    kvHeads,
    headDim,
    feedForward: integer('intermediate_size', 4, 1 << 18),
    vocabulary: integer('vocab_size', 1, 1 << 20),
    contextTokens,
    rmsEpsilon: config.real('rms_norm_eps', 1e-12, 0.01, defaults.rms_norm_eps),
    rope: readRope(config, { contextTokens, headDim }, rules.rope),
    // One that is as long as the context hides nothing, but its layers may rotate otherwise.
    window: rules.rope.windowTheta || (window && window.tokens < contextTokens) ? window : undefined,
    queryFactor: readQueryFactor(config, { architecture, rules }, { layers, hidden, heads, headDim }),
    isTied: config.boolean('tie_word_embeddings', tiesUnsaid),
  };
  config.refuseOthers(decoderSettings(headDim, contextTokens));
  return decoder;
}

/** What queries are multiplied with for readers of GGUF, who divide scores by what the architecture alone tells them. */
function readQueryFactor(
  config: JsonSettings,
  { architecture, rules }: CheckpointKind,
  shape: { layers: number; hidden: number; heads: number; headDim: number },
): number {
  const setting = rules.scoreDimensions;
  if (setting === undefined) return 1;
  const wanted = config.real(setting, 1e-3, 1e6, rules.defaults?.[setting]);
  const read = familyOf(architecture).gguf.scoreDimensions?.(shape) ?? shape.headDim;
  return Math.sqrt(read / wanted);
}

function readEncoderConfig(config: JsonSettings): InternVitEncoder {
  config.require('ps_version', 'v2');
  config.require('downsample_ratio', 0.5);
  config.require('select_layer', -1, -1);
  config.require('pad2square', false, false);
  const vision = config.section('vision_config');
  vision.require('norm_type', 'layer_norm');
  vision.require('qk_normalization', false);
  vision.require('qkv_bias', true);
  vision.require('hidden_act', 'gelu', 'gelu');
  vision.require('num_channels', 3, 3);
  const hidden = vision.integer('hidden_size', 4, 16384);
  const heads = vision.integer('num_attention_heads', 1, 256);
  const tileSize = vision.integer('image_size', 2, 4096);
  // With another tile size the position table would have to be interpolated.
  config.require('force_image_size', tileSize, tileSize);
  const patchSize = vision.integer('patch_size', 1, 256, 14);
  const side = tileSize / patchSize;
  const headDim = hidden / heads;
  // By the remainder, so that fractions fail too.
  if (side % 2 !== 0 || headDim % 4 !== 0 || headDim > 128) {
    throw checkpointError(
      'unsupported-model',
      sentence`encoder-cannot-be-converted: An image encoder with ${{ heads }} heads on ${{ hidden }} dimensions, and tiles of ${{ tilePixels: tileSize }} pixels in patches of ${{ patchPixels: patchSize }}, is not supported`,
    );
  }
  const encoder: InternVitEncoder = {
    kind: 'intern-vit',
    layers: vision.integer('num_hidden_layers', 1, 256),
    hidden,
    heads,
    feedForward: vision.integer('intermediate_size', 4, 1 << 18),
    tileSize,
    patchSize,
    positions: side * side + 1,
    epsilon: vision.real('layer_norm_eps', 1e-12, 0.01, 1e-6),
  };
  vision.refuseOthers(encoderSettings);
  return encoder;
}
