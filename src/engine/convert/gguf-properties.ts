import { familyOf, hasWindowUnsaid } from '../families/families.ts';
import type { MetadataEntry } from '../formats/byte-writer.ts';
import type { EncoderConfig, TextConfig } from './checkpoint-config.ts';
import type { ConvertedType } from './choose-type.ts';

/** `general.file_type`: llama.cpp's number for "most matrices are in". */
const fileTypes: Record<Exclude<ConvertedType, 'keep'>, number> = {
  F32: 0,
  BF16: 32,
  F16: 1,
  Q4_0: 2,
  Q8_0: 7,
  Q2_K: 10,
  Q3_K_M: 12,
  Q4_K_M: 15,
  Q5_K_M: 17,
  Q6_K: 18,
};
/** `general.quantization_version`: the present layout of ggml's blocks. */
const QUANTIZATION_VERSION = 2;

// Of ImageNet, as InternVL's README prepares its images.
const imageMean = [0.485, 0.456, 0.406];
const imageStd = [0.229, 0.224, 0.225];

/** @param stored of most weights, where they are kept as they are */
export function listTextProperties(
  config: TextConfig,
  name: string,
  type: ConvertedType,
  stored: 'F32' | 'F16' | 'BF16',
): MetadataEntry[] {
  const key = (suffix: string) => `${config.architecture}.${suffix}`;
  return [
    ['general.architecture', 'string', config.architecture],
    ['general.type', 'string', 'model'],
    ['general.name', 'string', name],
    ['general.file_type', 'u32', fileTypes[type === 'keep' ? stored : type]],
    ['general.quantization_version', 'u32', QUANTIZATION_VERSION],
    [key('vocab_size'), 'u32', config.vocabulary],
    [key('context_length'), 'u32', config.contextTokens],
    [key('embedding_length'), 'u32', config.hidden],
    [key('block_count'), 'u32', config.layers],
    [key('feed_forward_length'), 'u32', config.feedForward],
    [key('attention.head_count'), 'u32', config.heads],
    [key('attention.head_count_kv'), 'u32', config.kvHeads],
    [key('attention.key_length'), 'u32', config.headDim],
    [key('attention.value_length'), 'u32', config.headDim],
    [key('attention.layer_norm_rms_epsilon'), 'f32', config.rmsEpsilon],
    ...listWindow(config, key),
    ...listRope(config, key),
  ];
}

type Key = (suffix: string) => string;

function listWindow({ window, architecture }: TextConfig, key: Key): MetadataEntry[] {
  if (!window) return [];
  const { globalEvery } = familyOf(architecture).gguf;
  const isAsUsual = window.layers.every((has, layer) => has === hasWindowUnsaid(layer, globalEvery));
  return [
    [key('attention.sliding_window'), 'u32', window.tokens],
    ...(isAsUsual
      ? []
      : ([[key('attention.sliding_window_pattern'), 'bool[]', window.layers]] satisfies MetadataEntry[])),
  ];
}

function listRope({ rope }: TextConfig, key: Key): MetadataEntry[] {
  const { long, windowTheta } = rope;
  return [
    [key('rope.dimension_count'), 'u32', rope.dimensions],
    [key('rope.freq_base'), 'f32', rope.theta],
    ...optional(windowTheta, theta => [[key('rope.freq_base_swa'), 'f32', theta]]),
    ...optional(rope.factor === 1 ? undefined : rope.factor, factor => [
      [key('rope.scaling.type'), 'string', 'linear'],
      [key('rope.scaling.factor'), 'f32', factor],
    ]),
    ...optional(rope.originalTokens, tokens => [
      [key('rope.scaling.original_context_length'), 'u32', tokens],
    ]),
    ...optional(long, ({ attentionFactor }) => [[key('rope.scaling.attn_factor'), 'f32', attentionFactor]]),
  ];
}

function optional<T>(value: T | undefined, entries: (value: T) => MetadataEntry[]): MetadataEntry[] {
  return value === undefined ? [] : entries(value);
}

/** The keys of llama.cpp's mmproj files (tools/mtmd/clip-impl.h). */
export function listVisionProperties(
  config: EncoderConfig,
  projected: number,
  name: string,
  type: 'F32' | 'F16' | 'BF16',
): MetadataEntry[] {
  const isSiglip = config.kind === 'siglip';
  const key = (suffix: string) => `clip.vision.${suffix}`;
  return [
    ['general.architecture', 'string', 'clip'],
    ['general.type', 'string', 'mmproj'],
    ['general.name', 'string', name],
    ['general.file_type', 'u32', fileTypes[type]],
    ['general.quantization_version', 'u32', QUANTIZATION_VERSION],
    ['clip.has_vision_encoder', 'bool', true],
    ['clip.projector_type', 'string', isSiglip ? 'gemma3' : 'internvl'],
    ['clip.use_gelu', 'bool', true],
    [key('image_size'), 'u32', config.tileSize],
    [key('patch_size'), 'u32', config.patchSize],
    [key('embedding_length'), 'u32', config.hidden],
    [key('feed_forward_length'), 'u32', config.feedForward],
    [key('block_count'), 'u32', config.layers],
    [key('attention.head_count'), 'u32', config.heads],
    [key('attention.layer_norm_epsilon'), 'f32', config.epsilon],
    [key('projection_dim'), 'u32', projected],
    [key('projector.scale_factor'), 'u32', isSiglip ? config.factor : 2],
    [key('image_mean'), 'f32[]', isSiglip ? config.mean : imageMean],
    [key('image_std'), 'f32[]', isSiglip ? config.std : imageStd],
  ];
}
