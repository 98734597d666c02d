/**
 * Makes checkpoints with the files, tensor names and settings of InternVL2-2B and Mini-Monkey, in any size, with random
 * weights. On disk, from a bundle of this file:
 *
 *     npx rolldown test/support/write-checkpoint.ts --platform node --file .cache/write-checkpoint.mjs
 *     node .cache/write-checkpoint.mjs FOLDER '{"hidden":256,"shards":2}'
 */
import type { CheckpointFolder } from '../../src/engine/convert/checkpoint-folder.ts';
import { bytesSource } from '../../src/engine/formats/byte-source.ts';
import { bfloatToFloat, floatToBfloat, floatToHalf, halfToFloat } from '../../src/engine/quant/half.ts';
import { writePytorch } from './pytorch-writer.ts';
import { randomNormal } from './random.ts';
import { type StoredTensor, writeSafetensors } from './safetensors-writer.ts';
import { type WriterPiece, writeSentencePieceModel } from './sentencepiece-writer.ts';

export interface CheckpointSize {
  layers: number;
  hidden: number;
  heads: number;
  kvHeads: number;
  feedForward: number;
  vocabulary: number;
  visionLayers: number;
  visionHidden: number;
  visionHeads: number;
  visionFeedForward: number;
  tileSize: number;
  patchSize: number;
  dtype: 'BF16' | 'F16' | 'F32';
  form: 'safetensors' | 'pytorch';
  /** 0: one `model.safetensors` or `pytorch_model.bin`; else so many parts and an index. */
  shards: number;
  seed: number;
  /** Of the language model; LLaMA has no image encoder. */
  architecture: 'internlm2' | 'llama';
  /** False: a plain language model without an image encoder. */
  hasVision: boolean;
}

const defaultSize: CheckpointSize = {
  layers: 2,
  hidden: 64,
  heads: 4,
  kvHeads: 2,
  feedForward: 96,
  vocabulary: 320,
  visionLayers: 2,
  visionHidden: 32,
  visionHeads: 2,
  visionFeedForward: 48,
  tileSize: 56,
  patchSize: 14,
  dtype: 'BF16',
  form: 'safetensors',
  shards: 0,
  seed: 1,
  architecture: 'internlm2',
  hasVision: true,
};

export interface Checkpoint {
  size: CheckpointSize;
  /** By name; a test may change or delete any before it opens the folder. */
  files: Map<string, Uint8Array>;
  /** What is stored, as f32, with the shape in PyTorch order. */
  tensors: Map<string, { shape: number[]; values: Float32Array<ArrayBuffer> }>;
  folder: CheckpointFolder;
}

export function makeCheckpoint(options: Partial<CheckpointSize> = {}): Checkpoint {
  const size = { ...defaultSize, ...options };
  const tensors: Checkpoint['tensors'] = new Map();
  const stored = listShapes(size).map(([name, shape, scale, centre], index) => {
    const count = shape.reduce((product, n) => product * n, 1);
    const wanted = randomNormal(count, size.seed * 10_000 + index, scale).map(value => value + centre);
    const { data, values } = store(wanted, size.dtype);
    tensors.set(name, { shape, values });
    return { name, dtype: size.dtype, shape, data };
  });
  const files = new Map<string, Uint8Array>();
  for (const [name, bytes] of writeWeights(stored, size)) files.set(name, bytes);
  files.set('config.json', json(listSettings(size)));
  for (const [name, bytes] of writeTokenizer(size)) files.set(name, bytes);
  const folder: CheckpointFolder = {
    async open(name) {
      const bytes = files.get(name);
      return bytes && bytesSource(bytes);
    },
  };
  return { size, files, tensors, folder };
}

type NamedShape = [name: string, shape: number[], scale: number, centre: number];

function listShapes(size: CheckpointSize): NamedShape[] {
  if (size.architecture === 'llama') return listLlamaShapes(size);
  const { hidden, feedForward, vocabulary } = size;
  const headDim = hidden / size.heads;
  const text: NamedShape[] = [['model.tok_embeddings.weight', [vocabulary, hidden], 0.5, 0]];
  const spread = (columns: number) => 1 / Math.sqrt(columns);
  for (let layer = 0; layer < size.layers; layer++) {
    const at = `model.layers.${layer}`;
    const fused = (size.heads + 2 * size.kvHeads) * headDim;
    text.push(
      [`${at}.attention.wqkv.weight`, [fused, hidden], spread(hidden), 0],
      [`${at}.attention.wo.weight`, [hidden, hidden], spread(hidden), 0],
      [`${at}.feed_forward.w1.weight`, [feedForward, hidden], spread(hidden), 0],
      [`${at}.feed_forward.w3.weight`, [feedForward, hidden], spread(hidden), 0],
      [`${at}.feed_forward.w2.weight`, [hidden, feedForward], spread(feedForward), 0],
      [`${at}.attention_norm.weight`, [hidden], 0.1, 1],
      [`${at}.ffn_norm.weight`, [hidden], 0.1, 1],
    );
  }
  text.push(
    ['model.norm.weight', [hidden], 0.1, 1],
    ['output.weight', [vocabulary, hidden], spread(hidden), 0],
  );
  if (!size.hasVision) return text;
  return [
    ...listVisionShapes(size),
    ...text.map(([name, ...rest]): NamedShape => [`language_model.${name}`, ...rest]),
  ];
}

