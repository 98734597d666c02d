import type { ByteSource } from '../../src/engine/formats/byte-source.ts';
import { type GgufTensor, parseGguf } from '../../src/engine/formats/gguf.ts';
import { rotationTable } from '../../src/engine/kernels/rotation-table.ts';
import { type LlamaConfig, readLlamaConfig } from '../../src/engine/models/llama/llama-config.ts';
import { dequantizeTensor } from '../../src/engine/quant/dequantize.ts';
import { type DenseMatrix, type Padding, padMatrix, stackTransposed } from './dense-matrix.ts';
import { packForMatMulNBits } from './pack-blocks.ts';
import { concat, dataType, type OnnxInitializer, type OnnxNode, writeOnnx } from './write-onnx.mjs';

export interface LlamaGraph {
  onnx: Uint8Array<ArrayBuffer>;
  config: LlamaConfig;
  /** Dimensions of a head in the cache: a multiple of 16, which onnxruntime asks for, filled up with zeros. */
  headDim: number;
}

const { float32, uint8, int32, int64 } = dataType;
const microsoft = { domain: 'com.microsoft' };

/**
 * The decoder of a GGUF file as an ONNX graph of the operators that onnxruntime's own exporter uses for WebGPU:
 * MatMulNBits, GroupQueryAttention with the rotation inside, SkipSimplifiedLayerNormalization. Matrices of one vector are
 * stacked into one where attention takes them so. Matrices in other formats than Q4_0 and Q8_0 become f32; so do those of
 * attention where its heads must be padded.
 *
 *   ids [1, S] i64, last [1] i32 (tokens in all - 1), total [] i32, past_key.N and past_value.N [1, kvHeads, P, head] f32
 *   -> logits [1, S, vocabulary] f32 or, with `argmax`, next [1, S] i64; present_key.N and present_value.N
 */
export async function llamaGraph(source: ByteSource, { argmax }: { argmax: boolean }): Promise<LlamaGraph> {
  const file = await parseGguf(source);
  const config = readLlamaConfig(file);
  const graph = new GraphWriter(source, new Map(file.tensors.map(tensor => [tensor.name, tensor])));
  const { layers, kvHeads, vocabulary, hidden } = config;
  const headDim = paddedHead(config);
  if (config.ropeDimensions !== config.headDim || graph.tensors.has('rope_freqs.weight')) {
    throw new Error('A graph for partial or scaled rotation is not written here.');
  }
  await graph.f32('embedding', 'token_embd.weight', [vocabulary, hidden]);
  addRotations(graph, config);
  graph.node('Gather', ['embedding', 'ids'], ['x.0']);
  let x = 'x.0';
  for (let layer = 0; layer < layers; layer++) x = await addLayer(graph, config, layer, x);
  await addHead(graph, config, x);
  if (argmax) graph.node('ArgMax', ['logits'], ['next'], { attributes: { axis: -1, keepdims: 0 } });

  const perLayer = (name: string, tokens: string) =>
    Array.from({ length: layers }, (_, layer) => ({
      name: `${name}.${layer}`,
      type: float32,
      shape: [1, kvHeads, tokens, headDim],
    }));
  const onnx = writeOnnx({
    nodes: graph.nodes,
    initializers: graph.initializers,
    inputs: [
      { name: 'ids', type: int64, shape: [1, 'S'] },
      { name: 'last', type: int32, shape: [1] },
      { name: 'total', type: int32, shape: [] },
      ...perLayer('past_key', 'P'),
      ...perLayer('past_value', 'P'),
    ],
    outputs: [
      argmax
        ? { name: 'next', type: int64, shape: [1, 'S'] }
        : { name: 'logits', type: float32, shape: [1, 'S', vocabulary] },
      ...perLayer('present_key', 'T'),
      ...perLayer('present_value', 'T'),
    ],
  });
  return { onnx, config, headDim };
}

const paddedHead = ({ headDim }: LlamaConfig): number => Math.ceil(headDim / 16) * 16;

class GraphWriter {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: OnnxInitializer[] = [];

  constructor(
    readonly source: ByteSource,
    readonly tensors: ReadonlyMap<string, GgufTensor>,
  ) {}

  node(op: string, inputs: string[], outputs: string[], more: Partial<OnnxNode> = {}): void {
    this.nodes.push({ op, inputs, outputs, ...more });
  }

  tensor(name: string): GgufTensor {
    const tensor = this.tensors.get(name);
    if (!tensor) throw new Error(`The file has no tensor ${name}.`);
    return tensor;
  }

  bytes({ offset, bytes }: GgufTensor): Promise<Uint8Array> {
    return this.source.read(offset, bytes);
  }

  async f32(name: string, tensorName: string, shape: number[]): Promise<void> {
    const tensor = this.tensor(tensorName);
    const data = dequantizeTensor(tensor.type, await this.bytes(tensor));
    this.initializers.push({ name, type: float32, shape, data });
  }

