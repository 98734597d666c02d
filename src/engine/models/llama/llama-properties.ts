import { isNo, isOne, isYes, isZero, type PropertyRule } from '../../formats/known-properties.ts';

/** What a decoder computes, as far as properties that it does not read speak of it. */
export interface ComputedDecoder {
  headDim: number;
  /** Positions that the model was trained for: no longer conversation is computed. */
  contextTokens: number;
  rmsEpsilon: number;
  /** Of LongRoPE the attention factor is read. */
  hasLongRope?: boolean;
}

/** Every property that a model may have under its architecture's name (gguf/constants.py; llama.cpp's src/llama-model.cpp). */
export function decoderProperties(computed: ComputedDecoder): Readonly<Record<string, PropertyRule>> {
  const { headDim, rmsEpsilon, hasLongRope } = computed;
  return {
    context_length: 'read',
    embedding_length: 'read',
    block_count: 'read',
    feed_forward_length: 'read',
    'attention.head_count': 'read',
    'attention.head_count_kv': 'read',
    'attention.key_length': 'read',
    'attention.value_length': 'read',
    'attention.layer_norm_rms_epsilon': 'read',
    'rope.dimension_count': 'read',
    'rope.freq_base': 'read',
    'rope.scaling.type': 'read',
    'rope.scaling.factor': 'read',
    'rope.scale_linear': 'read',
    // The embedding's own rows count; llama.cpp uses it only for a file without a vocabulary.
    vocab_size: 'harmless',
    // How the model was made; YaRN alone computes with these, and it is refused by its type.
    'rope.scaling.finetuned': 'harmless',
    'rope.scaling.original_context_length': 'harmless',
    'rope.scaling.orig_ctx_len': 'harmless',
    'rope.scaling.yarn_beta_fast': 'harmless',
    'rope.scaling.yarn_beta_slow': 'harmless',
    // Multiplies the rotation under every type, "none" too.
    'rope.scaling.attn_factor': hasLongRope ? 'read' : isOne,
    'rope.scaling.yarn_attn_factor': isOne,
    'rope.scaling.yarn_ext_factor': isZero,
    'rope.scaling.yarn_log_multiplier': isZero,
    'attention.scale': value => value === 0 || isAbout(value, 1 / Math.sqrt(headDim)),
    'attention.causal': isYes,
    'attention.sliding_window': 'read',
    'attention.sliding_window_pattern': 'read',
    'rope.freq_base_swa': 'read',
    'attention.clamp_kqv': isZero,
    'attention.max_alibi_bias': isZero,
    'attention.layer_norm_epsilon': value => isAbout(value, rmsEpsilon),
    expert_count: isZero,
    expert_used_count: isZero,
    expert_shared_count: isZero,
    expert_group_count: isZero,
    expert_group_used_count: isZero,
    leading_dense_block_count: isZero,
    nextn_predict_layers: isZero,
    rescale_every_n_layers: isZero,
    pooling_type: isZero,
    use_parallel_residual: isNo,
    // Rows of queries and keys in the order of Meta's own files is what GGUF holds by default.
    tensor_data_layout: value => value === 'Meta AI original pth' || value === 'reference',
    logit_scale: isOne,
    residual_scale: isOne,
    embedding_scale: isOne,
    attn_logit_softcapping: isZero,
    final_logit_softcapping: isZero,
    router_logit_softcapping: isZero,
  };
}

/** As far as f32 tells them apart. */
function isAbout(value: unknown, wanted: number): boolean {
  return typeof value === 'number' && Math.abs(value - wanted) <= 1e-6 * wanted;
}