/** As PMC-LLaMA's checkpoints have them, the tables of rotations among them. */
function listLlamaShapes({
  layers,
  hidden,
  heads,
  kvHeads,
  feedForward,
  vocabulary,
}: CheckpointSize): NamedShape[] {
  const headDim = hidden / heads;
  const matrix = (name: string, rows: number, columns: number): NamedShape => [
    `${name}.weight`,
    [rows, columns],
    1 / Math.sqrt(columns),
    0,
  ];
  const shapes = [matrix('model.embed_tokens', vocabulary, hidden)];
  for (let layer = 0; layer < layers; layer++) {
    const at = `model.layers.${layer}`;
    shapes.push(
      matrix(`${at}.self_attn.q_proj`, heads * headDim, hidden),
      matrix(`${at}.self_attn.k_proj`, kvHeads * headDim, hidden),
      matrix(`${at}.self_attn.v_proj`, kvHeads * headDim, hidden),
      matrix(`${at}.self_attn.o_proj`, hidden, heads * headDim),
      [`${at}.self_attn.rotary_emb.inv_freq`, [headDim / 2], 1, 0],
      matrix(`${at}.mlp.gate_proj`, feedForward, hidden),
      matrix(`${at}.mlp.down_proj`, hidden, feedForward),
      matrix(`${at}.mlp.up_proj`, feedForward, hidden),
      [`${at}.input_layernorm.weight`, [hidden], 0.1, 1],
      [`${at}.post_attention_layernorm.weight`, [hidden], 0.1, 1],
    );
  }
  return [...shapes, ['model.norm.weight', [hidden], 0.1, 1], matrix('lm_head', vocabulary, hidden)];
}

function listVisionShapes(size: CheckpointSize): NamedShape[] {
  const { visionHidden: width, visionFeedForward: wide, patchSize, hidden } = size;
  const positions = (size.tileSize / patchSize) ** 2 + 1;
  const spread = (columns: number) => 1 / Math.sqrt(columns);
  const shapes: NamedShape[] = [
    ['vision_model.embeddings.class_embedding', [1, 1, width], 0.5, 0],
    ['vision_model.embeddings.position_embedding', [1, positions, width], 0.5, 0],
    ['vision_model.embeddings.patch_embedding.weight', [width, 3, patchSize, patchSize], 0.04, 0],
    ['vision_model.embeddings.patch_embedding.bias', [width], 0.1, 0],
  ];
  const linear = (name: string, rows: number, columns: number) => {
    shapes.push([`${name}.weight`, [rows, columns], spread(columns), 0], [`${name}.bias`, [rows], 0.1, 0]);
  };
  const norm = (name: string, columns: number) => {
    shapes.push([`${name}.weight`, [columns], 0.1, 1], [`${name}.bias`, [columns], 0.1, 0]);
  };
  for (let layer = 0; layer < size.visionLayers; layer++) {
    const at = `vision_model.encoder.layers.${layer}`;
    shapes.push([`${at}.ls1`, [width], 0.1, 0.3], [`${at}.ls2`, [width], 0.1, 0.3]);
    linear(`${at}.attn.qkv`, 3 * width, width);
    linear(`${at}.attn.proj`, width, width);
    linear(`${at}.mlp.fc1`, wide, width);
    linear(`${at}.mlp.fc2`, width, wide);
    norm(`${at}.norm1`, width);
    norm(`${at}.norm2`, width);
  }
  norm('mlp1.0', 4 * width);
  linear('mlp1.1', hidden, 4 * width);
  linear('mlp1.3', hidden, hidden);
  return shapes;
}

/** The bytes of the weights in a type, and the weights as they are once stored. */
function store(wanted: Float32Array<ArrayBuffer>, dtype: CheckpointSize['dtype']) {
  if (dtype === 'F32') return { data: new Uint8Array(wanted.buffer), values: wanted };
  const [toBits, toFloat] = dtype === 'BF16' ? [floatToBfloat, bfloatToFloat] : [floatToHalf, halfToFloat];
  const bits = Uint16Array.from(wanted, toBits);
  return { data: new Uint8Array(bits.buffer), values: Float32Array.from(bits, toFloat) };
}

