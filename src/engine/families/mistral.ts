import { type CheckpointRules, plainParts } from './family.ts';
import { readWindow } from './layer-windows.ts';
import { transformersLayer, transformersTensors } from './transformers-layer.ts';

/** By transformers' configuration_mistral.py and modeling_mistral.py: LLaMA's decoder with a window in every layer. */
export const mistralCheckpoints: CheckpointRules = {
  classes: ['MistralForCausalLM'],
  chatClasses: [],
  required: [['hidden_act', 'silu', 'silu']],
  rope: { kinds: ['linear', 'llama3'], defaultTheta: 10_000 },
  window: (config, layers) => readWindow(config, layers, () => true, 4096),
  tensors: transformersTensors,
  layer: shape => transformersLayer(plainParts, shape),
};
