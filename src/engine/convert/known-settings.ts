/**
 * What a conversion does with a setting of `config.json` that it does not read: it changes no number; or it may only
 * have a value at which the model computes what it would compute without it. Null always counts as absent. Any other
 * setting is refused by its name (`JsonSettings.refuseOthers`): one that is overlooked would make other numbers without a word.
 */
export type SettingRule = 'harmless' | ((value: unknown) => boolean);
export type SettingRules = Readonly<Record<string, SettingRule>>;

export const isNo = (value: unknown) => value === false;
export const isZero = (value: unknown) => value === 0;
export const isOne = (value: unknown) => value === 1;
const isOff = (value: unknown) => value === false || value === 0;
const isEmpty = (value: unknown) => typeof value === 'object' && Object.keys(value ?? {}).length === 0;

/** Of the file, the program that wrote it, training, and how answers are drawn: as transformers writes them with every model. */
const harmlessEverywhere = `
  architectures model_type auto_map torch_dtype dtype transformers_version transformers.js_config _name_or_path name_or_path
  _commit_hash _attn_implementation _attn_implementation_autoset _attn_implementation_internal _flash_attn_2_enabled
  attn_implementation use_flash_attn use_bfloat16 torchscript unsloth_version unsloth_fixed is_llama_config
  initializer_range initializer_factor attention_dropout hidden_dropout dropout attention_probs_dropout_prob
  hidden_dropout_prob resid_pdrop attn_pdrop embd_pdrop drop_path_rate gradient_checkpointing
  neftune_noise_alpha
  use_cache cache_implementation keys_to_ignore_at_inference return_dict output_attentions output_hidden_states output_scores
  return_dict_in_generate tf_legacy_loss
  bos_token_id eos_token_id pad_token_id sep_token_id unk_token_id decoder_start_token_id tokenizer_class
  model_max_length max_sequence_length max_length min_length length_penalty no_repeat_ngram_size
  encoder_no_repeat_ngram_size num_beams num_beam_groups diversity_penalty num_return_sequences early_stopping do_sample
  temperature top_k top_p typical_p repetition_penalty bad_words_ids suppress_tokens begin_suppress_tokens
  forced_bos_token_id forced_eos_token_id exponential_decay_length_penalty remove_invalid_values
  chunk_size_feed_forward finetuning_task task_specific_params problem_type prefix id2label label2id num_labels
  is_decoder tie_encoder_decoder`
  .trim()
  .split(/\s+/);

/** Of experts that a model does not have: InternVL 2.5 writes them all beside `"use_moe": false`. */
const unusedExperts = `
  moe_coeff_ratio moe_intermediate_size moe_output_scale noisy_gate_policy capacity_factor eval_capacity_factor
  laux_allreduce num_routed_experts num_shared_experts shared_expert_intermediate_size use_residual use_rts
  use_weighted_residual`
  .trim()
  .split(/\s+/);

const commonSettings: SettingRules = {
  ...Object.fromEntries(harmlessEverywhere.map(name => [name, 'harmless' as const])),
  ...Object.fromEntries(unusedExperts.map(name => [name, 'harmless' as const])),
  use_moe: isNo,
  is_encoder_decoder: isNo,
  add_cross_attention: isNo,
  pruned_heads: isEmpty,
};

/** Of a decoder, by the configurations of LLaMA and of models that grew out of it. */
export function decoderSettings(headDim: number, contextTokens: number): SettingRules {
  const coversContext = (value: unknown) => typeof value === 'number' && value >= contextTokens;
  return {
    ...commonSettings,
    // The products are cut in parts and added up again.
    pretraining_tp: 'harmless',
    max_window_layers: 'harmless',
    attention_bias: isNo,
    attention_out_bias: isNo,
    qkv_bias: isNo,
    mlp_bias: isNo,
    bias: isNo,
    lm_head_bias: isNo,
    use_bias: isNo,
    use_qk_norm: isNo,
    qk_norm: isNo,
    qk_layernorm: isNo,
    sliding_window: value => isOff(value) || coversContext(value),
    use_sliding_window: isNo,
    layer_types: value => Array.isArray(value) && value.every(type => type === 'full_attention'),
    partial_rotary_factor: isOne,
    rotary_pct: isOne,
    rope_interleaved: isNo,
    attn_logit_softcapping: isOff,
    final_logit_softcapping: isOff,
    logits_scaling: isOne,
    logit_scale: isOne,
    residual_multiplier: isOne,
    embedding_multiplier: isOne,
    attention_multiplier: value =>
      typeof value === 'number' && Math.abs(value * Math.sqrt(headDim) - 1) < 1e-6,
    clip_qkv: isOff,
    alibi: isNo,
    parallel_attn: isNo,
    use_parallel_residual: isNo,
    num_experts: isOff,
    num_local_experts: isOff,
    num_nextn_predict_layers: isZero,
  };
}

/** Of InternViT, by configuration_intern_vit.py. */
export const encoderSettings: SettingRules = {
  ...commonSettings,
  use_mean_pooling: 'harmless',
  // Counts only with `use_moe`.
  num_experts: 'harmless',
  attention_bias: value => value === true,
  use_mask_token: isNo,
};

/** Of SigLIP, by configuration_siglip.py: its head, which Gemma 3 does without, is no part of the checkpoint. */
export const siglipSettings: SettingRules = {
  ...commonSettings,
  vision_use_head: isNo,
  projection_dim: 'harmless',
};

/** Of Gemma 3 with pictures as a whole, by configuration_gemma3.py: which tokens stand for pictures the vocabulary says too. */
export const gemma3Settings: SettingRules = {
  ...commonSettings,
  text_config: 'harmless',
  vision_config: 'harmless',
  boi_token_index: 'harmless',
  eoi_token_index: 'harmless',
  image_token_index: 'harmless',
  image_token_id: 'harmless',
  // Read with the image encoder.
  mm_tokens_per_image: 'harmless',
};

/** Of how pictures are prepared, by image_processing_gemma3.py: what counts only where pictures are cut. */
export const preprocessorSettings: SettingRules = {
  // Where the program that wrote them keeps its arrays.
  data_format: 'harmless',
  input_data_format: 'harmless',
  // Of sides that are not said: these are.
  default_to_square: 'harmless',
  do_convert_rgb: 'harmless',
  image_processor_type: 'harmless',
  processor_class: 'harmless',
  pan_and_scan_max_num_crops: 'harmless',
  pan_and_scan_min_crop_size: 'harmless',
  pan_and_scan_min_ratio_to_activate: 'harmless',
};

/** Of InternVL as a whole, beside what its image encoder needs: how many tiles an image becomes is a choice of the reader. */
export const chatSettings: SettingRules = {
  ...commonSettings,
  vision_config: 'harmless',
  dynamic_image_size: 'harmless',
  min_dynamic_patch: 'harmless',
  max_dynamic_patch: 'harmless',
  use_thumbnail: 'harmless',
  template: 'harmless',
  system_message: 'harmless',
  // Repeats the language half's.
  hidden_size: 'harmless',
  vocab_size: 'harmless',
  image_fold: 'harmless',
  // Read with the image encoder; of a conversion of the text alone they change nothing.
  downsample_ratio: 'harmless',
  ps_version: 'harmless',
  select_layer: 'harmless',
  force_image_size: 'harmless',
  pad2square: 'harmless',
  // Adapters beside the weights: without them the weights are not the model's.
  use_backbone_lora: isZero,
  use_llm_lora: isZero,
};
