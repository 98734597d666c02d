import { describe, expect, it } from 'vitest';
import { type Checkpoint, makeCheckpoint } from '../../../test/support/checkpoint.ts';
import { json } from '../../../test/support/json-bytes.ts';
import { writeSafetensors } from '../../../test/support/safetensors-writer.ts';
import { BedsideError } from '../errors.ts';
import { streamGguf } from './gguf-stream.ts';
import { planConversion } from './plan-conversion.ts';

/** What becomes of a checkpoint: the error's code and message, whether at planning or while writing. */
async function failureOf(checkpoint: Checkpoint, withVision = checkpoint.size.hasVision) {
  try {
    const { text, vision } = await planConversion(checkpoint.folder, {
      name: 'Test',
      type: 'Q8_0',
      withVision,
    });
    for (const plan of vision ? [text, vision] : [text]) {
      for await (const piece of streamGguf(plan)) expect(piece).toBeDefined();
    }
  } catch (error) {
    if (error instanceof BedsideError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'converted';
}

type Json = Record<string, unknown>;

function edit(checkpoint: Checkpoint, file: string, change: (settings: Json) => void): Checkpoint {
  const settings = JSON.parse(new TextDecoder().decode(checkpoint.files.get(file))) as Json;
  change(settings);
  checkpoint.files.set(file, json(settings));
  return checkpoint;
}

const editConfig = (change: (config: Json, llm: Json, vision: Json) => void) =>
  edit(makeCheckpoint(), 'config.json', config =>
    change(config, config.llm_config as Json, config.vision_config as Json),
  );

/** A checkpoint whose tensors were changed before they were written. */
function withTensors(change: (tensors: Checkpoint['tensors']) => void): Checkpoint {
  const checkpoint = makeCheckpoint({ dtype: 'F32' });
  change(checkpoint.tensors);
  const stored = [...checkpoint.tensors].map(([name, { shape, values }]) => ({
    name,
    dtype: 'F32',
    shape,
    data: new Uint8Array(values.buffer),
  }));
  checkpoint.files.set('model.safetensors', writeSafetensors(stored));
  return checkpoint;
}

const norm = 'language_model.model.norm.weight';
const firstUp = 'language_model.model.layers.0.feed_forward.w3.weight';

describe('a configuration', () => {
  it.each<[string, Checkpoint, RegExp]>([
    [
      'of another architecture',
      editConfig(config => {
        config.architectures = ['LlavaForConditionalGeneration'];
      }),
      /^unsupported-model: .*"LlavaForConditionalGeneration"/,
    ],
    [
      'of no architecture',
      editConfig(config => {
        config.architectures = undefined;
      }),
      /^unsupported-model: config.json does not say/,
    ],
    [
      'with another language model',
      editConfig((_, llm) => {
        llm.architectures = ['Qwen2ForCausalLM'];
      }),
      /^unsupported-model: .*"Qwen2ForCausalLM"/,
    ],
    [
      'with another activation',
      editConfig((_, llm) => Object.assign(llm, { hidden_act: 'gelu' })),
      /"llm_config.hidden_act" is "gelu"/,
    ],
    [
      'with biases',
      editConfig((_, llm) => Object.assign(llm, { bias: true })),
      /^unsupported-model: .*"llm_config.bias" is true/,
    ],
    [
      'with linear scaling',
      editConfig((_, llm) => Object.assign(llm, { rope_scaling: { type: 'linear', factor: 2 } })),
      /^unsupported-model: .*rope_scaling.type" is "linear"/,
    ],
    [
      'with heads that do not divide',
      editConfig((_, llm) => Object.assign(llm, { num_attention_heads: 3 })),
      /^unsupported-model: Attention with 3 heads/,
    ],
    [
      'without a width',
      editConfig((_, llm) => {
        llm.hidden_size = undefined;
      }),
      /^invalid-model: In config.json, "llm_config.hidden_size" is missing/,
    ],
    [
      'with a text for a number',
      editConfig((_, llm) => Object.assign(llm, { num_hidden_layers: '2' })),
      /num_hidden_layers" is "2", outside 1 to 1,024/,
    ],
    [
      'with RMS norm in the encoder',
      editConfig((_, __, vision) => Object.assign(vision, { norm_type: 'rms_norm' })),
      /^unsupported-model: .*"vision_config.norm_type" is "rms_norm"/,
    ],
    [
      'with normalised queries',
      editConfig((_, __, vision) => Object.assign(vision, { qk_normalization: true })),
      /^unsupported-model: .*qk_normalization/,
    ],
    [
      'without biases in the encoder',
      editConfig((_, __, vision) => Object.assign(vision, { qkv_bias: false })),
      /^unsupported-model: .*qkv_bias/,
    ],
    [
      'with quick GELU',
      editConfig((_, __, vision) => Object.assign(vision, { hidden_act: 'quick_gelu' })),
      /^unsupported-model: .*vision_config.hidden_act/,
    ],
    [
      'with the old pixel shuffle',
      editConfig(config => Object.assign(config, { ps_version: 'v1' })),
      /^unsupported-model: .*"ps_version" is "v1"/,
    ],
    [
      'with another reduction',
      editConfig(config => Object.assign(config, { downsample_ratio: 0.25 })),
      /^unsupported-model: .*downsample_ratio/,
    ],
    [
      'with tiles of another size',
      editConfig(config => Object.assign(config, { force_image_size: 112 })),
      /^unsupported-model: .*force_image_size/,
    ],
    [
      'with an inner layer chosen',
      editConfig(config => Object.assign(config, { select_layer: -2 })),
      /^unsupported-model: .*select_layer/,
    ],
  ])('%s is refused', async (_what, checkpoint, message) => {
    expect(await failureOf(checkpoint)).toMatch(message);
  });

  it('whose encoder is not supported still converts for text alone', async () => {
    const checkpoint = editConfig((_, __, vision) => Object.assign(vision, { qk_normalization: true }));
    expect(await failureOf(checkpoint, false)).toBe('converted');
  });

  it('that is missing or broken is refused', async () => {
    const checkpoint = makeCheckpoint();
    checkpoint.files.set('config.json', new TextEncoder().encode('{'));
    expect(await failureOf(checkpoint)).toMatch(/^invalid-model: config.json is not valid JSON/);
    checkpoint.files.delete('config.json');
    expect(await failureOf(checkpoint)).toMatch(/^no-model: The folder has no config.json/);
  });

  it('of a text model has no image encoder to give', async () => {
    const checkpoint = makeCheckpoint({ hasVision: false });
    expect(await failureOf(checkpoint, true)).toMatch(/^no-vision-model: /);
  });
});

describe('weights', () => {
  it.each<[string, () => Checkpoint, RegExp]>([
    [
      'without one tensor',
      () => withTensors(tensors => tensors.delete(firstUp)),
      /^invalid-model: The tensor "language_model.*w3.weight" is missing/,
    ],
    [
      'of a wrong shape',
      () => withTensors(tensors => tensors.set(norm, { shape: [8, 8], values: new Float32Array(64) })),
      /^invalid-model: The tensor "language_model.model.norm.weight" in model.safetensors has the shape 8 x 8; by config.json it should be 64/,
    ],
    [
      'with a tensor too many',
      () =>
        withTensors(tensors =>
          tensors.set('language_model.model.layers.0.attention.wqkv.bias', {
            shape: [2],
            values: new Float32Array(2),
          }),
        ),
      /^unsupported-model: The tensor ".*wqkv.bias"/,
    ],
    [
      'that are not a number',
      () =>
        withTensors(tensors => {
          tensors.get(norm)!.values[3] = Number.NaN;
        }),
      /^invalid-model: The tensor ".*norm.weight" in model.safetensors has the weight NaN/,
    ],
    [
      'too large for blocks',
      () =>
        withTensors(tensors => {
          tensors.get(firstUp)!.values[3] = 1e9;
        }),
      /^invalid-model: In "language_model.*w3.weight": Weight 3 is 1,000,000,000/,
    ],
    [
      'too large for F16',
      () =>
        withTensors(tensors => {
          tensors.get('mlp1.1.weight')!.values[3] = 70000;
        }),
      /^invalid-model: The tensor "mlp1.1.weight" in model.safetensors has the weight 70000, which F16 cannot store/,
    ],
  ])('%s are refused by name', async (_what, make, message) => {
    expect(await failureOf(make())).toMatch(message);
  });

  it('with rotation tables beside them convert', async () => {
    const name = 'language_model.model.layers.0.attention.rotary_emb.inv_freq';
    const checkpoint = withTensors(tensors => tensors.set(name, { shape: [8], values: new Float32Array(8) }));
    expect(await failureOf(checkpoint)).toBe('converted');
  });

  it('in a quantised type are refused', async () => {
    const checkpoint = makeCheckpoint();
    const data = new Uint8Array(64);
    const stored = [...checkpoint.tensors].map(([name, { shape, values }]) =>
      name === norm
        ? { name, dtype: 'F8_E4M3', shape, data }
        : { name, dtype: 'F32', shape, data: new Uint8Array(values.buffer) },
    );
    checkpoint.files.set('model.safetensors', writeSafetensors(stored));
    expect(await failureOf(checkpoint)).toMatch(
      /^unsupported-model: The tensor ".*norm.weight" .* stored as F8_E4M3/,
    );
  });

  it('of several files need all of them', async () => {
    const part = 'model-00002-of-00003.safetensors';
    const missing = makeCheckpoint({ shards: 3 });
    missing.files.delete(part);
    expect(await failureOf(missing)).toMatch(
      /^invalid-model: The file model-00002-of-00003.safetensors is missing/,
    );

    const cut = makeCheckpoint({ shards: 3 });
    const bytes = cut.files.get(part)!;
    cut.files.set(part, bytes.subarray(0, bytes.length - 1));
    expect(await failureOf(cut)).toMatch(
      /^truncated-model: In model-00002-of-00003.safetensors: The file ends/,
    );

    const swapped = edit(makeCheckpoint({ shards: 3 }), 'model.safetensors.index.json', index => {
      (index.weight_map as Json)[norm] = 'model-00001-of-00003.safetensors';
    });
    expect(await failureOf(swapped)).toMatch(
      /^invalid-model: The tensor ".*norm.weight" is not in model-00001/,
    );
  });

  it('are not looked for outside the folder', async () => {
    const checkpoint = edit(makeCheckpoint({ shards: 2 }), 'model.safetensors.index.json', index => {
      (index.weight_map as Json)[norm] = '../elsewhere/model.safetensors';
    });
    expect(await failureOf(checkpoint)).toMatch(/^invalid-model: .* names no usable file/);
  });

  it('that are not there, or not what their name says, are refused', async () => {
    const checkpoint = makeCheckpoint();
    checkpoint.files.delete('model.safetensors');
    expect(await failureOf(checkpoint)).toMatch(/^no-model: The folder has none of model.safetensors, /);
    checkpoint.files.set('pytorch_model.bin', new Uint8Array(1));
    expect(await failureOf(checkpoint)).toMatch(
      /^invalid-model: In pytorch_model.bin: This is not a PyTorch checkpoint/,
    );
  });
});

describe.each([
  'config.json',
  'tokenizer.model',
  'tokenizer_config.json',
  'added_tokens.json',
  'model.safetensors',
  'model-00002-of-00003.safetensors',
  'model.safetensors.index.json',
])('in the place of %s', name => {
  it.each([
    ['a Git LFS pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 4410000000\n'],
    ['a web page (HTML)', '<!DOCTYPE html><html><title>Sign in</title></html>'],
    ['empty', ''],
  ])('%s is named as one', async (what, text) => {
    const checkpoint = makeCheckpoint(name.includes('-0000') || name.includes('index') ? { shards: 3 } : {});
    expect(checkpoint.files.has(name)).toBe(true);
    checkpoint.files.set(name, new TextEncoder().encode(text));
    expect(await failureOf(checkpoint)).toContain(`invalid-model: ${name} is ${what}`);
  });
});

describe('a tokenizer', () => {
  it.each<[string, Checkpoint, RegExp]>([
    [
      'larger than the embedding',
      editConfig((_, llm) => Object.assign(llm, { vocab_size: 100 })),
      /^invalid-model: tokenizer.model has \d+ pieces, but config.json has room for 100/,
    ],
    [
      'with an added token past the embedding',
      edit(makeCheckpoint(), 'added_tokens.json', tokens => Object.assign(tokens, { '<far>': 320 })),
      /^invalid-model: The added token "<far>" has the number 320 of 320/,
    ],
    [
      'with an added token in place of another',
      edit(makeCheckpoint(), 'added_tokens.json', tokens => Object.assign(tokens, { '<odd>': 265 })),
      /^invalid-model: Token 265 is "<odd>" among the added tokens, but/,
    ],
    [
      'with an added token that has no number',
      edit(makeCheckpoint(), 'added_tokens.json', tokens => Object.assign(tokens, { '<odd>': 'x' })),
      /^invalid-model: added_tokens.json gives an added token the number x/,
    ],
    [
      'with an added token that has no text',
      edit(makeCheckpoint(), 'tokenizer_config.json', settings => {
        (settings.added_tokens_decoder as Json)['310'] = null;
      }),
      /^invalid-model: tokenizer_config.json gives no text for the added token 310/,
    ],
  ])('%s is refused', async (_what, checkpoint, message) => {
    expect(await failureOf(checkpoint)).toMatch(message);
  });

  it('without the marks of an image chat is refused for a model that sees images', async () => {
    const checkpoint = makeCheckpoint();
    for (const file of ['added_tokens.json', 'tokenizer_config.json']) checkpoint.files.delete(file);
    expect(await failureOf(checkpoint)).toMatch(
      /^invalid-model: The tokenizer has no special token "<\|im_start\|>"/,
    );
  });

  it('that is missing is refused', async () => {
    const checkpoint = makeCheckpoint();
    checkpoint.files.delete('tokenizer.model');
    expect(await failureOf(checkpoint)).toMatch(/^no-model: The folder has no tokenizer.model/);
  });
});
