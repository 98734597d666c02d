import { chooseType, type MatrixName } from '../../engine/convert/choose-type.ts';
import { familyOf } from '../../engine/families/families.ts';
import type { LayerSource } from '../../engine/families/family.ts';
import type { ByteSource } from '../../engine/formats/byte-source.ts';
import type { MetadataEntry } from '../../engine/formats/byte-writer.ts';
import type { GgmlTypeName } from '../../engine/quant/block-formats.ts';
import { sentence } from '../../engine/sentence.ts';
import type { Quantisation } from '../../engine/types/quantisation.ts';
import { badArgument } from '../input/arguments.ts';
import { type SyntheticTensor, syntheticGguf } from './synthetic-gguf.ts';
import { type SyntheticShape, syntheticShapes } from './synthetic-shapes.ts';

/** A format for every matrix, or what a conversion chooses for each. */
export type SyntheticTypes =
  | { type?: GgmlTypeName; quantisation?: undefined }
  | { quantisation: Quantisation };

/** A GGUF file that is made while it is read: of any size, without a disk. */
export function syntheticModel(name: string, options: { layers?: number } & SyntheticTypes = {}): ByteSource {
  const shape = syntheticShapes[name];
  if (!shape)
    throw badArgument(
      sentence`synthetic-option: --synthetic must be one of ${{ models: Object.keys(syntheticShapes).join(', ') }}, not "${{ found: name }}".`,
    );
  const layers = options.layers ?? shape.layers;
  const made = { ...shape, layers };
  return syntheticGguf(listProperties(made, name), listTensors(made, typeOf(options, made)));
}

/** The format of a matrix, by its name in the file without `.weight`. */
type TypeOf = (name: string, columns: number) => GgmlTypeName;

function typeOf(asked: SyntheticTypes, shape: SyntheticShape): TypeOf {
  const { outputType, isTied = false } = shape;
  if (asked.quantisation) {
    const { quantisation } = asked;
    return (name, columns) => {
      const [, layer, inLayer] = /^blk\.(\d+)\.(\w+)$/.exec(name) ?? [];
      const matrix = (inLayer ?? name) as MatrixName;
      return chooseType(quantisation, matrix, Number(layer ?? 0), columns, { ...shape, isTied });
    };
  }
  const { type } = asked;
  const output = isTied ? 'token_embd' : 'output';
  return name => type ?? (name === output ? outputType : undefined) ?? 'Q4_0';
}

function listTensors(shape: SyntheticShape, typeOf: TypeOf): SyntheticTensor[] {
  const { architecture, hidden, vocabulary, layers, isTied } = shape;
  const matrix = (name: string, columns: number, rows: number): SyntheticTensor => ({
    name: `${name}.weight`,
    shape: [columns, rows],
    type: typeOf(name, columns),
  });
  const vector = (name: string, size: number): SyntheticTensor => ({ name, shape: [size], type: 'F32' });
  const ofLayer = (layer: number) => (source: LayerSource) => {
    const name = `blk.${layer}.${source.name}`;
    if (source.kind === 'vector') return vector(name, source.size);
    const rows = source.runs?.reduce((sum, { count }) => sum + count, 0) ?? source.rows;
    return matrix(name, source.columns, rows);
  };
  const perLayer = familyOf(architecture).checkpoints[0]!.layer({ ...shape, queryFactor: 1 });
  return [
    matrix('token_embd', hidden, vocabulary),
    vector('output_norm.weight', hidden),
    ...(isTied ? [] : [matrix('output', hidden, vocabulary)]),
    ...Array.from({ length: layers }, (_, layer) => perLayer.map(ofLayer(layer))).flat(),
  ];
}

function listProperties(shape: SyntheticShape, name: string): MetadataEntry[] {
  const key = (suffix: string) => `${shape.architecture}.${suffix}`;
  const pieceNames = ['<unk>', '<s>', '</s>', ...(shape.pieces ?? ['<img>', '</img>', '<IMG_CONTEXT>'])];
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
    [key('attention.key_length'), 'u32', shape.headDim],
    [key('attention.value_length'), 'u32', shape.headDim],
    [key('attention.layer_norm_rms_epsilon'), 'f32', shape.epsilon],
    [key('rope.freq_base'), 'f32', shape.theta],
    ...(shape.more ?? []).map(([name, ...value]) => [key(name), ...value] as MetadataEntry),
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
