import { familyOf } from '../families/families.ts';
import type { RowRun } from '../families/family.ts';
import type { Quantisation } from '../types/quantisation.ts';
import type { TextConfig } from './checkpoint-config.ts';
import { chooseType, type MatrixName } from './choose-type.ts';
import { type PlannedTensor, planMatrix, planVector, type TensorPicker } from './planned-tensor.ts';

/** The language model's tensors under GGUF's names, in the order of the file. */
export function planTextTensors(
  tensors: TensorPicker,
  config: TextConfig,
  prefix: string,
  quantisation: Quantisation,
): PlannedTensor[] {
  const { hidden, vocabulary, feedForward } = config;
  const { tensors: called, attention } = familyOf(config.architecture).checkpoint;
  const matrix = (
    [name, layer]: readonly [MatrixName, layer?: number],
    from: string,
    rows: number,
    columns: number,
    runs?: RowRun[],
  ) => {
    const called = layer === undefined ? name : `blk.${layer}.${name}`;
    const type = chooseType(quantisation, name, layer ?? 0, columns, config);
    return planMatrix(
      `${called}.weight`,
      tensors.take(`${prefix}${from}.weight`, [rows, columns]),
      type,
      runs,
    );
  };
  const norm = (name: string, from: string) =>
    planVector(`${name}.weight`, tensors.take(`${prefix}${from}.weight`, [hidden]));

  const planned = [
    matrix(['token_embd'], called.embedding, vocabulary, hidden),
    norm('output_norm', called.norm),
  ];
  if (!config.isTied) planned.push(matrix(['output'], called.output, vocabulary, hidden));
  for (let layer = 0; layer < config.layers; layer++) {
    const to = `blk.${layer}`;
    const from = `model.layers.${layer}`;
    planned.push(
      norm(`${to}.attn_norm`, `${from}.${called.attentionNorm}`),
      ...attention(config).map(({ name, from: source, rows, runs }) =>
        matrix([name, layer], `${from}.${source}`, rows, hidden, runs),
      ),
      matrix(
        ['attn_output', layer],
        `${from}.${called.attentionOutput}`,
        hidden,
        config.heads * config.headDim,
      ),
      norm(`${to}.ffn_norm`, `${from}.${called.feedForwardNorm}`),
      matrix(['ffn_gate', layer], `${from}.${called.gate}`, feedForward, hidden),
      matrix(['ffn_up', layer], `${from}.${called.up}`, feedForward, hidden),
      matrix(['ffn_down', layer], `${from}.${called.down}`, hidden, feedForward),
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
