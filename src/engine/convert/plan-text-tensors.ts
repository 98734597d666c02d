import { familyOf } from '../families/families.ts';
import type { RowRun } from '../families/family.ts';
import type { TextConfig } from './checkpoint-config.ts';
import {
  type PlannedTensor,
  planMatrix,
  planVector,
  type TensorPicker,
  type WrittenType,
} from './planned-tensor.ts';

/** The language model's tensors under GGUF's names, in the order of the file. */
export function planTextTensors(
  tensors: TensorPicker,
  config: TextConfig,
  prefix: string,
  type: WrittenType,
): PlannedTensor[] {
  const { hidden, vocabulary, feedForward } = config;
  const { tensors: called, attention } = familyOf(config.architecture).checkpoint;
  const matrix = (name: string, from: string, rows: number, columns: number, runs?: RowRun[]) =>
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
      ...attention(config).map(({ name, from: source, rows, runs }) =>
        matrix(`${to}.${name}`, `${from}.${source}`, rows, hidden, runs),
      ),
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
  if (config.isTied && name === `${prefix}${familyOf(config.architecture).checkpoint.tensors.output}.weight`)
    return true;
  return name.endsWith('.rotary_emb.inv_freq');
}
