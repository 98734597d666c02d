import type { AttentionHeads, Family, RowRun } from './family.ts';

/** By the configuration_internlm2.py and modeling_internlm2.py that come with its checkpoints. */
export const internLm2: Family = {
  convertible: ['InternVL2-2B', 'Mini-Monkey', 'InternLM2 chat models'],
  template: 'internlm2-chat',
  checkpoint: {
    classes: ['InternLM2ForCausalLM'],
    chatClasses: ['InternVLChatModel', 'MiniMonkeyChatModel'],
    required: [['bias', false]],
    rope: { linearIs: 'refused' },
    tensors: {
      embedding: 'model.tok_embeddings',
      norm: 'model.norm',
      output: 'output',
      attentionNorm: 'attention_norm',
      attentionOutput: 'attention.wo',
      feedForwardNorm: 'ffn_norm',
      gate: 'feed_forward.w1',
      up: 'feed_forward.w3',
      down: 'feed_forward.w2',
    },
    attention(shape) {
      const { query, key, value } = splitFused(shape);
      const fused = { from: 'attention.wqkv', rows: (shape.heads + 2 * shape.kvHeads) * shape.headDim };
      return [
        { name: 'attn_q', ...fused, runs: query },
        { name: 'attn_k', ...fused, runs: key },
        { name: 'attn_v', ...fused, runs: value },
      ];
    },
  },
};

/**
 * Which rows of `wqkv` are queries, keys and values: each key-value head's group holds its query heads, then its key, then
 * its value (InternLM2Attention.forward).
 */
function splitFused({ heads, kvHeads, headDim }: AttentionHeads) {
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
