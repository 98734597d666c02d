import { type Family, type LayerShape, type LayerSource, plainParts, type RowRun } from './family.ts';

/** By the configuration_internlm2.py and modeling_internlm2.py that come with its checkpoints. */
export const internLm2: Family = {
  convertible: ['InternVL2-2B', 'Mini-Monkey', 'InternLM2 chat models'],
  template: 'internlm2-chat',
  parts: plainParts,
  gguf: { frequencyFactors: ['rope_freqs'] },
  checkpoints: [
    {
      classes: ['InternLM2ForCausalLM'],
      chatClasses: ['InternVLChatModel', 'MiniMonkeyChatModel'],
      required: [
        ['hidden_act', 'silu', 'silu'],
        ['bias', false],
      ],
      rope: { kinds: [] },
      tensors: { embedding: 'model.tok_embeddings', norm: 'model.norm', output: 'output' },
      layer: listLayer,
    },
  ],
};

function listLayer(shape: LayerShape): LayerSource[] {
  const { hidden, heads, kvHeads, headDim, feedForward } = shape;
  const { query, key, value } = splitFused(shape);
  const norm = (name: string): LayerSource => {
    return {
      kind: 'vector',
      name: `${name}.weight`,
      from: `${name === 'attn_norm' ? 'attention_norm' : name}.weight`,
      size: hidden,
    };
  };
  const fused = { from: 'attention.wqkv.weight', rows: (heads + 2 * kvHeads) * headDim, columns: hidden };
  return [
    norm('attn_norm'),
    { kind: 'matrix', name: 'attn_q', ...fused, runs: query },
    { kind: 'matrix', name: 'attn_k', ...fused, runs: key },
    { kind: 'matrix', name: 'attn_v', ...fused, runs: value },
    {
      kind: 'matrix',
      name: 'attn_output',
      from: 'attention.wo.weight',
      rows: hidden,
      columns: heads * headDim,
    },
    norm('ffn_norm'),
    { kind: 'matrix', name: 'ffn_gate', from: 'feed_forward.w1.weight', rows: feedForward, columns: hidden },
    { kind: 'matrix', name: 'ffn_up', from: 'feed_forward.w3.weight', rows: feedForward, columns: hidden },
    { kind: 'matrix', name: 'ffn_down', from: 'feed_forward.w2.weight', rows: hidden, columns: feedForward },
  ];
}

/**
 * Which rows of `wqkv` are queries, keys and values: each key-value head's group holds its query heads, then its key, then
 * its value (InternLM2Attention.forward).
 */
function splitFused({ heads, kvHeads, headDim }: Pick<LayerShape, 'heads' | 'kvHeads' | 'headDim'>) {
  const perGroup = heads / kvHeads;
  const query: RowRun[] = [];
  const key: RowRun[] = [];
  const value: RowRun[] = [];
  for (let group = 0; group < kvHeads; group++) {
    const head = (slot: number) => ({ start: (group * (perGroup + 2) + slot) * headDim, count: headDim });
    for (let slot = 0; slot < perGroup; slot++) query.push({ ...head(slot), interleaves: true });
    key.push({ ...head(perGroup), interleaves: true });
    value.push(head(perGroup + 1));
  }
  return { query, key, value };
}
