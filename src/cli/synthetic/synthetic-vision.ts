import type { ByteSource } from '../../engine/formats/byte-source.ts';
import type { MetadataEntry } from '../../engine/formats/byte-writer.ts';
import type { EncoderSize } from '../../engine/models/encoder/encoder-tensors.ts';
import { positionTable } from '../../engine/models/encoder/encoder-tensors.ts';
import { expectInternVit } from '../../engine/models/intern-vit/intern-vit-tensors.ts';
import { expectSiglip } from '../../engine/models/siglip/siglip-tensors.ts';
import { type SyntheticTensor, syntheticGguf } from './synthetic-gguf.ts';

interface SyntheticEncoder extends EncoderSize {
  name: string;
  projector: 'internvl' | 'gemma3';
  heads: number;
  tile: number;
  projected: number;
  mean: number[];
  std: number[];
  /** A visual token is of so many patches a side. */
  factor: number;
}

/** True shapes of the encoders of the models that see images, by the names of their synthetic language halves. */
const encoders: Readonly<Record<string, SyntheticEncoder>> = {
  'mini-monkey-2b': {
    name: 'InternViT-300M',
    projector: 'internvl',
    layers: 24,
    hidden: 1024,
    heads: 16,
    feedForward: 4096,
    tile: 448,
    patchSize: 14,
    positions: 32 ** 2 + 1,
    projected: 2048,
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
    factor: 2,
  },
  'medgemma-4b': {
    name: 'SigLIP of Gemma 3',
    projector: 'gemma3',
    layers: 27,
    hidden: 1152,
    heads: 16,
    feedForward: 4304,
    tile: 896,
    patchSize: 14,
    positions: 64 ** 2,
    projected: 2560,
    mean: [0.5, 0.5, 0.5],
    std: [0.5, 0.5, 0.5],
    factor: 4,
  },
};

/** The synthetic models that have an image half. */
export const syntheticEncoders: readonly string[] = Object.keys(encoders);

/** An image encoder of true shape, F16 matrices of noise. */
export function syntheticVision(layers?: number, model = 'mini-monkey-2b'): ByteSource {
  const shape = encoders[model]!;
  const encoder = { ...shape, layers: layers ?? shape.layers };
  const expected = encoder.projector === 'gemma3' ? expectSiglip(encoder) : expectInternVit(encoder);
  const tensors = [...expected].map(([name, size]): SyntheticTensor => {
    return { name, shape: size, type: size.length === 1 || name === positionTable ? 'F32' : 'F16' };
  });
  return syntheticGguf(listProperties(encoder), tensors);
}

function listProperties(encoder: SyntheticEncoder): MetadataEntry[] {
  return [
    ['general.architecture', 'string', 'clip'],
    ['general.type', 'string', 'mmproj'],
    ['general.name', 'string', `Synthetic ${encoder.name}`],
    ['clip.has_vision_encoder', 'bool', true],
    ['clip.projector_type', 'string', encoder.projector],
    ['clip.use_gelu', 'bool', true],
    ['clip.vision.image_size', 'u32', encoder.tile],
    ['clip.vision.patch_size', 'u32', encoder.patchSize],
    ['clip.vision.embedding_length', 'u32', encoder.hidden],
    ['clip.vision.feed_forward_length', 'u32', encoder.feedForward],
    ['clip.vision.block_count', 'u32', encoder.layers],
    ['clip.vision.attention.head_count', 'u32', encoder.heads],
    ['clip.vision.attention.layer_norm_epsilon', 'f32', 1e-6],
    ['clip.vision.image_mean', 'f32[]', encoder.mean],
    ['clip.vision.image_std', 'f32[]', encoder.std],
    ['clip.vision.projection_dim', 'u32', encoder.projected],
    ['clip.vision.projector.scale_factor', 'u32', encoder.factor],
  ];
}
