import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bundledModel } from '../../../../test/support/data.ts';
import { type MetadataEntry, writeGguf } from '../../../../test/support/gguf-writer.ts';
import { mmprojProperties } from '../../../../test/support/mmproj.ts';
import { bytesSource } from '../../formats/byte-source.ts';
import { parseGguf } from '../../formats/gguf.ts';
import { readInternVitConfig } from '../intern-vit/intern-vit-config.ts';
import { readLlamaConfig } from './llama-config.ts';

const [headDim, context] = [16, 512];

/** A decoder's header with more properties, or with others in place of its own. */
async function readDecoder(more: MetadataEntry[], architecture = 'llama') {
  const plain: MetadataEntry[] = [
    ['general.architecture', 'string', architecture],
    [`${architecture}.vocab_size`, 'u32', 32],
    [`${architecture}.context_length`, 'u32', context],
    [`${architecture}.embedding_length`, 'u32', 64],
    [`${architecture}.block_count`, 'u32', 2],
    [`${architecture}.feed_forward_length`, 'u32', 96],
    [`${architecture}.attention.head_count`, 'u32', 4],
    [`${architecture}.attention.layer_norm_rms_epsilon`, 'f32', 1e-5],
  ];
  const changed = new Set(more.map(([key]) => key));
  const metadata = [...plain.filter(([key]) => !changed.has(key)), ...more];
  return readLlamaConfig(await parseGguf(bytesSource(writeGguf({ metadata }))));
}

async function readEncoder(more: MetadataEntry[], without?: string) {
  const changed = new Set([...more.map(([key]) => key), without]);
  const metadata = [...mmprojProperties().filter(([key]) => !changed.has(key)), ...more];
  return readInternVitConfig(await parseGguf(bytesSource(writeGguf({ metadata }))));
}

const refused = (reading: Promise<unknown>, key: string) =>
  expect(reading).rejects.toMatchObject({
    code: expect.stringMatching(/^(unsupported|invalid)-model$/),
    message: expect.stringContaining(key),
  });

describe('how positions are stretched', () => {
  const scaled = (...entries: [string, 'string' | 'f32' | 'u32', unknown][]) =>
    readDecoder(entries.map(([name, type, value]) => [`llama.rope.${name}`, type, value] as MetadataEntry));

  it('is read as llama.cpp reads it', async () => {
    expect((await scaled()).ropeScale).toBe(1);
    expect((await scaled(['scale_linear', 'f32', 4])).ropeScale).toBe(1 / 4);
    expect((await scaled(['scaling.factor', 'f32', 8])).ropeScale).toBe(1 / 8);
    expect((await scaled(['scaling.type', 'string', 'linear'], ['scaling.factor', 'f32', 2])).ropeScale).toBe(
      1 / 2,
    );
    expect((await scaled(['scaling.factor', 'f32', 2], ['scale_linear', 'f32', 4])).ropeScale).toBe(1 / 2);
    // Zero stands for none; and the factor counts before its old name even then.
    expect((await scaled(['scaling.factor', 'f32', 0], ['scale_linear', 'f32', 4])).ropeScale).toBe(1);
    expect((await scaled(['scale_linear', 'f32', 0])).ropeScale).toBe(1);
    expect((await scaled(['scaling.type', 'string', 'none'], ['scaling.factor', 'f32', 2])).ropeScale).toBe(
      1,
    );
    expect((await scaled(['scaling.type', 'string', 'none'], ['scale_linear', 'f32', 2])).ropeScale).toBe(1);
  });

  it('is refused by name where it is not computed', async () => {
    for (const type of ['yarn', 'longrope', 'su', 'dynamic', '']) {
      await refused(
        scaled(['scaling.type', 'string', type], ['scaling.factor', 'f32', 4]),
        'llama.rope.scaling.type',
      );
    }
    await refused(scaled(['scaling.factor', 'f32', -2]), 'llama.rope.scaling.factor');
    await refused(scaled(['scaling.factor', 'string', '2']), 'llama.rope.scaling.factor');
    await refused(scaled(['scale_linear', 'f32', Number.NaN]), 'llama.rope.scale_linear');
  });
});

