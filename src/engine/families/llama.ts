import { type Family, plainParts } from './family.ts';
import { mistralCheckpoints } from './mistral.ts';
import { transformersLayer, transformersTensors } from './transformers-layer.ts';

/** By transformers' configuration_llama.py and modeling_llama.py. GGUF has Mistral's models under this name too. */
export const llama: Family = {
  example: 'PMC-LLaMA',
  convertible: ['PMC-LLaMA', 'LLaMA', 'Mistral'],
  template: 'pmc-llama',
  parts: plainParts,
  gguf: { frequencyFactors: ['rope_freqs'] },
  checkpoints: [
    {
      // The oldest checkpoints spell it in capitals.
      classes: ['LlamaForCausalLM', 'LLaMAForCausalLM'],
      chatClasses: [],
      required: [
        ['hidden_act', 'silu', 'silu'],
        ['attention_bias', false, false],
        ['mlp_bias', false, false],
      ],
      rope: { kinds: ['linear', 'llama3'], defaultTheta: 10_000 },
      tensors: transformersTensors,
      layer: shape => transformersLayer(plainParts, shape),
    },
    mistralCheckpoints,
  ],
};
