import { FormatError } from '../../errors.ts';
import { familyOf } from '../../families/families.ts';
import type { GgufFile, GgufTensor } from '../../formats/gguf.ts';
import { sentence } from '../../sentence.ts';
import { type HeldTensor, rowsOfTensor } from '../tensors/held-tensor.ts';
import { checkShape, checkType } from '../tensors/tensor-checks.ts';
import type { LlamaConfig } from './llama-config.ts';

/** GGUF names of one decoder layer's tensors, with what they are. */
export const layerMatrices = [
  'attn_q',
  'attn_k',
  'attn_v',
  'attn_output',
  'ffn_gate',
  'ffn_up',
  'ffn_down',
] as const;
export type LayerMatrix = (typeof layerMatrices)[number];
export type LayerNorm =
  | 'attn_norm'
  | 'ffn_norm'
  | 'attn_q_norm'
  | 'attn_k_norm'
  | 'post_attention_norm'
  | 'post_ffw_norm';
export type LayerBias = 'attn_q' | 'attn_k' | 'attn_v';

/** The matrices of a layer that multiply the same vector: in one buffer, one launch can do so. */
export const joinedLayerMatrices = {
  qkv: ['attn_q', 'attn_k', 'attn_v'],
  gateUp: ['ffn_gate', 'ffn_up'],
} as const satisfies Record<string, readonly LayerMatrix[]>;

export function layerTensor(layer: number, name: LayerMatrix | LayerNorm): string {
  return `blk.${layer}.${name}.weight`;
}

export function layerBias(layer: number, name: LayerBias): string {
  return `blk.${layer}.${name}.bias`;
}

/** Names of the matrices that belong in one buffer, layer by layer. */
export function joinedTensors({ layers }: LlamaConfig): string[][] {
  const groups = Object.values(joinedLayerMatrices);
  return Array.from({ length: layers }, (_, layer) =>
    groups.map(names => names.map(name => layerTensor(layer, name))),
  ).flat();
}

/** What a file has of each layer, by its name without "blk.N": the shape in ggml order, [columns, rows]. */
function layerShapes({ parts, ...c }: LlamaConfig): Map<string, number[]> {
  const q = c.heads * c.headDim;
  const kv = c.kvHeads * c.headDim;
  const { hidden, feedForward, headDim } = c;
  const shapes: [string, number[]][] = [
    ['attn_norm.weight', [hidden]],
    ['attn_output.weight', [q, hidden]],
    ['ffn_norm.weight', [hidden]],
    ['ffn_down.weight', [feedForward, hidden]],
  ];
  if (parts.isFused) {
    shapes.push(['attn_qkv.weight', [hidden, q + 2 * kv]], ['ffn_up.weight', [hidden, 2 * feedForward]]);
  } else {
    shapes.push(
      ['attn_q.weight', [hidden, q]],
      ['attn_k.weight', [hidden, kv]],
      ['attn_v.weight', [hidden, kv]],
    );
    shapes.push(['ffn_gate.weight', [hidden, feedForward]], ['ffn_up.weight', [hidden, feedForward]]);
  }
  if (parts.qkvBias) shapes.push(['attn_q.bias', [q]], ['attn_k.bias', [kv]], ['attn_v.bias', [kv]]);
  if (parts.headNorms) shapes.push(['attn_q_norm.weight', [headDim]], ['attn_k_norm.weight', [headDim]]);
  if (parts.postNorms) {
    shapes.push(['post_attention_norm.weight', [hidden]], ['post_ffw_norm.weight', [hidden]]);
  }
  return new Map(shapes);
}

/**
 * Checks that the file holds exactly the tensors of this architecture, each with its shape and a known type, before
 * anything is allocated: with a wrong shape a GPU reads zeros or a neighbour's weights and answers wrongly in silence.
 * @returns the tensors by name, as the graph holds them
 */
export function checkLlamaTensors(file: GgufFile, config: LlamaConfig): Map<string, HeldTensor> {
  const { hidden, vocabulary, layers } = config;
  const expected = new Map<string, number[]>([
    ['token_embd.weight', [hidden, vocabulary]],
    ['output_norm.weight', [hidden]],
  ]);
  const optional = new Map<string, number[]>([['output.weight', [hidden, vocabulary]]]);
  for (const name of familyOf(config.architecture).gguf.frequencyFactors) {
    optional.set(`${name}.weight`, [config.ropeDimensions / 2]);
  }
  const shapes = layerShapes(config);
  for (let layer = 0; layer < layers; layer++) {
    for (const [name, shape] of shapes) expected.set(`blk.${layer}.${name}`, shape);
  }

  const found = new Map(file.tensors.map(tensor => [tensor.name, tensor]));
  for (const tensor of file.tensors) {
    const shape = expected.get(tensor.name) ?? optional.get(tensor.name);
    if (!shape) {
      throw new FormatError(
        tensor.offset,
        sentence`tensor-of-another-architecture: The tensor "${{ tensor: tensor.name }}" does not belong to a plain ${{ architecture: config.architecture }} model`,
        'unsupported-model',
        'This variant of the architecture is not supported. Choose another file.',
      );
    }
    checkShape(tensor, shape);
    checkType(tensor, 'Choose a file in Q4_0, Q4_K_M, Q5_K_M, Q6_K, Q8_0 or F16.');
  }
  const missing = [...expected.keys()].find(name => !found.has(name));
  if (missing)
    throw new FormatError(
      file.dataOffset,
      sentence`tensor-is-missing: The tensor "${{ tensor: missing }}" is missing`,
    );
  return new Map(
    [...found.values()].flatMap(tensor => heldTensors(tensor, config)).map(held => [held.name, held]),
  );
}

/** A file's tensor as what the graph holds of it: each matrix by itself, and heads so that neighbours rotate together. */
function heldTensors(tensor: GgufTensor, config: LlamaConfig): HeldTensor[] {
  const { parts, headDim, ropeDimensions, queryFactor, feedForward } = config;
  const [, layer, name] = /^(blk\.\d+)\.(.+)$/.exec(tensor.name) ?? [];
  if (layer === undefined) return [tensor];
  const heads = parts.pairs === 'halves' ? { rows: headDim, rotating: ropeDimensions } : undefined;
  const [q, kv] = [config.heads * headDim, config.kvHeads * headDim];
  const part = (of: LayerMatrix, first: number, count: number) =>
    rowsOfTensor(tensor, `${layer}.${of}.weight`, first, count);
  switch (name) {
    case 'attn_qkv.weight':
      return [
        { ...part('attn_q', 0, q), heads },
        { ...part('attn_k', q, kv), heads },
        part('attn_v', q + kv, kv),
      ];
    case 'ffn_up.weight':
      if (!parts.isFused) return [tensor];
      return [part('ffn_gate', 0, feedForward), part('ffn_up', feedForward, feedForward)];
    case 'attn_q_norm.weight':
      return [{ ...tensor, heads, times: queryFactor }];
    case 'attn_q.weight':
    case 'attn_k.weight':
    case 'attn_q.bias':
    case 'attn_k.bias':
    case 'attn_k_norm.weight':
      return [{ ...tensor, heads }];
    default:
      return [tensor];
  }
}
