import type { LayerSource } from '../families/family.ts';
import { bytesSource } from '../formats/byte-source.ts';
import type { TextConfig } from './checkpoint-config.ts';
import { type ConvertedType, chooseType, type MatrixName } from './choose-type.ts';
import { type PlannedTensor, planMatrix, planVector, type TensorPicker } from './planned-tensor.ts';

/** The language model's tensors under GGUF's names, in the order of the file. */
export function planTextTensors(
  tensors: TensorPicker,
  config: TextConfig,
  prefix: string,
  quantisation: ConvertedType,
): PlannedTensor[] {
  const { hidden, vocabulary, rules } = config;
  const { tensors: called } = rules;
  const whole = (name: MatrixName, from: string) => {
    const source = tensors.take(`${prefix}${from}.weight`, [vocabulary, hidden]);
    return planMatrix(
      `${name}.weight`,
      source,
      chooseType(quantisation, name, 0, hidden, config, source.dtype),
    );
  };
  const ofLayer = (layer: number) => (planned: LayerSource) => {
    const from = `model.layers.${layer}.${planned.from}`;
    if (planned.kind === 'vector') {
      const source = tensors.take(`${prefix}${from}`, [planned.size]);
      return planVector(`blk.${layer}.${planned.name}`, source, planned);
    }
    const { name, rows, columns, runs } = planned;
    const source = tensors.take(`${prefix}${from}`, [rows, columns]);
    const type = chooseType(quantisation, name, layer, columns, config, source.dtype);
    return planMatrix(`blk.${layer}.${name}.weight`, source, type, runs);
  };

  const planned = [
    whole('token_embd', called.embedding),
    planVector('output_norm.weight', tensors.take(`${prefix}${called.norm}.weight`, [hidden]), {
      plus: rules.normsFromOne ? 1 : 0,
    }),
  ];
  if (!config.isTied) planned.push(whole('output', called.output));
  planned.push(...frequencyFactors(config));
  for (let layer = 0; layer < config.layers; layer++) {
    planned.push(...rules.layer(config).map(ofLayer(layer)));
  }
  return planned;
}

/** What config.json says of frequencies and GGUF keeps in tensors. */
function frequencyFactors({ rope }: TextConfig): PlannedTensor[] {
  const { frequencyFactors, long } = rope;
  return [
    ...(frequencyFactors ? [computedVector('rope_freqs.weight', frequencyFactors)] : []),
    ...(long
      ? [
          computedVector('rope_factors_long.weight', long.long),
          computedVector('rope_factors_short.weight', long.short),
        ]
      : []),
  ];
}

function computedVector(name: string, values: Float32Array): PlannedTensor {
  const bytes = new Uint8Array(values.slice().buffer);
  return planVector(name, {
    name,
    dtype: 'F32',
    shape: [values.length],
    offset: 0,
    bytes: bytes.length,
    file: 'config.json',
    source: bytesSource(bytes),
  });
}

/** Tables that old checkpoints carry and that follow from the configuration, and a second copy of a tied embedding. */
export function isDerivedTensor(name: string, { isTied, rules }: TextConfig, prefix: string): boolean {
  if (isTied && name === `${prefix}${rules.tensors.output}.weight`) return true;
  return name.endsWith('.rotary_emb.inv_freq');
}
