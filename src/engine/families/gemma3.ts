import { type DecoderParts, type Family, plainParts } from './family.ts';
import { readWindow } from './layer-windows.ts';
import { transformersLayer, transformersTensors } from './transformers-layer.ts';

const parts: DecoderParts = {
  ...plainParts,
  pairs: 'halves',
  headNorms: true,
  postNorms: true,
  gate: 'gelu',
  embeddingScale: 'root-of-width',
};

const globalEvery = 6;
const windowTheta = 10_000;

/** By transformers' configuration_gemma3.py and modeling_gemma3.py. */
export const gemma3: Family = {
  convertible: ['Gemma 3'],
  template: 'gemma-3',
  parts,
  gguf: {
    globalEvery,
    windowTheta,
    // The 27B alone, which llama.cpp tells by its layers, divides by the width that a head would have without its own.
    scoreDimensions: ({ layers, hidden, heads, headDim }) => (layers === 62 ? hidden / heads : headDim),
    frequencyFactors: [],
  },
  checkpoints: [
    {
      classes: ['Gemma3ForCausalLM'],
      chatClasses: [],
      siglipClasses: ['Gemma3ForConditionalGeneration'],
      required: [
        ['hidden_activation', 'gelu_pytorch_tanh', 'gelu_pytorch_tanh'],
        ['attention_bias', false, false],
        ['use_bidirectional_attention', false, false],
      ],
      // Those of Gemma3TextConfig: the published 4B leaves out what equals them.
      defaults: {
        head_dim: 256,
        num_attention_heads: 8,
        num_key_value_heads: 4,
        vocab_size: 262_208,
        max_position_embeddings: 131_072,
        query_pre_attn_scalar: 256,
        rms_norm_eps: 1e-6,
        hidden_size: 2304,
        intermediate_size: 9216,
        num_hidden_layers: 26,
      },
      tiesUnsaid: true,
      rope: {
        kinds: ['linear'],
        defaultTheta: 1_000_000,
        windowTheta: ['rope_local_base_freq', windowTheta],
      },
      scoreDimensions: 'query_pre_attn_scalar',
      window(config, layers) {
        const every = config.integer('sliding_window_pattern', 1, 1024, globalEvery);
        return readWindow(config, layers, layer => (layer + 1) % every !== 0, 4096);
      },
      normsFromOne: true,
      tensors: transformersTensors,
      layer: shape => transformersLayer(parts, shape, 1),
    },
  ],
};
