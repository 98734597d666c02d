import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeCheckpoint } from '../../../test/support/checkpoint.ts';
import { json } from '../../../test/support/json-bytes.ts';
import { bytesSource } from '../formats/byte-source.ts';
import { readCheckpointConfig } from './checkpoint-config.ts';
import { planConversion } from './plan-conversion.ts';

type Json = Record<string, unknown>;
const settingsOf = (shape: Parameters<typeof makeCheckpoint>[0]) =>
  JSON.parse(new TextDecoder().decode(makeCheckpoint(shape).files.get('config.json'))) as Json;

const llama = settingsOf({ architecture: 'llama', hasVision: false });
const internLm2 = settingsOf({ hasVision: false });
const chat = settingsOf({});
const context = llama.max_position_embeddings as number;
const headDim = (llama.hidden_size as number) / (llama.num_attention_heads as number);

/** What is read of a configuration, its image half included. */
async function read(config: Json) {
  const { text, readEncoder } = await readCheckpointConfig({
    open: async name => (name === 'config.json' ? bytesSource(json(config)) : undefined),
  });
  return { text, encoder: readEncoder?.() };
}

const refused = (config: Json, name: string) =>
  expect(read(config)).rejects.toMatchObject({
    code: expect.stringMatching(/^(unsupported|invalid)-model$/),
    message: expect.stringContaining(`${name}"`),
  });

describe('how positions rotate', () => {
  it.each<[string, Json, Json]>([
    ['as LLaMA did, where nothing is said', {}, { rope: { theta: 10_000, factor: 1 } }],
    ['a base of its own', { rope_theta: 500_000 }, { rope: { theta: 500_000, factor: 1 } }],
    [
      'transformers 5',
      { rope_parameters: { rope_theta: 500_000, rope_type: 'default' } },
      { rope: { theta: 500_000, factor: 1 } },
    ],
    [
      'transformers 5, no kind',
      { rope_parameters: { rope_theta: 2e6 } },
      { rope: { theta: 2e6, factor: 1 } },
    ],
    [
      'transformers 5, linear',
      { rope_parameters: { rope_theta: 1e6, rope_type: 'linear', factor: 4 } },
      { rope: { theta: 1e6, factor: 4 } },
    ],
    ['linear', { rope_scaling: { type: 'linear', factor: 2 } }, { rope: { theta: 10_000, factor: 2 } }],
    [
      'both, saying the same',
      {
        rope_theta: 5e5,
        rope_parameters: { rope_theta: 5e5, rope_type: 'linear', factor: 2 },
        rope_scaling: { rope_type: 'linear', factor: 2 },
      },
      { rope: { theta: 5e5, factor: 2 } },
    ],
    [
      'dynamic, which begins past the context',
      {
        rope_parameters: {
          rope_theta: 5e5,
          rope_type: 'dynamic',
          factor: 8,
          original_max_position_embeddings: context,
        },
      },
      { rope: { theta: 5e5, factor: 1 } },
    ],
    ['all of each head', { partial_rotary_factor: 1 }, { rope: { theta: 10_000 } }],
  ])('%s: computed', async (_, settings, computed) => {
    expect((await read({ ...llama, ...settings })).text).toMatchObject(computed);
  });

  it('reaches the file that is written', async () => {
    const checkpoint = makeCheckpoint({ architecture: 'llama', hasVision: false });
    const rope = { rope_theta: 500_000, rope_type: 'linear', factor: 4 };
    checkpoint.files.set('config.json', json({ ...llama, rope_parameters: rope }));
    const { text } = await planConversion(checkpoint.folder, { name: 'x', type: 'F16', withVision: false });
    const written = new TextDecoder('latin1').decode(text.header);
    expect(written).toContain('llama.rope.scaling.factor');
  });

  it.each<[string, Json]>([
    ['rope_parameters.rope_type', { rope_parameters: { rope_type: 'yarn', factor: 4 } }],
    ['rope_parameters.rope_type', { rope_parameters: { rope_type: 'longrope' } }],
    ['rope_parameters.low_freq_factor', { rope_parameters: { rope_type: 'llama3', factor: 8 } }],
    ['rope_parameters.rope_type', { rope_parameters: { rope_type: 'proportional' } }],
    ['rope_parameters.factor', { rope_parameters: { rope_theta: 1e4, factor: 2 } }],
    ['rope_parameters.factor', { rope_parameters: { rope_type: 'linear' } }],
    ['rope_parameters.partial_rotary_factor', { rope_parameters: { partial_rotary_factor: 0.5 } }],
    [
      'rope_parameters.full_attention',
      { rope_parameters: { full_attention: { rope_theta: 1e6 }, sliding_attention: { rope_theta: 1e4 } } },
    ],
    ['rope_parameters.mrope_section', { rope_parameters: { mrope_section: [16, 24, 24] } }],
    ['rope_parameters', { rope_parameters: [] }],
    ['rope_parameters', { rope_theta: 1e4, rope_parameters: { rope_theta: 5e5 } }],
    [
      'rope_parameters.original_max_position_embeddings',
      { rope_parameters: { rope_type: 'dynamic', factor: 2, original_max_position_embeddings: context / 2 } },
    ],
    ['rope_scaling.type', { rope_scaling: { type: 'yarn', factor: 4 } }],
    ['rope_scaling.type', { rope_scaling: { type: 'su', factor: 4 } }],
    ['rope_theta', { rope_theta: '500000' }],
  ])('%s is refused: %j', (name, settings) => refused({ ...llama, ...settings }, name));
});

