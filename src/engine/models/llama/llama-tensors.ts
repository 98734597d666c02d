import { FormatError } from '../../errors.ts';
import type { GgufFile, GgufTensor } from '../../formats/gguf.ts';
import { sentence } from '../../sentence.ts';
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
export const layerNorms = ['attn_norm', 'ffn_norm'] as const;
export type LayerNorm = (typeof layerNorms)[number];

/** The matrices of a layer that multiply the same vector: in one buffer, one launch can do so. */
export const joinedLayerMatrices = {
  qkv: ['attn_q', 'attn_k', 'attn_v'],
  gateUp: ['ffn_gate', 'ffn_up'],
} as const satisfies Record<string, readonly LayerMatrix[]>;

export function layerTensor(layer: number, name: LayerMatrix | LayerNorm): string {
  return `blk.${layer}.${name}.weight`;
}

/** Names of the matrices that belong in one buffer, layer by layer. */
export function joinedTensors({ layers }: LlamaConfig): string[][] {
  const groups = Object.values(joinedLayerMatrices);
  return Array.from({ length: layers }, (_, layer) =>
    groups.map(names => names.map(name => layerTensor(layer, name))),
  ).flat();
}

/** ggml order: [columns, rows]. */
function layerShapes(c: LlamaConfig): Record<LayerMatrix | LayerNorm, number[]> {
  const q = c.heads * c.headDim;
  const kv = c.kvHeads * c.headDim;
  return {
    attn_norm: [c.hidden],
    attn_q: [c.hidden, q],
    attn_k: [c.hidden, kv],
    attn_v: [c.hidden, kv],
    attn_output: [q, c.hidden],
    ffn_norm: [c.hidden],
    ffn_gate: [c.hidden, c.feedForward],
    ffn_up: [c.hidden, c.feedForward],
    ffn_down: [c.feedForward, c.hidden],
  };
}

/**
 * Checks that the file holds exactly the tensors of this architecture, each with its shape and a known type, before
 * anything is allocated: with a wrong shape a GPU reads zeros or a neighbour's weights and answers wrongly in silence.
 * @returns the tensors by name
 */
export function checkLlamaTensors(file: GgufFile, config: LlamaConfig): Map<string, GgufTensor> {
  const { hidden, vocabulary, layers } = config;
  const expected = new Map<string, number[]>([
    ['token_embd.weight', [hidden, vocabulary]],
    ['output_norm.weight', [hidden]],
  ]);
  const optional = new Map<string, number[]>([
    ['output.weight', [hidden, vocabulary]],
    ['rope_freqs.weight', [config.ropeDimensions / 2]],
  ]);
  const shapes = layerShapes(config);
  for (let layer = 0; layer < layers; layer++) {
    for (const name of [...layerMatrices, ...layerNorms]) {
      expected.set(layerTensor(layer, name), shapes[name]);
    }
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
  return found;
}
