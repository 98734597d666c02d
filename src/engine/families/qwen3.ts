import { type DecoderParts, type Family, plainParts } from './family.ts';
import { readQwenWindow } from './qwen2.ts';
import { transformersLayer, transformersTensors } from './transformers-layer.ts';

const parts: DecoderParts = { ...plainParts, pairs: 'halves', headNorms: true };

/** By transformers' configuration_qwen3.py and modeling_qwen3.py. */
export const qwen3: Family = {
  convertible: ['Qwen 3'],
  template: 'chatml',
  parts,
  gguf: { frequencyFactors: [] },
  checkpoints: [
    {
      classes: ['Qwen3ForCausalLM'],
      chatClasses: [],
      required: [
        ['hidden_act', 'silu', 'silu'],
        ['attention_bias', false, false],
      ],
      defaults: { head_dim: 128 },
      rope: { kinds: ['linear'], defaultTheta: 10_000 },
      window: readQwenWindow,
      tensors: transformersTensors,
      layer: shape => transformersLayer(parts, shape),
    },
  ],
};