describe('what a decoder is said to compute', () => {
  it.each<[string, unknown, unknown]>([
    ['attention_bias', false, true],
    ['mlp_bias', false, true],
    ['bias', false, true],
    ['qkv_bias', false, true],
    ['hidden_act', 'silu', 'gelu_pytorch_tanh'],
    ['head_dim', headDim, 'wide'],
    ['sliding_window', context, context - 1],
    ['use_sliding_window', false, true],
    ['layer_types', ['full_attention', 'full_attention'], ['full_attention', 'sliding_attention']],
    ['partial_rotary_factor', 1, 0.5],
    ['attn_logit_softcapping', null, 50],
    ['final_logit_softcapping', null, 30],
    ['quantization_config', null, { quant_method: 'awq' }],
    ['logits_scaling', 1, 8],
    ['residual_multiplier', 1, 0.22],
    ['embedding_multiplier', 1, 12],
    ['attention_multiplier', 1 / Math.sqrt(headDim), 0.015],
    ['clip_qkv', null, 8],
    ['alibi', false, true],
    ['num_local_experts', 0, 8],
    ['use_qk_norm', false, true],
    ['use_moe', false, true],
    ['is_llama_config', true, undefined],
    ['rope_interleaved', false, true],
    ['no_rope_layers', null, [1, 0]],
    ['pretraining_tp', 2, undefined],
    ['attention_dropout', 0.1, undefined],
    ['transformers_version', '5.0.0', undefined],
    ['tie_word_embeddings', false, 'yes'],
    ['rms_norm_eps', 1e-5, null],
  ])('%s: %j is accepted, %j refused by name', async (name, accepted, wrong) => {
    expect((await read({ ...llama, [name]: accepted })).text.architecture).toBe('llama');
    if (wrong !== undefined) await refused({ ...llama, [name]: wrong }, name);
  });

  it('the oldest LLaMA checkpoints say their length by another name', async () => {
    const { max_position_embeddings: _length, ...rest } = llama;
    const oldest = { ...rest, architectures: ['LLaMAForCausalLM'], max_sequence_length: 2048 };
    expect((await read(oldest)).text.contextTokens).toBe(2048);
    await refused(rest, 'max_position_embeddings');
  });

  it('InternLM2 likewise', async () => {
    const rope_parameters = { rope_theta: 1e6, rope_type: 'dynamic', factor: 2 };
    const { rope_theta: _theta, rope_scaling: _scaling, ...rest } = internLm2;
    expect((await read({ ...rest, rope_parameters })).text.rope.theta).toBe(1e6);
    await refused(rest, 'rope_theta');
    await refused({ ...internLm2, rope_scaling: { type: 'linear', factor: 2 } }, 'rope_scaling.type');
    await refused({ ...internLm2, sliding_window: 512 }, 'sliding_window');
  });
});

