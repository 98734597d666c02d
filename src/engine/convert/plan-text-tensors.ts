import type { TextConfig } from './checkpoint-config.ts';
import {
  type PlannedTensor,
  planMatrix,
  planVector,
  type RowRun,
  type TensorPicker,
  type WrittenType,
} from './planned-tensor.ts';

/** What the tensors of a checkpoint are called: transformers' modeling_llama.py and modeling_internlm2.py. */
const names = {
  llama: {
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
  internlm2: {
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
};

/** The language model's tensors under GGUF's names, in the order of the file. */
export function planTextTensors(
  tensors: TensorPicker,
  config: TextConfig,
  prefix: string,
  type: WrittenType,
): PlannedTensor[] {
  const { hidden, vocabulary, feedForward } = config;
  const called = names[config.architecture];
  const matrix: PlanRows = (name, from, rows, columns, runs) =>
    planMatrix(`${name}.weight`, tensors.take(`${prefix}${from}.weight`, [rows, columns]), type, runs);
  const norm = (name: string, from: string) =>
    planVector(`${name}.weight`, tensors.take(`${prefix}${from}.weight`, [hidden]));

  const planned = [
    matrix('token_embd', called.embedding, vocabulary, hidden),
    norm('output_norm', called.norm),
  ];
  if (!config.isTied) planned.push(matrix('output', called.output, vocabulary, hidden));
  for (let layer = 0; layer < config.layers; layer++) {
    const to = `blk.${layer}`;
    const from = `model.layers.${layer}`;
    planned.push(
      norm(`${to}.attn_norm`, `${from}.${called.attentionNorm}`),
      ...planAttention[config.architecture](matrix, config, to, from),
      matrix(`${to}.attn_output`, `${from}.${called.attentionOutput}`, hidden, config.heads * config.headDim),
      norm(`${to}.ffn_norm`, `${from}.${called.feedForwardNorm}`),
      matrix(`${to}.ffn_gate`, `${from}.${called.gate}`, feedForward, hidden),
      matrix(`${to}.ffn_up`, `${from}.${called.up}`, feedForward, hidden),
      matrix(`${to}.ffn_down`, `${from}.${called.down}`, hidden, feedForward),
    );
  }
  return planned;
}

/** Tables that old checkpoints carry and that follow from the configuration, and a second copy of a tied embedding. */
export function isDerivedTensor(name: string, config: TextConfig, prefix: string): boolean {
  if (config.isTied && name === `${prefix}${names[config.architecture].output}.weight`) return true;
  return name.endsWith('.rotary_emb.inv_freq');
}

type PlanRows = (name: string, from: string, rows: number, columns: number, runs?: RowRun[]) => PlannedTensor;

/** Queries, keys and values of a layer; rows of queries and keys change their order. */
const planAttention = {
  llama(matrix: PlanRows, { hidden, heads, kvHeads, headDim }: TextConfig, to: string, from: string) {
    const listHeads = (count: number): RowRun[] =>
      Array.from({ length: count }, (_, head) => ({
        start: head * headDim,
        count: headDim,
        interleaves: true,
      }));
    const at = `${from}.self_attn`;
    return [
      matrix(`${to}.attn_q`, `${at}.q_proj`, heads * headDim, hidden, listHeads(heads)),
      matrix(`${to}.attn_k`, `${at}.k_proj`, kvHeads * headDim, hidden, listHeads(kvHeads)),
      matrix(`${to}.attn_v`, `${at}.v_proj`, kvHeads * headDim, hidden),
    ];
  },

  internlm2(matrix: PlanRows, config: TextConfig, to: string, from: string) {
    const { query, key, value } = splitFused(config);
    const rows = (config.heads + 2 * config.kvHeads) * config.headDim;
    const fused = `${from}.attention.wqkv`;
    return [
      matrix(`${to}.attn_q`, fused, rows, config.hidden, query),
      matrix(`${to}.attn_k`, fused, rows, config.hidden, key),
      matrix(`${to}.attn_v`, fused, rows, config.hidden, value),
    ];
  },
};

/**
 * Which rows of InternLM2's `wqkv` are queries, keys and values: each key-value head's group holds its query heads,
 * then its key, then its value (modeling_internlm2.py, InternLM2Attention.forward).
 */
function splitFused({ heads, kvHeads, headDim }: TextConfig) {
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
