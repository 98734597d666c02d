import type { DecoderParts, LayerShape, LayerSource, RowRun } from './family.ts';

/** What transformers calls the tensors outside of layers, in all of its decoders. */
export const transformersTensors = {
  embedding: 'model.embed_tokens',
  norm: 'model.norm',
  output: 'lm_head',
} as const;

/** A decoder's layer as transformers names it, with the tensors that these parts have. */
export function transformersLayer(parts: DecoderParts, shape: LayerShape, plus = 0): LayerSource[] {
  const { hidden, heads, kvHeads, headDim, feedForward } = shape;
  const [q, kv] = [heads * headDim, kvHeads * headDim];
  const norm = (name: string, from: string, size = hidden, times = 1): LayerSource => {
    return { kind: 'vector', name: `${name}.weight`, from: `${from}.weight`, size, plus, times };
  };
  const bias = (name: string, from: string, size: number): LayerSource => {
    return { kind: 'vector', name: `${name}.bias`, from: `self_attn.${from}.bias`, size };
  };
  const runs = (count: number) =>
    parts.pairs === 'neighbours' ? { runs: interleavedHeads(count, headDim) } : {};
  const apart: LayerSource[] = [
    {
      ...matrix('attn_q', 'self_attn.q_proj', q, hidden),
      ...runs(heads),
    },
    {
      ...matrix('attn_k', 'self_attn.k_proj', kv, hidden),
      ...runs(kvHeads),
    },
    matrix('attn_v', 'self_attn.v_proj', kv, hidden),
  ];
  const biases = [bias('attn_q', 'q_proj', q), bias('attn_k', 'k_proj', kv), bias('attn_v', 'v_proj', kv)];
  const headNorms = [
    norm('attn_q_norm', 'self_attn.q_norm', headDim, shape.queryFactor),
    norm('attn_k_norm', 'self_attn.k_norm', headDim),
  ];
  const [after, before] = parts.postNorms
    ? ['post_attention_layernorm', 'pre_feedforward_layernorm']
    : [undefined, 'post_attention_layernorm'];
  return [
    norm('attn_norm', 'input_layernorm'),
    ...(parts.isFused ? [matrix('attn_qkv', 'self_attn.qkv_proj', q + 2 * kv, hidden)] : apart),
    ...(parts.qkvBias ? biases : []),
    ...(parts.headNorms ? headNorms : []),
    matrix('attn_output', 'self_attn.o_proj', hidden, q),
    ...(after ? [norm('post_attention_norm', after)] : []),
    norm('ffn_norm', before!),
    ...(parts.isFused
      ? [matrix('ffn_up', 'mlp.gate_up_proj', 2 * feedForward, hidden)]
      : [
          matrix('ffn_gate', 'mlp.gate_proj', feedForward, hidden),
          matrix('ffn_up', 'mlp.up_proj', feedForward, hidden),
        ]),
    matrix('ffn_down', 'mlp.down_proj', hidden, feedForward),
    ...(parts.postNorms ? [norm('post_ffw_norm', 'post_feedforward_layernorm')] : []),
  ];
}

function matrix(
  name: Extract<LayerSource, { kind: 'matrix' }>['name'],
  from: string,
  rows: number,
  columns: number,
): LayerSource & { kind: 'matrix' } {
  return { kind: 'matrix', name, from: `${from}.weight`, rows, columns };
}

function interleavedHeads(heads: number, headDim: number): RowRun[] {
  return Array.from({ length: heads }, (_, head) => ({
    start: head * headDim,
    count: headDim,
    interleaves: true,
  }));
}