describe('what an image encoder is said to compute', () => {
  const withEncoder = (settings: Json) => ({
    ...chat,
    vision_config: { ...(chat.vision_config as Json), ...settings },
  });

  it.each<[string, unknown, unknown]>([
    ['norm_type', 'layer_norm', 'rms_norm'],
    ['qkv_bias', true, false],
    ['qk_normalization', false, true],
    ['use_qk_norm', null, true],
    ['hidden_act', 'gelu', 'quick_gelu'],
    ['num_channels', 3, 1],
    ['layer_norm_eps', 1e-5, '1e-6'],
    ['use_mean_pooling', true, undefined],
    ['drop_path_rate', 0.1, undefined],
    ['layer_scale_init_value', null, 0.1],
    ['quantization_config', null, { quant_method: 'gptq' }],
  ])('%s: %j is accepted, %j refused by name', async (name, accepted, wrong) => {
    expect((await read(withEncoder({ [name]: accepted }))).encoder?.layers).toBe(2);
    if (wrong !== undefined) await refused(withEncoder({ [name]: wrong }), name);
  });

  it('InternVL 2.5 speaks of experts that it does not have', async () => {
    const experts = {
      capacity_factor: 1.2,
      eval_capacity_factor: 1.4,
      laux_allreduce: 'all_nodes',
      moe_coeff_ratio: 0.5,
      moe_intermediate_size: 768,
      moe_output_scale: 4,
      noisy_gate_policy: 'RSample_before',
      num_experts: 8,
      num_routed_experts: 4,
      num_shared_experts: 4,
      shared_expert_intermediate_size: 3072,
      use_moe: false,
      use_residual: true,
      use_rts: false,
      use_weighted_residual: false,
    };
    expect((await read(withEncoder(experts))).encoder?.layers).toBe(2);
    await refused(withEncoder({ ...experts, use_moe: true }), 'use_moe');
  });

  it.each<[string, unknown]>([
    ['downsample_ratio', 1],
    ['ps_version', 'v1'],
    ['select_layer', -4],
    ['pad2square', true],
    ['use_llm_lora', 16],
    ['quantization_config', { quant_method: 'awq' }],
    ['tie_word_embeddings', true],
  ])('%s: %j of the whole model is refused by name', (name, value) =>
    refused({ ...chat, [name]: value }, name),
  );
});

it('a setting that nobody knows is refused by its name, wherever it is', async () => {
  const names = fc.stringMatching(/^[a-z][a-z0-9_]{3,24}$/).filter(name => !(name in {}));
  const values = fc.oneof(fc.integer(), fc.boolean(), fc.string(), fc.constant({ a: 1 }), fc.constant([1]));
  await fc.assert(
    fc.asyncProperty(
      names,
      values,
      fc.constantFrom('llama', 'internlm2', 'chat', 'llm_config', 'vision_config', 'rope'),
      async (name, value, where) => {
        const odd = { [`${name}_of_tomorrow`]: value };
        const config: Json =
          where === 'llama'
            ? { ...llama, ...odd }
            : where === 'internlm2'
              ? { ...internLm2, ...odd }
              : where === 'rope'
                ? { ...llama, rope_parameters: odd }
                : where === 'chat'
                  ? { ...chat, ...odd }
                  : { ...chat, [where]: { ...(chat[where] as Json), ...odd } };
        await refused(config, `${name}_of_tomorrow`);
      },
    ),
    { numRuns: 300 },
  );
});
