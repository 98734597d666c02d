import type { AttentionHeads, Family, RowRun } from './family.ts';

/** By transformers' configuration_llama.py and modeling_llama.py. */
export const llama: Family = {
  example: 'PMC-LLaMA',
  convertible: ['PMC-LLaMA'],
  template: 'pmc-llama',
  checkpoint: {
    // The oldest checkpoints spell it in capitals.
    classes: ['LlamaForCausalLM', 'LLaMAForCausalLM'],
    chatClasses: [],
    required: [
      ['attention_bias', false, false],
      ['mlp_bias', false, false],
    ],
    rope: { linearIs: 'computed', defaultTheta: 10_000 },
    tensors: {
      embedding: 'model.embed_tokens',
      norm: 'model.norm',
      output: 'lm_head',
      attentionNorm: 'input_layernorm',
      attentionOutput: 'self_attn.o_proj',
      feedForwardNorm: 'post_attention_layernorm',
      gate: 'mlp.gate_proj',
      up: 'mlp.up_proj',
      down: 'mlp.down_proj',
    },
    attention: ({ heads, kvHeads, headDim }: AttentionHeads) => [
      {
        name: 'attn_q',
        from: 'self_attn.q_proj',
        rows: heads * headDim,
        runs: interleavedHeads(heads, headDim),
      },
      {
        name: 'attn_k',
        from: 'self_attn.k_proj',
        rows: kvHeads * headDim,
        runs: interleavedHeads(kvHeads, headDim),
      },
      { name: 'attn_v', from: 'self_attn.v_proj', rows: kvHeads * headDim },
    ],
  },
};

function interleavedHeads(heads: number, headDim: number): RowRun[] {
  return Array.from({ length: heads }, (_, head) => ({
    start: head * headDim,
    count: headDim,
    interleaves: true,
  }));
}