describe.each(['llama', 'internlm2'])('a property of %s', architecture => {
  it.each<[string, 'string' | 'f32' | 'u32' | 'bool', unknown, unknown]>([
    ['vocab_size', 'u32', 7, undefined],
    ['attention.key_length', 'u32', headDim, undefined],
    ['attention.value_length', 'u32', headDim, 32],
    ['rope.dimension_count', 'u32', headDim, headDim + 2],
    ['rope.freq_base', 'f32', 5e5, 0],
    ['rope.scaling.finetuned', 'bool', true, undefined],
    ['rope.scaling.original_context_length', 'u32', 2048, undefined],
    ['rope.scaling.attn_factor', 'f32', 1, 0.8],
    ['rope.scaling.yarn_ext_factor', 'f32', 0, 1],
    ['rope.scaling.yarn_log_multiplier', 'f32', 0, 0.1],
    ['attention.scale', 'f32', 0.25, 0.5],
    ['attention.causal', 'bool', true, false],
    ['attention.sliding_window', 'f32', context - 1, 1.5],
    ['attention.sliding_window_pattern', 'u32', 2, undefined],
    ['attention.clamp_kqv', 'f32', 0, 8],
    ['attention.max_alibi_bias', 'f32', 0, 8],
    ['attention.layer_norm_epsilon', 'f32', 1e-5, 1e-6],
    ['expert_count', 'u32', 0, 8],
    ['expert_used_count', 'u32', 0, 2],
    ['use_parallel_residual', 'bool', false, true],
    ['tensor_data_layout', 'string', 'Meta AI original pth', 'jploski'],
    ['logit_scale', 'f32', 1, 0.0625],
    ['residual_scale', 'f32', 1, 0.22],
    ['embedding_scale', 'f32', 1, 12],
    ['attn_logit_softcapping', 'f32', 0, 50],
    ['final_logit_softcapping', 'f32', 0, 30],
  ])('%s (%s): %j is accepted, %j refused by name', async (name, type, accepted, wrong) => {
    const key = `${architecture}.${name}`;
    const entry = (value: unknown) => [key, type, value] as MetadataEntry;
    expect((await readDecoder([entry(accepted)], architecture)).architecture).toBe(architecture);
    if (wrong !== undefined) await refused(readDecoder([entry(wrong)], architecture), key);
  });

  it('that is not there has llama.cpp’s value', async () => {
    expect(await readDecoder([], architecture)).toMatchObject({
      kvHeads: 4,
      headDim,
      ropeTheta: 10_000,
      ropeDimensions: headDim,
      ropeScale: 1,
    });
  });

  it('that is one number a layer is refused by name', () =>
    refused(
      readDecoder([[`${architecture}.attention.head_count_kv`, 'u32[]', [4, 2]]], architecture),
      `${architecture}.attention.head_count_kv`,
    ));
});

describe('a property of an image encoder', () => {
  it.each<[string, 'string' | 'f32' | 'u32' | 'bool', unknown, unknown]>([
    ['clip.use_gelu', 'bool', true, false],
    ['clip.use_silu', 'bool', false, true],
    ['clip.has_vision_encoder', 'bool', true, undefined],
    ['clip.has_audio_encoder', 'bool', false, true],
    ['clip.vision.preproc_max_tiles', 'u32', 12, undefined],
    ['clip.vision.preproc_image_size', 'u32', 8, 16],
    ['clip.vision.n_wa_pattern', 'u32', 0, 8],
    ['clip.vision.window_size', 'u32', 0, 112],
    ['clip.vision.projector.scale_factor', 'u32', 2, 4],
    ['clip.vision.attention.layer_norm_epsilon', 'f32', 1e-5, 1],
  ])('%s (%s): %j is accepted, %j refused', async (key, type, accepted, wrong) => {
    expect((await readEncoder([[key, type, accepted] as MetadataEntry])).layers).toBe(1);
    if (wrong !== undefined) {
      await expect(readEncoder([[key, type, wrong] as MetadataEntry])).rejects.toMatchObject({
        code: expect.stringMatching(/^(unsupported|invalid)-model$/),
      });
    }
  });

  it.each([
    'clip.use_gelu',
    'clip.vision.attention.layer_norm_epsilon',
    'clip.vision.image_mean',
    'clip.vision.image_std',
  ])('%s is never assumed', key => refused(readEncoder([], key), key));
});

it('a property that nobody knows is refused by its name', async () => {
  const names = fc.stringMatching(/^[a-z]{2,9}(\.[a-z_]{2,9}){0,3}$/);
  const values = fc.oneof(
    fc.integer({ min: 0, max: 9 }).map(value => ['u32', value] as const),
    fc.boolean().map(value => ['bool', value] as const),
    fc.string().map(value => ['string', value] as const),
  );
  await fc.assert(
    fc.asyncProperty(names, values, async (name, [type, value]) => {
      const odd = (namespace: string) => [`${namespace}.${name}_of_tomorrow`, type, value] as MetadataEntry;
      for (const architecture of ['llama', 'internlm2']) {
        await refused(readDecoder([odd(architecture)], architecture), odd(architecture)[0]);
      }
      await refused(readEncoder([odd('clip')]), odd('clip')[0]);
      await refused(readEncoder([odd('clip.vision')]), odd('clip.vision')[0]);
      // Another namespace says nothing of what this model computes.
      expect((await readDecoder([odd('general'), odd('tokenizer'), odd('quantize')])).layers).toBe(2);
    }),
    { numRuns: 200 },
  );
});

it('the bundled models say nothing unknown', async () => {
  const open = async (file: string) =>
    parseGguf(bytesSource(readFileSync(new URL(file, `file://${bundledModel}`))));
  expect(readLlamaConfig(await open('nano-chat-q8_0.gguf')).ropeScale).toBe(1);
  expect(readLlamaConfig(await open('../nano-vqa/nano-vqa-q8_0.gguf')).ropeTheta).toBe(1e6);
  expect(readInternVitConfig(await open('../nano-vqa/nano-vqa-mmproj-f16.gguf')).tileSize).toBe(112);
});
