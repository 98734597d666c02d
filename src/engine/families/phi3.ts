import { type DecoderParts, type Family, plainParts } from './family.ts';
import { readWindow } from './layer-windows.ts';
import { transformersLayer, transformersTensors } from './transformers-layer.ts';

const parts: DecoderParts = { ...plainParts, pairs: 'halves', isFused: true };

/** By transformers' configuration_phi3.py and modeling_phi3.py: Phi-3, Phi-3.5 and Phi-4-mini. */
export const phi3: Family = {
  convertible: ['Phi-3'],
  template: 'chatml',
  parts,
  gguf: { frequencyFactors: ['rope_factors_short', 'rope_factors_long'], swallowsBlanks: true },
  checkpoints: [
    {
      classes: ['Phi3ForCausalLM'],
      chatClasses: [],
      required: [
        ['hidden_act', 'silu', 'silu'],
        ['attention_bias', false, false],
      ],
      rope: { kinds: ['longrope'], defaultTheta: 10_000, isPartial: true },
      window: (config, layers) => readWindow(config, layers, () => true),
      tensors: transformersTensors,
      layer: shape => transformersLayer(parts, shape),
    },
  ],
};