  /**
   * y = x times the rows of these matrices, one below the other.
   * @param padding widens each run of `from` rows, or columns, to `to` with zeros
   */
  async linear(x: string, names: string[], y: string, padding?: Padding): Promise<void> {
    const tensors = names.map(name => this.tensor(name));
    const [type, other] = new Set(tensors.map(({ typeName }) => typeName));
    const isPadded = padding !== undefined && padding.from !== padding.to;
    if (other === undefined && !isPadded && (type === 'Q4_0' || type === 'Q8_0')) {
      const columns = tensors[0]!.shape[0]!;
      const rows = tensors.reduce((sum, { shape }) => sum + shape[1]!, 0);
      const blocks = concat(await Promise.all(tensors.map(tensor => this.bytes(tensor))));
      const { quants, scales, bits } = packForMatMulNBits(type, blocks);
      const perRow = columns / 32;
      this.initializers.push(
        { name: `${y}.B`, type: uint8, shape: [rows, perRow, 4 * bits], data: quants },
        { name: `${y}.scales`, type: float32, shape: [rows * perRow], data: scales },
      );
      const attributes = { K: columns, N: rows, bits, block_size: 32 };
      this.node('MatMulNBits', [x, `${y}.B`, `${y}.scales`], [y], { ...microsoft, attributes });
      return;
    }
    const matrices: DenseMatrix[] = [];
    for (const tensor of tensors) {
      const [columns, rows] = tensor.shape as [number, number];
      const weights = dequantizeTensor(tensor.type, await this.bytes(tensor));
      matrices.push(padMatrix({ rows, columns, weights }, isPadded ? padding : undefined));
    }
    const { columns } = matrices[0]!;
    const rows = matrices.reduce((sum, matrix) => sum + matrix.rows, 0);
    this.initializers.push({
      name: `${y}.B`,
      type: float32,
      shape: [columns, rows],
      data: stackTransposed(matrices),
    });
    this.node('MatMul', [x, `${y}.B`], [y]);
  }
}

function addRotations(graph: GraphWriter, config: LlamaConfig): void {
  const { contextTokens, headDim, ropeTheta, ropeScale } = config;
  const table = rotationTable(contextTokens, headDim, ropeTheta, undefined, ropeScale);
  const pairs = paddedHead(config) / 2;
  for (const [part, name] of ['cos', 'sin'].entries()) {
    const data = new Float32Array(contextTokens * pairs);
    for (let position = 0; position < contextTokens; position++) {
      for (let i = 0; i < headDim / 2; i++) {
        data[position * pairs + i] = table[2 * (position * (headDim / 2) + i) + part]!;
      }
    }
    graph.initializers.push({ name, type: float32, shape: [contextTokens, pairs], data });
  }
}

/** @returns the name of what the next layer adds to: the sum so far is normed together with the last product */
async function addLayer(graph: GraphWriter, config: LlamaConfig, layer: number, x: string): Promise<string> {
  const at = (name: string) => `${name}.${layer}`;
  const weight = (name: string) => `blk.${layer}.${name}.weight`;
  const { heads, kvHeads, headDim, hidden } = config;
  const heights = { from: headDim, to: paddedHead(config) };
  await graph.f32(at('attn_norm'), weight('attn_norm'), [hidden]);
  await graph.f32(at('ffn_norm'), weight('ffn_norm'), [hidden]);
  const sum = addNorm(graph, config, x, at('attn_norm'), at('a'));
  await graph.linear(at('a'), ['attn_q', 'attn_k', 'attn_v'].map(weight), at('qkv'), {
    ...heights,
    of: 'rows',
  });
  graph.node(
    'GroupQueryAttention',
    [at('qkv'), '', '', at('past_key'), at('past_value'), 'last', 'total', 'cos', 'sin'],
    [at('attended'), at('present_key'), at('present_value')],
    {
      ...microsoft,
      attributes: {
        num_heads: heads,
        kv_num_heads: kvHeads,
        do_rotary: 1,
        rotary_interleaved: 1,
        scale: { float: 1 / Math.sqrt(headDim) },
      },
    },
  );
  await graph.linear(at('attended'), [weight('attn_output')], at('o'), { ...heights, of: 'columns' });
  const middle = addNorm(graph, config, `${sum}+${at('o')}`, at('ffn_norm'), at('f'));
  await graph.linear(at('f'), [weight('ffn_gate')], at('gate'));
  await graph.linear(at('f'), [weight('ffn_up')], at('up'));
  graph.node('Sigmoid', [at('gate')], [at('sigmoid')]);
  graph.node('Mul', [at('gate'), at('sigmoid')], [at('silu')]);
  graph.node('Mul', [at('silu'), at('up')], [at('gated')]);
  await graph.linear(at('gated'), [weight('ffn_down')], at('down'));
  return `${middle}+${at('down')}`;
}

/**
 * y = RMSNorm(x), where x may be "a+b": then both are added in the same launch.
 * @returns the name of x
 */
function addNorm(graph: GraphWriter, config: LlamaConfig, x: string, weight: string, y: string): string {
  const attributes = { epsilon: { float: config.rmsEpsilon } };
  const [a, b] = x.split('+') as [string, string?];
  if (b === undefined) {
    graph.node('SimplifiedLayerNormalization', [a, weight], [y], {
      attributes: { ...attributes, axis: -1, stash_type: 1 },
    });
    return a;
  }
  const sum = `sum.${y}`;
  graph.node('SkipSimplifiedLayerNormalization', [a, b, weight], [y, '', '', sum], {
    ...microsoft,
    attributes,
  });
  return sum;
}

async function addHead(graph: GraphWriter, config: LlamaConfig, x: string): Promise<void> {
  await graph.f32('output_norm', 'output_norm.weight', [config.hidden]);
  addNorm(graph, config, x, 'output_norm', 'normed');
  const head = graph.tensors.has('output.weight') ? 'output.weight' : 'token_embd.weight';
  await graph.linear('normed', [head], 'logits');
}
