import { beforeAll, describe, expect, it } from 'vitest';
import { type Checkpoint, type CheckpointSize, makeCheckpoint } from '../../../test/support/checkpoint.ts';
import { listPieces } from '../../../test/support/checkpoint-tokenizer.ts';
import { writeSentencePieceModel } from '../../../test/support/sentencepiece-writer.ts';
import { bytesSource } from '../formats/byte-source.ts';
import { type GgufFile, parseGguf } from '../formats/gguf.ts';
import { readInternVitConfig } from '../models/intern-vit/intern-vit-config.ts';
import { checkInternVitTensors } from '../models/intern-vit/intern-vit-tensors.ts';
import { readLlamaConfig } from '../models/llama/llama-config.ts';
import { checkLlamaTensors } from '../models/llama/llama-tensors.ts';
import { quantizeF16 } from '../quant/f16.ts';
import { quantizeQ4_0 } from '../quant/q4-0.ts';
import { quantizeQ4_K } from '../quant/q4-k.ts';
import { quantizeQ5_0 } from '../quant/q5-0.ts';
import { quantizeQ6_K } from '../quant/q6-k.ts';
import { quantizeQ8_0 } from '../quant/q8-0.ts';
import { createTokenizer } from '../tokenizer/tokenizer.ts';
import { readVocabulary } from '../tokenizer/vocabulary.ts';
import type { Quantisation } from '../types/quantisation.ts';
import { type GgufPlan, streamGguf } from './gguf-stream.ts';
import { planConversion } from './plan-conversion.ts';

interface Converted {
  bytes: Uint8Array;
  file: GgufFile;
  data(name: string): Uint8Array;
}

async function collect(plan: GgufPlan): Promise<Converted> {
  const bytes = new Uint8Array(plan.bytes);
  let at = 0;
  for await (const piece of streamGguf(plan)) {
    bytes.set(piece, at);
    at += piece.length;
  }
  expect(at).toBe(plan.bytes);
  const file = await parseGguf(bytesSource(bytes));
  const data = (name: string) => {
    const tensor = file.tensors.find(candidate => candidate.name === name);
    if (!tensor) throw new Error(`no tensor ${name}`);
    return bytes.slice(tensor.offset, tensor.offset + tensor.bytes);
  };
  return { bytes, file, data };
}

async function convert(checkpoint: Checkpoint, type: Quantisation = 'Q8_0') {
  const options = { name: 'Test', type, withVision: checkpoint.size.hasVision };
  const { text, vision } = await planConversion(checkpoint.folder, options);
  return { text: await collect(text), vision: vision && (await collect(vision)) };
}

const f32 = (values: Float32Array) => new Uint8Array(Float32Array.from(values).buffer);
const encodings: Readonly<Record<string, (values: Float32Array) => Uint8Array>> = {
  F32: f32,
  F16: quantizeF16,
  Q8_0: quantizeQ8_0,
  Q6_K: quantizeQ6_K,
  Q5_0: quantizeQ5_0,
  Q4_K: quantizeQ4_K,
  Q4_0: quantizeQ4_0,
};

/**
 * The weights of each GGUF tensor by the layouts' definitions, one weight at a time: wqkv is
 * [groups, query heads of a group + 2, headDim, hidden]; GGUF's row 2i + b of a head is its row i + b * headDim / 2.
 */
