import { type DecoderParts, type Family, plainParts, type SettingsReader } from './family.ts';
import { readWindow } from './layer-windows.ts';
import { transformersLayer, transformersTensors } from './transformers-layer.ts';

const parts: DecoderParts = { ...plainParts, pairs: 'halves', qkvBias: true };

/** By transformers' configuration_qwen2.py and modeling_qwen2.py. */
export const qwen2: Family = {
  convertible: ['Qwen 2'],
  template: 'chatml',
  parts,
  gguf: { frequencyFactors: [] },
  checkpoints: [
    {
      classes: ['Qwen2ForCausalLM'],
      chatClasses: [],
      required: [['hidden_act', 'silu', 'silu']],
      rope: { kinds: ['linear'], defaultTheta: 10_000 },
      window: readQwenWindow,
      tensors: transformersTensors,
      layer: shape => transformersLayer(parts, shape),
    },
  ],
};

/** Layers from `max_window_layers` on, and only where windows are asked for. */
export function readQwenWindow(config: SettingsReader, layers: number) {
  const first = config.integer('max_window_layers', 0, 1024, 28);
  if (!config.boolean('use_sliding_window', false)) {
    // It says how long a window would be.
    config.value('sliding_window');
    return undefined;
  }
  return readWindow(config, layers, layer => layer >= first, 4096);
}
