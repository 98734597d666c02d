/**
 * Makes checkpoints with the files, tensor names and settings of InternVL2-2B, Mini-Monkey and PMC-LLaMA, in any size, with random
 * weights. On disk, from a bundle of this file:
 *
 *     npx rolldown test/support/write-checkpoint.ts --platform node --file .cache/write-checkpoint.mjs
 *     node .cache/write-checkpoint.mjs FOLDER '{"hidden":256,"shards":2}'
 */
import type { CheckpointFolder } from '../../src/engine/convert/checkpoint-folder.ts';
import { bytesSource } from '../../src/engine/formats/byte-source.ts';
import { bfloatToFloat, floatToBfloat, floatToHalf, halfToFloat } from '../../src/engine/quant/half.ts';
import { listSettings } from './checkpoint-settings.ts';
import { listShapes } from './checkpoint-shapes.ts';
import { writeTokenizer } from './checkpoint-tokenizer.ts';
import { json } from './json-bytes.ts';
import { writePytorch } from './pytorch-writer.ts';
import { randomNormal } from './random.ts';
import { type StoredTensor, writeSafetensors } from './safetensors-writer.ts';

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
  /** Weights in BF16 that are made in no time, and look it: for checkpoints of hundreds of megabytes. */
  isPatterned: boolean;
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
  isPatterned: false,
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
    const seed = size.seed * 10_000 + index;
    const { data, values } = size.isPatterned
      ? storePattern(count, seed)
      : store(
          randomNormal(count, seed, scale).map(value => value + centre),
          size.dtype,
        );
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

/** The bytes of the weights in a type, and the weights as they are once stored. */
function store(wanted: Float32Array<ArrayBuffer>, dtype: CheckpointSize['dtype']) {
  if (dtype === 'F32') return { data: new Uint8Array(wanted.buffer), values: wanted };
  const [toBits, toFloat] = dtype === 'BF16' ? [floatToBfloat, bfloatToFloat] : [floatToHalf, halfToFloat];
  const bits = Uint16Array.from(wanted, toBits);
  return { data: new Uint8Array(bits.buffer), values: Float32Array.from(bits, toFloat) };
}

/** Magnitudes from 2^-10 to 2^-2. */
function storePattern(count: number, seed: number) {
  const bits = new Uint16Array(count);
  for (let i = 0, state = seed; i < count; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    bits[i] = ((state >>> 16) & 0x83ff) | 0x3a80;
  }
  const values = new Float32Array(count);
  const wide = new Uint32Array(values.buffer);
  for (let i = 0; i < count; i++) wide[i] = bits[i]! << 16;
  return { data: new Uint8Array(bits.buffer), values };
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