const forms = {
  safetensors: { stem: 'model', ending: 'safetensors', write: writeSafetensors },
  pytorch: { stem: 'pytorch_model', ending: 'bin', write: writePytorch },
};

function* writeWeights(
  stored: StoredTensor[],
  { shards, form }: CheckpointSize,
): Generator<[string, Uint8Array]> {
  const { stem, ending, write } = forms[form];
  if (shards === 0) {
    yield [`${stem}.${ending}`, write(stored)];
    return;
  }
  const fileOf = (shard: number) =>
    `${stem}-${String(shard + 1).padStart(5, '0')}-of-${String(shards).padStart(5, '0')}.${ending}`;
  const map: Record<string, string> = {};
  const share = Math.ceil(stored.length / shards);
  for (let shard = 0; shard < shards; shard++) {
    const part = stored.slice(shard * share, (shard + 1) * share);
    for (const { name } of part) map[name] = fileOf(shard);
    yield [fileOf(shard), write(part)];
  }
  const bytes = stored.reduce((sum, { data }) => sum + data.length, 0);
  yield [`${stem}.${ending}.index.json`, json({ metadata: { total_size: bytes }, weight_map: map })];
}

export function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value, null, 2));
}

function listSettings(size: CheckpointSize) {
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

const chatMarks = [
  '<|plugin|>',
  '<|interpreter|>',
  '<|action_end|>',
  '<|action_start|>',
  '<|im_end|>',
  '<|im_start|>',
];
const imageMarks = [
  '<img>',
  '</img>',
  '<IMG_CONTEXT>',
  '<quad>',
  '</quad>',
  '<ref>',
  '</ref>',
  '<box>',
  '</box>',
];
const merged = ['us', 'er', 'user', 'th', 'the', '▁', '▁th', '▁the', 'an', '▁an', 'no', 'nod', 'e', 's', 't'];

/** Ids as InternLM2 lays them out: markers, bytes, pieces, unused pieces that the chat marks rename, added marks. */
export function listPieces(): WriterPiece[] {
  return [
    { text: '<unk>', type: 2 },
    { text: '<s>', type: 3 },
    { text: '</s>', type: 3 },
    ...Array.from({ length: 256 }, (_, byte) => ({
      text: `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
      type: 6,
    })),
    { text: '\0', type: 4 },
    ...merged.map((text, rank) => ({ text, score: -rank })),
    ...[...'abcdfghijklmnopqru'].map((text, rank) => ({ text, score: -100 - rank })),
    ...chatMarks.map((_, i) => ({ text: `[UNUSED_TOKEN_${141 + i}]`, type: 4 })),
  ];
}

function* writeTokenizer({ architecture, hasVision }: CheckpointSize): Generator<[string, Uint8Array]> {
  const pieces = listPieces();
  if (architecture === 'llama') {
    yield ['tokenizer.model', writeSentencePieceModel({ pieces, addDummyPrefix: true })];
    yield ['added_tokens.json', json({ '[PAD]': pieces.length })];
    const special = {
      __type: 'AddedToken',
      lstrip: false,
      normalized: true,
      rstrip: false,
      single_word: false,
    };
    yield [
      'tokenizer_config.json',
      json({
        add_bos_token: true,
        add_eos_token: false,
        bos_token: { ...special, content: '<s>' },
        eos_token: { ...special, content: '</s>' },
        tokenizer_class: 'LlamaTokenizer',
      }),
    ];
    return;
  }
  yield ['tokenizer.model', writeSentencePieceModel({ pieces, addDummyPrefix: false })];
  const marks = [...chatMarks, ...(hasVision ? imageMarks : [])];
  const firstMark = pieces.length - chatMarks.length;
  const ids = Object.fromEntries(marks.map((text, i) => [text, firstMark + i]));
  yield ['added_tokens.json', json(ids)];
  const decoder = Object.entries({ '<unk>': 0, '<s>': 1, '</s>': 2, ...ids }).map(([content, id]) => [
    id,
    { content, lstrip: false, normalized: false, rstrip: false, single_word: false, special: true },
  ]);
  yield [
    'tokenizer_config.json',
    json({
      added_tokens_decoder: Object.fromEntries(decoder),
      bos_token: '<s>',
      eos_token: '</s>',
      chat_template: '{{ bos_token }}{% for message in messages %}{{ message.content }}{% endfor %}',
      tokenizer_class: 'InternLM2Tokenizer',
    }),
  ];
}
