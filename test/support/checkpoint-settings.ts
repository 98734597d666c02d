import type { CheckpointSize } from './checkpoint.ts';

/** What `config.json` says. */
export function listSettings(size: CheckpointSize) {
  if (size.architecture === 'llama') return llamaConfig(size);
  return size.hasVision ? chatConfig(size) : textConfig(size);
}

/** PMC-LLaMA-13B's, with its wrong numbers of special pieces. */
function llamaConfig(size: CheckpointSize) {
  return {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    bos_token_id: 0,
    eos_token_id: 1,
    hidden_act: 'silu',
    hidden_size: size.hidden,
    initializer_range: 0.02,
    intermediate_size: size.feedForward,
    max_position_embeddings: 2048,
    num_attention_heads: size.heads,
    num_hidden_layers: size.layers,
    ...(size.kvHeads === size.heads ? {} : { num_key_value_heads: size.kvHeads }),
    pad_token_id: -1,
    rms_norm_eps: 1e-6,
    rope_scaling: null,
    tie_word_embeddings: false,
    torch_dtype: 'float16',
    use_cache: false,
    vocab_size: size.vocabulary,
  };
}

function textConfig(size: CheckpointSize) {
  return {
    architectures: ['InternLM2ForCausalLM'],
    model_type: 'internlm2',
    bias: false,
    bos_token_id: 1,
    eos_token_id: 2,
    hidden_act: 'silu',
    hidden_size: size.hidden,
    intermediate_size: size.feedForward,
    max_position_embeddings: 32768,
    num_attention_heads: size.heads,
    num_hidden_layers: size.layers,
    num_key_value_heads: size.kvHeads,
    pad_token_id: 2,
    rms_norm_eps: 1e-5,
    rope_scaling: { factor: 2.0, type: 'dynamic' },
    rope_theta: 1000000,
    tie_word_embeddings: false,
    vocab_size: size.vocabulary,
  };
}

function chatConfig(size: CheckpointSize) {
  return {
    architectures: ['InternVLChatModel'],
    model_type: 'internvl_chat',
    downsample_ratio: 0.5,
    dynamic_image_size: true,
    force_image_size: size.tileSize,
    llm_config: textConfig(size),
    max_dynamic_patch: 12,
    min_dynamic_patch: 1,
    ps_version: 'v2',
    select_layer: -1,
    template: 'internlm2-chat',
    use_thumbnail: true,
    vision_config: {
      architectures: ['InternVisionModel'],
      model_type: 'intern_vit_6b',
      hidden_act: 'gelu',
      hidden_size: size.visionHidden,
      image_size: size.tileSize,
      intermediate_size: size.visionFeedForward,
      layer_norm_eps: 1e-6,
      norm_type: 'layer_norm',
      num_attention_heads: size.visionHeads,
      num_hidden_layers: size.visionLayers,
      patch_size: size.patchSize,
      qk_normalization: false,
      qkv_bias: true,
    },
  };
}
