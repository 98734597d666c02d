import { describe, expect, it } from 'vitest';
import { type Checkpoint, type CheckpointSize, makeCheckpoint } from '../../../test/support/checkpoint.ts';
import { json } from '../../../test/support/json-bytes.ts';
import { bytesSource } from '../formats/byte-source.ts';
import { parseGguf } from '../formats/gguf.ts';
import { readLlamaConfig } from '../models/llama/llama-config.ts';
import { checkLlamaTensors } from '../models/llama/llama-tensors.ts';
import { quantizeF16 } from '../quant/f16.ts';
import { quantizeQ4_0 } from '../quant/q4-0.ts';
import { quantizeQ8_0 } from '../quant/q8-0.ts';
import { createTokenizer } from '../tokenizer/tokenizer.ts';
import { readVocabulary } from '../tokenizer/vocabulary.ts';
import { streamGguf } from './gguf-stream.ts';
import { planConversion } from './plan-conversion.ts';

const encoders = { F16: quantizeF16, Q8_0: quantizeQ8_0, Q4_0: quantizeQ4_0 };

/** As PMC-LLaMA-13B is published: halves, in PyTorch files. */
const published: Partial<CheckpointSize> = {
  architecture: 'llama',
  hasVision: false,
  dtype: 'F16',
  form: 'pytorch',
  shards: 3,
  kvHeads: 4,
};

async function convert({ folder }: Checkpoint, type: keyof typeof encoders = 'Q8_0') {
  const plan = await planConversion(folder, { name: 'PMC_LLaMA_13B', type, withVision: false });
  const pieces: Uint8Array[] = [];
  for await (const piece of streamGguf(plan.text)) pieces.push(piece);
  const bytes = Buffer.concat(pieces);
  return { ...plan, bytes, file: await parseGguf(bytesSource(bytes)) };
}

/** Of each GGUF tensor; row 2i + b of a query or key head is the checkpoint's row i + b * headDim / 2. */
function expectedWeights({ tensors, size }: Checkpoint): Map<string, Float32Array<ArrayBuffer>> {
  const { hidden, heads } = size;
  const headDim = hidden / heads;
  const source = (name: string) => tensors.get(`${name}.weight`)!.values;
  const interleave = (values: Float32Array<ArrayBuffer>) =>
    Float32Array.from({ length: values.length }, (_, i) => {
      const row = Math.floor(i / hidden);
      const d = row % headDim;
      const from = row - d + Math.floor(d / 2) + (d % 2) * (headDim / 2);
      return values[from * hidden + (i % hidden)]!;
    });
  const expected = new Map([
    ['token_embd.weight', source('model.embed_tokens')],
    ['output_norm.weight', source('model.norm')],
    ['output.weight', source('lm_head')],
  ]);
  for (let layer = 0; layer < size.layers; layer++) {
    const from = `model.layers.${layer}`;
    const layerTensors: [string, Float32Array<ArrayBuffer>][] = [
      ['attn_norm', source(`${from}.input_layernorm`)],
      ['attn_q', interleave(source(`${from}.self_attn.q_proj`))],
      ['attn_k', interleave(source(`${from}.self_attn.k_proj`))],
      ['attn_v', source(`${from}.self_attn.v_proj`)],
      ['attn_output', source(`${from}.self_attn.o_proj`)],
      ['ffn_norm', source(`${from}.post_attention_layernorm`)],
      ['ffn_gate', source(`${from}.mlp.gate_proj`)],
      ['ffn_up', source(`${from}.mlp.up_proj`)],
      ['ffn_down', source(`${from}.mlp.down_proj`)],
    ];
    for (const [name, values] of layerTensors) expected.set(`blk.${layer}.${name}.weight`, values);
  }
  return expected;
}

