import type { ByteSource } from '../../engine/formats/byte-source.ts';
import type { MetadataEntry } from '../../engine/formats/byte-writer.ts';
import { type SyntheticTensor, syntheticGguf } from './synthetic-gguf.ts';

/** InternViT-300M with InternVL2-2B's projector: true shapes, F16 matrices of noise. */
const shape = {
  layers: 24,
  hidden: 1024,
  heads: 16,
  feedForward: 4096,
  tile: 448,
  patch: 14,
  projected: 2048,
};

export function syntheticVision(layers = shape.layers): ByteSource {
  const { hidden, feedForward, patch, tile, projected } = shape;
  const vector = (name: string, size: number): SyntheticTensor => ({ name, shape: [size], type: 'F32' });
  const linear = (name: string, columns: number, rows: number): SyntheticTensor[] => [
    { name: `${name}.weight`, shape: [columns, rows], type: 'F16' },
    vector(`${name}.bias`, rows),
  ];
  const norm = (name: string, size: number) => [vector(`${name}.weight`, size), vector(`${name}.bias`, size)];
  const tensors: SyntheticTensor[] = [
    vector('v.class_embd', hidden),
    { name: 'v.patch_embd.weight', shape: [patch, patch, 3, hidden], type: 'F16' },
    vector('v.patch_embd.bias', hidden),
    { name: 'v.position_embd.weight', shape: [hidden, (tile / patch) ** 2 + 1], type: 'F32' },
    ...Array.from({ length: layers }, (_, layer) => {
      const at = (name: string) => `v.blk.${layer}.${name}`;
      return [
        ...norm(at('ln1'), hidden),
        ...['attn_q', 'attn_k', 'attn_v', 'attn_out'].flatMap(name => linear(at(name), hidden, hidden)),
        vector(at('ls1.weight'), hidden),
        ...norm(at('ln2'), hidden),
        ...linear(at('ffn_up'), hidden, feedForward),
        ...linear(at('ffn_down'), feedForward, hidden),
        vector(at('ls2.weight'), hidden),
      ];
    }).flat(),
    ...norm('mm.model.mlp.0', 4 * hidden),
    ...linear('mm.model.mlp.1', 4 * hidden, projected),
    ...linear('mm.model.mlp.3', projected, projected),
  ];
  const properties: MetadataEntry[] = [
    ['general.architecture', 'string', 'clip'],
    ['general.type', 'string', 'mmproj'],
    ['general.name', 'string', 'Synthetic InternViT-300M'],
    ['clip.has_vision_encoder', 'bool', true],
    ['clip.projector_type', 'string', 'internvl'],
    ['clip.use_gelu', 'bool', true],
    ['clip.vision.image_size', 'u32', tile],
    ['clip.vision.patch_size', 'u32', patch],
    ['clip.vision.embedding_length', 'u32', hidden],
    ['clip.vision.feed_forward_length', 'u32', feedForward],
    ['clip.vision.block_count', 'u32', layers],
    ['clip.vision.attention.head_count', 'u32', shape.heads],
    ['clip.vision.attention.layer_norm_epsilon', 'f32', 1e-6],
    ['clip.vision.image_mean', 'f32[]', [0.485, 0.456, 0.406]],
    ['clip.vision.image_std', 'f32[]', [0.229, 0.224, 0.225]],
    ['clip.vision.projection_dim', 'u32', projected],
    ['clip.vision.projector.scale_factor', 'u32', 2],
  ];
  return syntheticGguf(properties, tensors);
}
