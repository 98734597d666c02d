import { describe, expect, it } from 'vitest';
import { bytesSource } from '../formats/byte-source.ts';
import { readCheckpointConfig } from './checkpoint-config.ts';

type Json = Record<string, unknown>;

async function read(settings: Json) {
  const bytes = new TextEncoder().encode(JSON.stringify({ ...common, ...settings }));
  const folder = { open: async (name: string) => (name === 'config.json' ? bytesSource(bytes) : undefined) };
  return (await readCheckpointConfig(folder)).text;
}

const refused = (settings: Json, name: string) =>
  expect(read(settings)).rejects.toMatchObject({
    code: expect.stringMatching(/^(unsupported|invalid)-model$/),
    message: expect.stringContaining(name),
  });

const common = {
  hidden_size: 64,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  num_hidden_layers: 4,
  intermediate_size: 96,
  vocab_size: 100,
  max_position_embeddings: 512,
  rms_norm_eps: 1e-6,
};
const mistral = { architectures: ['MistralForCausalLM'] };
const qwen = { architectures: ['Qwen2ForCausalLM'] };
const gemma = { architectures: ['Gemma3ForCausalLM'], head_dim: 16, query_pre_attn_scalar: 16 };
const phi = { architectures: ['Phi3ForCausalLM'] };

describe('which layers have a window', () => {
  it.each<[string, Json, unknown]>([
    ['all of Mistral', { ...mistral, sliding_window: 48 }, { tokens: 48, layers: [true, true, true, true] }],
    ['none where it is null', { ...mistral, sliding_window: null }, undefined],
    ['none where it is as long as the context', { ...mistral, sliding_window: 512 }, undefined],
    [
      'none where Qwen does not use it',
      { ...qwen, sliding_window: 48, use_sliding_window: false },
      undefined,
    ],
    [
      'those of Qwen from one on',
      { ...qwen, sliding_window: 48, use_sliding_window: true, max_window_layers: 3 },
      { tokens: 48, layers: [false, false, false, true] },
    ],
    [
      'all but every second of Gemma, where its pattern says so',
      { ...gemma, sliding_window: 16, sliding_window_pattern: 2 },
      { tokens: 16, layers: [true, false, true, false] },
    ],
    [
      'those that are listed',
      {
        ...gemma,
        sliding_window: 16,
        layer_types: ['full_attention', 'sliding_attention', 'full_attention', 'sliding_attention'],
      },
      { tokens: 16, layers: [false, true, false, true] },
    ],
    [
      'also where it hides nothing but rotates otherwise',
      { ...gemma, sliding_window: 4096 },
      { tokens: 4096 },
    ],
  ])('%s', async (_, settings, expected) => {
    const { window } = await read(settings);
    if (expected === undefined) expect(window).toBeUndefined();
    else expect(window).toMatchObject(expected as object);
  });

  it('is refused where a kind of layer is not known', () =>
    refused(
      { ...gemma, sliding_window: 16, layer_types: ['chunked_attention', 'a', 'b', 'c'] },
      'layer_types',
    ));
});

describe('how positions rotate', () => {
  it('of Gemma, by kind of layer, in the older spelling and the newer', async () => {
    const older = {
      rope_theta: 1e6,
      rope_local_base_freq: 1e4,
      rope_scaling: { rope_type: 'linear', factor: 8 },
    };
    const newer = {
      rope_parameters: {
        full_attention: { rope_type: 'linear', factor: 8, rope_theta: 1e6 },
        sliding_attention: { rope_type: 'default', rope_theta: 1e4 },
      },
    };
    const expected = { theta: 1e6, factor: 8, windowTheta: 1e4 };
    expect((await read({ ...gemma, ...older })).rope).toMatchObject(expected);
    expect((await read({ ...gemma, ...newer })).rope).toMatchObject(expected);
  });

  it('of Phi-3, in part and with lists for short and long sequences', async () => {
    const lists = { short_factor: [1, 1, 1, 1, 1, 1], long_factor: [1, 2, 3, 4, 5, 6] };
    const longrope = { rope_scaling: { type: 'longrope', ...lists }, partial_rotary_factor: 0.75 };
    const original = { original_max_position_embeddings: 128 };
    const { dimensions, long, originalTokens } = (await read({ ...phi, ...longrope, ...original })).rope;
    expect([dimensions, originalTokens]).toEqual([12, 128]);
    expect(Array.from(long!.long)).toEqual(lists.long_factor);
    expect(long!.attentionFactor).toBeCloseTo(Math.sqrt(1 + Math.log(4) / Math.log(128)), 12);
    await refused({ ...phi, ...longrope, ...original, partial_rotary_factor: 1 }, 'short_factor');
    await refused({ ...phi, ...longrope }, 'original_max_position_embeddings');
  });

  it('of Qwen is refused where nothing computes it', () =>
    refused({ ...qwen, rope_scaling: { type: 'yarn', factor: 4 } }, 'rope_scaling.type'));
});

it('queries take what scores are divided by otherwise', async () => {
  expect((await read(gemma)).queryFactor).toBe(1);
  expect((await read({ ...gemma, query_pre_attn_scalar: 64 })).queryFactor).toBe(0.5);
  // The 27B, which every reader knows by its layers.
  const large = { ...gemma, num_hidden_layers: 62, query_pre_attn_scalar: 16, head_dim: 8 };
  expect((await read(large)).queryFactor).toBe(1);
});

it.each<[string, Json]>([
  ['final_logit_softcapping', { ...gemma, final_logit_softcapping: 30 }],
  ['attn_logit_softcapping', { ...gemma, attn_logit_softcapping: 50 }],
  ['use_bidirectional_attention', { ...gemma, use_bidirectional_attention: true }],
  ['hidden_activation', { ...gemma, hidden_activation: 'gelu' }],
  ['num_local_experts', { ...mistral, num_local_experts: 8 }],
  ['attention_bias', { ...phi, attention_bias: true }],
])('%s is refused by name', (name, settings) => refused(settings, name));