describe.each<[string, Partial<CheckpointSize>]>([
  ['as PMC-LLaMA is published', published],
  [
    'in one safetensors file, keys shared by heads',
    { ...published, form: 'safetensors', shards: 0, kvHeads: 2 },
  ],
])('a LLaMA checkpoint %s', (_what, options) => {
  const checkpoint = makeCheckpoint(options);

  it.each(['F16', 'Q8_0', 'Q4_0'] as const)(
    'becomes a model in %s with every weight in place',
    async type => {
      const { bytes, file } = await convert(checkpoint, type);
      const expected = expectedWeights(checkpoint);
      expect(file.tensors.map(({ name }) => name).sort()).toEqual([...expected.keys()].sort());
      for (const { name, typeName, shape, offset, bytes: length } of file.tensors) {
        const values = expected.get(name)!;
        const wanted = shape.length === 1 ? new Uint8Array(values.buffer) : encoders[type](values);
        expect(typeName, name).toBe(shape.length === 1 ? 'F32' : type);
        expect(Buffer.compare(bytes.subarray(offset, offset + length), wanted), name).toBe(0);
      }
      const config = readLlamaConfig(file);
      checkLlamaTensors(file, config);
      expect(config).toMatchObject({
        architecture: 'llama',
        name: 'PMC_LLaMA_13B',
        heads: 4,
        kvHeads: checkpoint.size.kvHeads,
        contextTokens: 2048,
        ropeTheta: 10_000,
        rmsEpsilon: Math.fround(1e-6),
      });
    },
  );
});

it('its pieces come from the tokenizer, not from the wrong numbers in config.json', async () => {
  const { file, templateHint } = await convert(makeCheckpoint(published));
  const vocabulary = readVocabulary(file.metadata);
  expect([vocabulary.bosId, vocabulary.eosId, vocabulary.unknownId]).toEqual([1, 2, 0]);
  expect(vocabulary.addBos).toBe(true);
  expect(vocabulary.addSpacePrefix).toBe(true);
  const padding = vocabulary.pieces.indexOf('[PAD]');
  expect(vocabulary.types![padding]).toBe(3);
  expect([...createTokenizer(vocabulary).encode('the')].map(id => vocabulary.pieces[id])).toEqual(['▁the']);
  expect(templateHint).toBe('pmc-llama');
});

it('a base model suggests no template', async () => {
  const checkpoint = makeCheckpoint(published);
  checkpoint.files.delete('added_tokens.json');
  expect((await convert(checkpoint)).templateHint).toBe('raw');
});

it.each<[string, Record<string, unknown>, RegExp]>([
  ['biases', { attention_bias: true }, /"attention_bias" is true/],
  ['stretched positions', { rope_scaling: { type: 'yarn', factor: 2 } }, /"rope_scaling.type" is "yarn"/],
  ['another activation', { hidden_act: 'gelu' }, /"hidden_act" is "gelu"/],
])('%s are refused', async (_what, settings, message) => {
  const checkpoint = makeCheckpoint(published);
  const config = JSON.parse(new TextDecoder().decode(checkpoint.files.get('config.json')));
  checkpoint.files.set('config.json', json({ ...config, ...settings }));
  await expect(convert(checkpoint)).rejects.toMatchObject({
    code: 'unsupported-model',
    message: expect.stringMatching(message),
  });
});

it('heads of a width that the tensors do not have are refused', async () => {
  const checkpoint = makeCheckpoint(published);
  const config = JSON.parse(new TextDecoder().decode(checkpoint.files.get('config.json')));
  checkpoint.files.set('config.json', json({ ...config, head_dim: 32 }));
  await expect(convert(checkpoint)).rejects.toMatchObject({
    code: 'invalid-model',
    message: expect.stringContaining('self_attn.q_proj.weight'),
  });
});

it('a tied embedding may lie in the files twice', async () => {
  const checkpoint = makeCheckpoint(published);
  const config = JSON.parse(new TextDecoder().decode(checkpoint.files.get('config.json')));
  checkpoint.files.set('config.json', json({ ...config, tie_word_embeddings: true }));
  const { file } = await convert(checkpoint);
  expect(file.tensors.some(({ name }) => name === 'output.weight')).toBe(false);
});

it('weights that changed on their way are refused, wherever their tensor is read in order', async () => {
  const part = 'pytorch_model-00001-of-00003.bin';
  const changed = makeCheckpoint(published);
  const bytes = changed.files.get(part)!;
  // The sign of one weight: nothing else would tell.
  const { source } = (await planConversion(changed.folder, { name: 'x', type: 'F16', withVision: false }))
    .text.tensors[0]!;
  bytes[source.offset + 10_001]! ^= 0x80;
  await expect(convert(changed)).rejects.toMatchObject({
    code: 'invalid-model',
    message: `The numbers of the tensor "model.embed_tokens.weight" do not have the checksum that ${part} gives for them.`,
  });
});
