import type { TextConfig } from './checkpoint-config.ts';
import {
  type PlannedTensor,
  planMatrix,
  planVector,
  type RowRun,
  type TensorPicker,
  type WrittenType,
} from './planned-tensor.ts';

/** InternLM2's tensors under GGUF's names, in the order of the file. */
export function planTextTensors(
  tensors: TensorPicker,
  config: TextConfig,
  prefix: string,
  type: WrittenType,
): PlannedTensor[] {
  const { hidden, vocabulary, feedForward } = config;
  const matrix = (name: string, from: string, rows: number, columns: number, runs?: RowRun[]) =>
    planMatrix(`${name}.weight`, tensors.take(`${prefix}${from}.weight`, [rows, columns]), type, runs);
  const norm = (name: string, from: string) =>
    planVector(`${name}.weight`, tensors.take(`${prefix}${from}.weight`, [hidden]));

  const planned = [
    matrix('token_embd', 'model.tok_embeddings', vocabulary, hidden),
    norm('output_norm', 'model.norm'),
  ];
  if (!config.isTied) planned.push(matrix('output', 'output', vocabulary, hidden));
  const attention = attentionRows(config);
  const attentionWidth = config.heads * config.headDim;
  const fusedRows = attentionWidth + 2 * config.kvHeads * config.headDim;
  for (let layer = 0; layer < config.layers; layer++) {
    const to = `blk.${layer}`;
    const from = `model.layers.${layer}`;
    const fused = `${from}.attention.wqkv`;
    planned.push(
      norm(`${to}.attn_norm`, `${from}.attention_norm`),
      matrix(`${to}.attn_q`, fused, fusedRows, hidden, attention.query),
      matrix(`${to}.attn_k`, fused, fusedRows, hidden, attention.key),
      matrix(`${to}.attn_v`, fused, fusedRows, hidden, attention.value),
      matrix(`${to}.attn_output`, `${from}.attention.wo`, hidden, attentionWidth),
      norm(`${to}.ffn_norm`, `${from}.ffn_norm`),
      matrix(`${to}.ffn_gate`, `${from}.feed_forward.w1`, feedForward, hidden),
      matrix(`${to}.ffn_up`, `${from}.feed_forward.w3`, feedForward, hidden),
      matrix(`${to}.ffn_down`, `${from}.feed_forward.w2`, hidden, feedForward),
    );
  }
  return planned;
}

/** Tables that old checkpoints carry and that follow from the configuration. */
export function isDerivedTensor(name: string): boolean {
  return name.endsWith('.rotary_emb.inv_freq');
}

/**
 * Which rows of InternLM2's `wqkv` are queries, keys and values: each key-value head's group holds its query heads,
 * then its key, then its value (modeling_internlm2.py, InternLM2Attention.forward).
 */
function attentionRows({ heads, kvHeads, headDim }: TextConfig) {
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
