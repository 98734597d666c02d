/** The smallest image encoder with every tensor of an InternVL mmproj file; weights are noise. */
import type { MetadataEntry, WriterTensor } from './gguf-writer.ts';
import { randomNormal } from './random.ts';

export const [hidden, wide, projected, patch] = [8, 16, 12, 2];

export function mmprojProperties(changes: Record<string, unknown> = {}): MetadataEntry[] {
  const all: Record<string, MetadataEntry> = Object.fromEntries(
    (
      [
        ['general.architecture', 'string', 'clip'],
        ['clip.projector_type', 'string', 'internvl'],
        ['clip.use_gelu', 'bool', true],
        ['clip.vision.image_size', 'u32', 8],
        ['clip.vision.patch_size', 'u32', patch],
        ['clip.vision.embedding_length', 'u32', hidden],
        ['clip.vision.feed_forward_length', 'u32', wide],
        ['clip.vision.block_count', 'u32', 1],
        ['clip.vision.attention.head_count', 'u32', 2],
        ['clip.vision.attention.layer_norm_epsilon', 'f32', 1e-6],
        ['clip.vision.projection_dim', 'u32', projected],
        ['clip.vision.image_mean', 'f32[]', [0.485, 0.456, 0.406]],
        ['clip.vision.image_std', 'f32[]', [0.229, 0.224, 0.225]],
      ] as MetadataEntry[]
    ).map(entry => [entry[0], entry]),
  );
  return Object.values(all).map(
    ([name, type, value]) => [name, type, changes[name] ?? value] as MetadataEntry,
  );
}

let seed = 0;
export function mmprojTensor(name: string, ...shape: number[]): WriterTensor {
  const count = shape.reduce((product, size) => product * size, 1);
  return { name, type: 0, shape, data: new Uint8Array(randomNormal(count, ++seed).buffer) };
}

export function mmprojTensors(): WriterTensor[] {
  const linear = (name: string, columns: number, rows: number) => [
    mmprojTensor(`${name}.weight`, columns, rows),
    mmprojTensor(`${name}.bias`, rows),
  ];
  const norm = (name: string, size: number) => [
    mmprojTensor(`${name}.weight`, size),
    mmprojTensor(`${name}.bias`, size),
  ];
  return [
    mmprojTensor('v.class_embd', hidden),
    mmprojTensor('v.patch_embd.weight', patch, patch, 3, hidden),
    mmprojTensor('v.patch_embd.bias', hidden),
    mmprojTensor('v.position_embd.weight', hidden, 17),
    ...norm('v.blk.0.ln1', hidden),
    ...['q', 'k', 'v', 'out'].flatMap(name => linear(`v.blk.0.attn_${name}`, hidden, hidden)),
    mmprojTensor('v.blk.0.ls1.weight', hidden),
    ...norm('v.blk.0.ln2', hidden),
    ...linear('v.blk.0.ffn_up', hidden, wide),
    ...linear('v.blk.0.ffn_down', wide, hidden),
    mmprojTensor('v.blk.0.ls2.weight', hidden),
    ...norm('mm.model.mlp.0', 4 * hidden),
    ...linear('mm.model.mlp.1', 4 * hidden, projected),
    ...linear('mm.model.mlp.3', projected, projected),
  ];
}