function expectedText({ tensors, size }: Checkpoint): Map<string, Float32Array> {
  const prefix = size.hasVision ? 'language_model.' : '';
  const source = (name: string) => tensors.get(`${prefix}${name}.weight`)!.values;
  const { hidden, heads, kvHeads } = size;
  const headDim = hidden / heads;
  const perGroup = heads / kvHeads;
  const expected = new Map<string, Float32Array>([
    ['token_embd.weight', source('model.tok_embeddings')],
    ['output_norm.weight', source('model.norm')],
    ['output.weight', source('output')],
  ]);
  const pick = (fused: Float32Array, rows: number, rowOf: (row: number) => number) =>
    Float32Array.from({ length: rows * hidden }, (_, i) => {
      return fused[rowOf(Math.floor(i / hidden)) * hidden + (i % hidden)]!;
    });
  const interleaved = (d: number) => Math.floor(d / 2) + (d % 2) * (headDim / 2);
  for (let layer = 0; layer < size.layers; layer++) {
    const from = `model.layers.${layer}`;
    const fused = source(`${from}.attention.wqkv`);
    const at = (group: number, slot: number, d: number) => (group * (perGroup + 2) + slot) * headDim + d;
    const queryRow = (row: number) => {
      const head = Math.floor(row / headDim);
      return at(Math.floor(head / perGroup), head % perGroup, interleaved(row % headDim));
    };
    const keyRow = (row: number) => at(Math.floor(row / headDim), perGroup, interleaved(row % headDim));
    const valueRow = (row: number) => at(Math.floor(row / headDim), perGroup + 1, row % headDim);
    const layerTensors: [string, Float32Array][] = [
      ['attn_norm', source(`${from}.attention_norm`)],
      ['attn_q', pick(fused, hidden, queryRow)],
      ['attn_k', pick(fused, kvHeads * headDim, keyRow)],
      ['attn_v', pick(fused, kvHeads * headDim, valueRow)],
      ['attn_output', source(`${from}.attention.wo`)],
      ['ffn_norm', source(`${from}.ffn_norm`)],
      ['ffn_gate', source(`${from}.feed_forward.w1`)],
      ['ffn_up', source(`${from}.feed_forward.w3`)],
      ['ffn_down', source(`${from}.feed_forward.w2`)],
    ];
    for (const [name, values] of layerTensors) expected.set(`blk.${layer}.${name}.weight`, values);
  }
  return expected;
}

function expectedVision({ tensors, size }: Checkpoint): Map<string, Float32Array> {
  const expected = new Map<string, Float32Array>();
  const put = (name: string, from: string) => expected.set(name, tensors.get(from)!.values);
  const both = (name: string, from: string) => {
    for (const part of ['weight', 'bias']) put(`${name}.${part}`, `${from}.${part}`);
  };
  put('v.class_embd', 'vision_model.embeddings.class_embedding');
  put('v.position_embd.weight', 'vision_model.embeddings.position_embedding');
  both('v.patch_embd', 'vision_model.embeddings.patch_embedding');
  for (let layer = 0; layer < size.visionLayers; layer++) {
    const to = `v.blk.${layer}`;
    const from = `vision_model.encoder.layers.${layer}`;
    both(`${to}.ln1`, `${from}.norm1`);
    both(`${to}.ln2`, `${from}.norm2`);
    both(`${to}.attn_out`, `${from}.attn.proj`);
    both(`${to}.ffn_up`, `${from}.mlp.fc1`);
    both(`${to}.ffn_down`, `${from}.mlp.fc2`);
    put(`${to}.ls1.weight`, `${from}.ls1`);
    put(`${to}.ls2.weight`, `${from}.ls2`);
    for (const part of ['weight', 'bias']) {
      const fused = tensors.get(`${from}.attn.qkv.${part}`)!.values;
      const third = fused.length / 3;
      [...'qkv'].forEach((letter, i) => {
        expected.set(`${to}.attn_${letter}.${part}`, fused.slice(i * third, (i + 1) * third));
      });
    }
  }
  for (const i of [0, 1, 3]) both(`mm.model.mlp.${i}`, `mlp1.${i}`);
  return expected;
}

function expectSame(converted: Converted, expected: Map<string, Float32Array>): void {
  expect(converted.file.tensors.map(({ name }) => name).sort()).toEqual([...expected.keys()].sort());
  for (const { name, typeName } of converted.file.tensors) {
    // The whole tensor encoded at once, against what was encoded a few rows at a time.
    const whole = encodings[typeName]!(expected.get(name)!);
    expect(Buffer.compare(converted.data(name), whole), name).toBe(0);
  }
}

const matrixNames = /(token_embd|output|attn_(q|k|v|output)|ffn_(gate|up|down))\.weight$/;

