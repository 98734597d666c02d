import { type ByteSource, checkRange } from '../engine/formats/byte-source.ts';
import { ByteWriter, type MetadataEntry } from '../engine/formats/byte-writer.ts';
import { blockFormatOf, GgmlType, type GgmlTypeName } from '../engine/quant/block-formats.ts';
import { sampleTensorBytes } from '../engine/quant/sample-blocks.ts';
import { badArgument } from './arguments.ts';

interface SyntheticShape {
  architecture: 'llama' | 'internlm2';
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

interface Extent {
  type: GgmlTypeName;
  offset: number;
  bytes: number;
}

/** A GGUF file that is made while it is read: of any size, without a disk. */
export function syntheticModel(
  name: string,
  options: { layers?: number; type?: GgmlTypeName } = {},
): ByteSource {
  const shape = shapes[name];
  if (!shape)
    throw badArgument(`--synthetic must be one of ${Object.keys(shapes).join(', ')}, not "${name}".`);
  const layers = options.layers ?? shape.layers;
  const type = options.type ?? 'Q4_0';
  const tensors = listTensors({ ...shape, layers }, type);
  const properties = listProperties({ ...shape, layers }, name);

  const header = new ByteWriter().bytes('GGUF').u32(3).u64(tensors.length).u64(properties.length);
  for (const property of properties) header.property(property);
  const extents: Extent[] = [];
  let offset = 0;
  for (const tensor of tensors) {
    header.string(tensor.name).u32(tensor.shape.length);
    for (const size of tensor.shape) header.u64(size);
    header.u32(GgmlType[tensor.type]).u64(offset);
    const { blockElements, blockBytes } = blockFormatOf(GgmlType[tensor.type]);
    const bytes = (tensor.shape.reduce((product, size) => product * size, 1) / blockElements) * blockBytes;
    extents.push({ type: tensor.type, offset, bytes });
    offset = Math.ceil((offset + bytes) / 32) * 32;
  }
  header.pad(32);
  return streamOf(header.finish(), extents, offset);
}

function listTensors(shape: SyntheticShape, type: GgmlTypeName) {
  const { hidden, heads, kvHeads, feedForward, vocabulary, layers } = shape;
  const kv = (hidden / heads) * kvHeads;
  const matrix = (name: string, columns: number, rows: number) => ({
    name: `${name}.weight`,
    shape: [columns, rows],
    type,
  });
  const vector = (name: string) => ({ name: `${name}.weight`, shape: [hidden], type: 'F32' as const });
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

function listProperties(shape: SyntheticShape, name: string): MetadataEntry[] {
  const key = (suffix: string) => `${shape.architecture}.${suffix}`;
  const pieces = Array.from({ length: shape.vocabulary }, (_, i) =>
    i < 3 ? ['<unk>', '<s>', '</s>'][i] : `▁piece${i}`,
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
    ['tokenizer.ggml.token_type', 'i32[]', pieces.map((_, i) => (i === 0 ? 2 : i < 3 ? 3 : 1))],
    ['tokenizer.ggml.bos_token_id', 'u32', 1],
    ['tokenizer.ggml.eos_token_id', 'u32', 2],
  ];
}

/** Each format's data is one stretch of sample blocks, repeated. */
function streamOf(header: Uint8Array<ArrayBuffer>, extents: Extent[], dataBytes: number): ByteSource {
  const patterns = new Map<GgmlTypeName, Uint8Array>();
  for (const type of new Set(extents.map(extent => extent.type))) {
    patterns.set(type, sampleTensorBytes(type, 256 * 512, 1));
  }
  const bytes = header.byteLength + dataBytes;
  return {
    bytes,
    async read(offset, length) {
      checkRange({ bytes }, offset, length);
      if (offset + length <= header.byteLength) return header.slice(offset, offset + length);
      const out = new Uint8Array(length);
      out.set(header.subarray(offset, Math.min(header.byteLength, offset + length)));
      const from = offset - header.byteLength;
      for (const extent of extents) {
        const start = Math.max(from, extent.offset);
        const end = Math.min(from + length, extent.offset + extent.bytes);
        if (start >= end) continue;
        const pattern = patterns.get(extent.type)!;
        for (let at = start; at < end; ) {
          const phase = (at - extent.offset) % pattern.byteLength;
          const count = Math.min(pattern.byteLength - phase, end - at);
          out.set(pattern.subarray(phase, phase + count), at - from);
          at += count;
        }
      }
      return out;
    },
  };
}
