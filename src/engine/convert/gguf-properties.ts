import type { MetadataEntry } from '../formats/byte-writer.ts';
import type { Quantisation } from '../types/quantisation.ts';
import type { EncoderConfig, TextConfig } from './checkpoint-config.ts';

/** `general.file_type`: llama.cpp's number for "most matrices are in". */
const fileTypes: Record<Quantisation, number> = {
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

export function listTextProperties(config: TextConfig, name: string, type: Quantisation): MetadataEntry[] {
  const key = (suffix: string) => `${config.architecture}.${suffix}`;
  const scaling: MetadataEntry[] =
    config.ropeFactor === 1
      ? []
      : [
          [key('rope.scaling.type'), 'string', 'linear'],
          [key('rope.scaling.factor'), 'f32', config.ropeFactor],
        ];
  return [
    ['general.architecture', 'string', config.architecture],
    ['general.type', 'string', 'model'],
    ['general.name', 'string', name],
    ['general.file_type', 'u32', fileTypes[type]],
    ['general.quantization_version', 'u32', QUANTIZATION_VERSION],
    [key('vocab_size'), 'u32', config.vocabulary],
    [key('context_length'), 'u32', config.contextTokens],
    [key('embedding_length'), 'u32', config.hidden],
    [key('block_count'), 'u32', config.layers],
    [key('feed_forward_length'), 'u32', config.feedForward],
    [key('attention.head_count'), 'u32', config.heads],
    [key('attention.head_count_kv'), 'u32', config.kvHeads],
    [key('attention.layer_norm_rms_epsilon'), 'f32', config.rmsEpsilon],
    [key('rope.dimension_count'), 'u32', config.headDim],
    [key('rope.freq_base'), 'f32', config.ropeTheta],
    ...scaling,
  ];
}

/** The keys of llama.cpp's mmproj files (tools/mtmd/clip-impl.h). */
export function listVisionProperties(
  config: EncoderConfig,
  projected: number,
  name: string,
): MetadataEntry[] {
  const key = (suffix: string) => `clip.vision.${suffix}`;
  return [
    ['general.architecture', 'string', 'clip'],
    ['general.type', 'string', 'mmproj'],
    ['general.name', 'string', name],
    ['general.file_type', 'u32', fileTypes.F16],
    ['general.quantization_version', 'u32', QUANTIZATION_VERSION],
    ['clip.has_vision_encoder', 'bool', true],
    ['clip.projector_type', 'string', 'internvl'],
    ['clip.use_gelu', 'bool', true],
    [key('image_size'), 'u32', config.tileSize],
    [key('patch_size'), 'u32', config.patchSize],
    [key('embedding_length'), 'u32', config.hidden],
    [key('feed_forward_length'), 'u32', config.feedForward],
    [key('block_count'), 'u32', config.layers],
    [key('attention.head_count'), 'u32', config.heads],
    [key('attention.layer_norm_epsilon'), 'f32', config.epsilon],
    [key('projection_dim'), 'u32', projected],
    [key('projector.scale_factor'), 'u32', 2],
    [key('image_mean'), 'f32[]', imageMean],
    [key('image_std'), 'f32[]', imageStd],
  ];
}
