import { chooseType, type MatrixName } from '../../engine/convert/choose-type.ts';
import type { Architecture } from '../../engine/families/families.ts';
import type { ByteSource } from '../../engine/formats/byte-source.ts';
import type { MetadataEntry } from '../../engine/formats/byte-writer.ts';
import type { GgmlTypeName } from '../../engine/quant/block-formats.ts';
import { sentence } from '../../engine/sentence.ts';
import type { Quantisation } from '../../engine/types/quantisation.ts';
import { badArgument } from '../input/arguments.ts';
import { type SyntheticTensor, syntheticGguf } from './synthetic-gguf.ts';

interface SyntheticShape {
  architecture: Architecture;
  layers: number;
  hidden: number;
  heads: number;
  kvHeads: number;
  feedForward: number;
  vocabulary: number;
  context: number;
  epsilon: number;
  theta: number;
}

/** True shapes of the product's models; the weights are noise. For mini-monkey-2b: its language half. */
const shapes: Record<string, SyntheticShape> = {
  'pmc-llama-13b': {
    architecture: 'llama',
    layers: 40,
    hidden: 5120,
    heads: 40,
    kvHeads: 40,
    feedForward: 13824,
    vocabulary: 32001,
    context: 2048,
    epsilon: 1e-6,
    theta: 10000,
  },
  'mini-monkey-2b': {
    architecture: 'internlm2',
    layers: 24,
    hidden: 2048,
    heads: 16,
    kvHeads: 8,
    feedForward: 8192,
    vocabulary: 92553,
    context: 32768,
    epsilon: 1e-5,
    theta: 1e6,
  },
};

/** A format for every matrix, or what a conversion chooses for each. */
export type SyntheticTypes =
  | { type?: GgmlTypeName; quantisation?: undefined }
  | { quantisation: Quantisation };

/** A GGUF file that is made while it is read: of any size, without a disk. */
export function syntheticModel(name: string, options: { layers?: number } & SyntheticTypes = {}): ByteSource {
  const shape = shapes[name];
  if (!shape)
    throw badArgument(
      sentence`synthetic-option: --synthetic must be one of ${{ models: Object.keys(shapes).join(', ') }}, not "${{ found: name }}".`,
    );
  const layers = options.layers ?? shape.layers;
  const made = { ...shape, layers };
  const typeOf = (matrix: string, columns: number) =>
    options.quantisation ? chosenType(options.quantisation, matrix, columns, made) : (options.type ?? 'Q4_0');
  return syntheticGguf(listProperties(made, name), listTensors(made, typeOf));
}

/** @param name of the matrix in the file without `.weight` */
function chosenType(quantisation: Quantisation, name: string, columns: number, shape: SyntheticShape) {
  const [, layer, inLayer] = /^blk\.(\d+)\.(\w+)$/.exec(name) ?? [];
  const matrix = (inLayer ?? name) as MatrixName;
  return chooseType(quantisation, matrix, Number(layer ?? 0), columns, { ...shape, isTied: false });
}

function listTensors(
  shape: SyntheticShape,
  typeOf: (matrix: string, columns: number) => GgmlTypeName,
): SyntheticTensor[] {
  const { hidden, heads, kvHeads, feedForward, vocabulary, layers } = shape;
  const kv = (hidden / heads) * kvHeads;
  const matrix = (name: string, columns: number, rows: number): SyntheticTensor => ({
    name: `${name}.weight`,
    shape: [columns, rows],
    type: typeOf(name, columns),
  });
  const vector = (name: string): SyntheticTensor => ({
    name: `${name}.weight`,
    shape: [hidden],
    type: 'F32',
  });
  const list = [
    matrix('token_embd', hidden, vocabulary),
    vector('output_norm'),
    matrix('output', hidden, vocabulary),
  ];
  for (let layer = 0; layer < layers; layer++) {
    const at = (name: string) => `blk.${layer}.${name}`;
    list.push(
      vector(at('attn_norm')),
      matrix(at('attn_q'), hidden, hidden),
      matrix(at('attn_k'), hidden, kv),
      matrix(at('attn_v'), hidden, kv),
      matrix(at('attn_output'), hidden, hidden),
      vector(at('ffn_norm')),
      matrix(at('ffn_gate'), hidden, feedForward),
      matrix(at('ffn_up'), hidden, feedForward),
      matrix(at('ffn_down'), feedForward, hidden),
    );
  }
  return list;
}

const pieceNames = ['<unk>', '<s>', '</s>', '<img>', '</img>', '<IMG_CONTEXT>'];

function listProperties(shape: SyntheticShape, name: string): MetadataEntry[] {
  const key = (suffix: string) => `${shape.architecture}.${suffix}`;
  const pieces = Array.from({ length: shape.vocabulary }, (_, i) =>
    i < pieceNames.length ? pieceNames[i] : `▁piece${i}`,
  );
  return [
    ['general.architecture', 'string', shape.architecture],
    ['general.name', 'string', `Synthetic ${name}`],
    [key('context_length'), 'u32', shape.context],
    [key('embedding_length'), 'u32', shape.hidden],
    [key('block_count'), 'u32', shape.layers],
    [key('feed_forward_length'), 'u32', shape.feedForward],
    [key('attention.head_count'), 'u32', shape.heads],
    [key('attention.head_count_kv'), 'u32', shape.kvHeads],
    [key('attention.layer_norm_rms_epsilon'), 'f32', shape.epsilon],
    [key('rope.freq_base'), 'f32', shape.theta],
    ['tokenizer.ggml.model', 'string', 'llama'],
    ['tokenizer.ggml.tokens', 'string[]', pieces],
    ['tokenizer.ggml.scores', 'f32[]', new Float32Array(shape.vocabulary)],
    [
      'tokenizer.ggml.token_type',
      'i32[]',
      pieces.map((_, i) => (i === 0 ? 2 : i < pieceNames.length ? 3 : 1)),
    ],
    ['tokenizer.ggml.bos_token_id', 'u32', 1],
    ['tokenizer.ggml.eos_token_id', 'u32', 2],
  ];
}