describe.each<[string, Partial<CheckpointSize>]>([
  ['bf16, one file', {}],
  ['bf16, three files', { shards: 3, seed: 2 }],
  ['f16, one query head a group', { dtype: 'F16', kvHeads: 4, seed: 3 }],
  ['f32, one group', { dtype: 'F32', kvHeads: 1, shards: 2, seed: 4 }],
  ['more rows than are read at once', { layers: 1, visionLayers: 1, vocabulary: 5000, seed: 5 }],
])('a checkpoint in %s', (_what, options) => {
  const checkpoint = makeCheckpoint(options);

  it.each(['F16', 'Q8_0', 'Q4_0'] as const)(
    'becomes a text model in %s with every weight in place',
    async type => {
      const { text } = await convert(checkpoint, type);
      expectSame(text, expectedText(checkpoint));
      for (const { name, typeName } of text.file.tensors) {
        expect(typeName, name).toBe(matrixNames.test(name) ? type : 'F32');
      }
      const config = readLlamaConfig(text.file);
      checkLlamaTensors(text.file, config);
      const { size } = checkpoint;
      expect(config).toMatchObject({
        architecture: 'internlm2',
        name: 'Test',
        layers: size.layers,
        hidden: size.hidden,
        heads: size.heads,
        kvHeads: size.kvHeads,
        feedForward: size.feedForward,
        vocabulary: size.vocabulary,
        contextTokens: 32768,
        ropeTheta: 1e6,
        ropeDimensions: size.hidden / size.heads,
        rmsEpsilon: Math.fround(1e-5),
      });
    },
  );

  it('becomes an image encoder with every weight in place', async () => {
    const { vision } = await convert(checkpoint);
    expectSame(vision!, expectedVision(checkpoint));
    for (const { name, typeName, shape } of vision!.file.tensors) {
      const isMatrix = shape.length > 1 && name !== 'v.position_embd.weight';
      expect(typeName, name).toBe(isMatrix ? 'F16' : 'F32');
    }
    const config = readInternVitConfig(vision!.file);
    checkInternVitTensors(vision!.file, config);
    expect(config).toMatchObject({ tileSize: 56, patchSize: 14, positions: 17, projected: 64 });
    expect(config.epsilon).toBeCloseTo(1e-6, 12);
  });
});

describe('the vocabulary', () => {
  let file: GgufFile;
  beforeAll(async () => {
    file = (await convert(makeCheckpoint())).text.file;
  });

  it('has the ids of the checkpoint, and the end of a chat turn as its end', () => {
    const vocabulary = readVocabulary(file.metadata);
    const id = (text: string) => vocabulary.pieces.indexOf(text);
    expect(vocabulary.pieces).toHaveLength(320);
    expect(vocabulary.pieces[vocabulary.eosId]).toBe('<|im_end|>');
    expect(vocabulary.bosId).toBe(1);
    expect(vocabulary.unknownId).toBe(0);
    expect(vocabulary.addSpacePrefix).toBe(false);
    expect(vocabulary.addBos).toBe(true);
    expect(vocabulary.addEos).toBe(false);
    expect(vocabulary.types![0]).toBe(2);
    expect([...vocabulary.types!.subarray(1, 4)]).toEqual([3, 3, 6]);
    expect(vocabulary.types![id('<|im_end|>')]).toBe(3);
    expect(vocabulary.types![id('<IMG_CONTEXT>')]).toBe(3);
    expect(vocabulary.scores![id('<IMG_CONTEXT>')]).toBe(-1000);
    expect(vocabulary.types![id('[PAD319]')]).toBe(5);
    expect(vocabulary.pieces[259]).toBe('\u{1F409}');
    expect(vocabulary.pieces.some(piece => piece.startsWith('[UNUSED'))).toBe(false);
  });

  it('encodes text as SentencePiece does', () => {
    const vocabulary = readVocabulary(file.metadata);
    const tokenizer = createTokenizer(vocabulary);
    const piecesOf = (text: string) => [...tokenizer.encode(text)].map(id => vocabulary.pieces[id]);
    expect(piecesOf('user')).toEqual(['user']);
    expect(piecesOf('the the')).toEqual(['the', '▁the']);
    expect(piecesOf('nod\n')).toEqual(['nod', '<0x0A>']);
  });

  it('takes the space before a text from the model', async () => {
    const checkpoint = makeCheckpoint();
    checkpoint.files.set('tokenizer.model', writeSentencePieceModel({ pieces: listPieces() }));
    const { text } = await convert(checkpoint);
    expect(readVocabulary(text.file.metadata).addSpacePrefix).toBe(true);
  });

  it('comes from either list of added tokens', async () => {
    const whole = (await convert(makeCheckpoint())).text.bytes;
    const unlisted = makeCheckpoint();
    unlisted.files.delete('added_tokens.json');
    expect(Buffer.compare((await convert(unlisted)).text.bytes, whole)).toBe(0);
    const checkpoint = makeCheckpoint();
    checkpoint.files.delete('tokenizer_config.json');
    const { text } = await convert(checkpoint);
    expect(text.file.metadata.get('tokenizer.ggml.tokens')).toEqual(
      file.metadata.get('tokenizer.ggml.tokens'),
    );
    expect(text.file.metadata.has('tokenizer.chat_template')).toBe(false);
  });

  it.each([
    ['a text', 'In settings', undefined, 'In settings'],
    [
      'the default of several',
      [
        { name: 'tool_use', template: 'Tools' },
        { name: 'default', template: 'Of several' },
      ],
      undefined,
      'Of several',
    ],
    ['a file, which goes first', 'In settings', 'In its file\n', 'In its file\n'],
    ['several without a default', [{ name: 'rag', template: 'Retrieval' }], undefined, undefined],
  ])('brings its chat template: %s', async (_what, inSettings, inFile, expected) => {
    const checkpoint = makeCheckpoint();
    const utf8 = new TextEncoder();
    const settings = JSON.parse(new TextDecoder().decode(checkpoint.files.get('tokenizer_config.json')!));
    checkpoint.files.set(
      'tokenizer_config.json',
      utf8.encode(JSON.stringify({ ...settings, chat_template: inSettings })),
    );
    if (inFile !== undefined) checkpoint.files.set('chat_template.jinja', utf8.encode(inFile));
    const { text } = await convert(checkpoint);
    expect(text.file.metadata.get('tokenizer.chat_template')).toBe(expected);
  });
});

it('a plain InternLM2 model becomes a text model', async () => {
  const checkpoint = makeCheckpoint({ hasVision: false });
  const { text, vision } = await convert(checkpoint);
  expectSame(text, expectedText(checkpoint));
  expect(vision).toBeUndefined();
});

it('rows that are not whole blocks stay in F16', async () => {
  const checkpoint = makeCheckpoint({ feedForward: 80 });
  const { text } = await convert(checkpoint, 'Q4_0');
  expectSame(text, expectedText(checkpoint));
  const typeOf = (name: string) => text.file.tensors.find(tensor => tensor.name === name)!.typeName;
  expect(typeOf('blk.0.ffn_down.weight')).toBe('F16');
  expect(typeOf('blk.0.ffn_up.weight')).toBe('Q4_0');
});

it('weights are read a few rows at a time', async () => {
  const checkpoint = makeCheckpoint({ vocabulary: 20_000, layers: 1, visionLayers: 1 });
  let largest = 0;
  const { text } = await planConversion(
    {
      async open(name) {
        const source = await checkpoint.folder.open(name);
        return (
          source && {
            bytes: source.bytes,
            read(offset, length) {
              largest = Math.max(largest, length);
              return source.read(offset, length);
            },
          }
        );
      },
    },
    { name: 'Test', type: 'Q8_0', withVision: false },
  );
  largest = 0;
  let largestPiece = 0;
  for await (const piece of streamGguf({ ...text, header: new Uint8Array() })) {
    largestPiece = Math.max(largestPiece, piece.length);
  }
  expect(checkpoint.tensors.get('language_model.output.weight')!.values.length).toBeGreaterThan(2 ** 20);
  expect(largest).toBeLessThanOrEqual(2 ** 19);
  expect(largestPiece).toBeLessThanOrEqual(2 ** 20);
});

it('stops when told to', async () => {
  const { text } = await planConversion(makeCheckpoint().folder, {
    name: 'Test',
    type: 'F16',
    withVision: false,
  });
  const stop = new AbortController();
  const onTensor = (name: string) => {
    if (name === 'blk.0.attn_q.weight') stop.abort();
  };
  const drain = async () => {
    for await (const piece of streamGguf(text, { signal: stop.signal, onTensor }))
      expect(piece).toBeDefined();
  };
  await expect(drain()).rejects.toMatchObject({ code: 'aborted' });
});

it('a mixture stores each matrix in its own format, and rows of no whole blocks of 256 in blocks of 32', async () => {
  const checkpoint = makeCheckpoint({ hidden: 256, feedForward: 288, layers: 4, vocabulary: 1500 });
  const { text } = await convert(checkpoint, 'Q4_K_M');
  expectSame(text, expectedText(checkpoint));
  expect(text.file.metadata.get('general.file_type')).toBe(15);
  const typeOf = (name: string) =>
    text.file.tensors.find(tensor => tensor.name === `${name}.weight`)?.typeName;
  expect(['token_embd', 'output'].map(typeOf)).toEqual(['Q4_K', 'Q6_K']);
  expect([0, 1, 2, 3].map(layer => typeOf(`blk.${layer}.attn_v`))).toEqual(['Q4_K', 'Q4_K', 'Q6_K', 'Q6_K']);
  expect([0, 1, 2, 3].map(layer => typeOf(`blk.${layer}.ffn_down`))).toEqual([
    'Q5_0',
    'Q5_0',
    'Q8_0',
    'Q8_0',
  ]);
  checkLlamaTensors(text.file, readLlamaConfig(text.file));
});
