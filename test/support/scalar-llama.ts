import { bytesSource } from '../../src/engine/formats/byte-source.ts';
import type { GgufFile } from '../../src/engine/formats/gguf.ts';
import { parseGguf } from '../../src/engine/formats/gguf.ts';
import {
  attentionTwin,
  linearTwin,
  rmsNormTwin,
  ropeTwin,
  siluMulTwin,
} from '../../src/engine/kernels/twins.ts';
import { readLlamaConfig } from '../../src/engine/models/llama/llama-config.ts';
import { dequantizeTensor } from '../../src/engine/quant/dequantize.ts';

/**
 * The whole model in scalar loops over the dequantised weights: logits at every position, [ids, vocabulary]. Slow, and
 * independent of every kernel, buffer layout and dispatch.
 */
export async function scalarLogits(model: Uint8Array, ids: number[]): Promise<Float64Array> {
  const file = await parseGguf(bytesSource(model));
  const c = readLlamaConfig(file);
  const w = (name: string) => readTensor(file, model, `${name}.weight`);
  const embedding = w('token_embd');
  let x = Float32Array.from(
    ids.flatMap(id => Array.from(embedding.subarray(id * c.hidden, (id + 1) * c.hidden))),
  );
  const linear = (name: string, from: ArrayLike<number>, columns: number) => {
    const matrix = w(name);
    return linearTwin(matrix, Float32Array.from(from), matrix.length / columns, columns);
  };
  const rotate = (from: Float64Array, heads: number) => {
    for (let i = 0; i < from.length; i += c.headDim) {
      const position = Math.floor(i / (heads * c.headDim));
      from.set(ropeTwin(from.subarray(i, i + c.headDim), position, c.ropeTheta, c.ropeDimensions), i);
    }
    return from;
  };
  for (let layer = 0; layer < c.layers; layer++) {
    const at = (name: string) => `blk.${layer}.${name}`;
    const n = rmsNormTwin(x, w(at('attn_norm')), c.rmsEpsilon);
    const q = rotate(linear(at('attn_q'), n, c.hidden), c.heads);
    const k = rotate(linear(at('attn_k'), n, c.hidden), c.kvHeads);
    const a = attentionTwin(q, k, linear(at('attn_v'), n, c.hidden), {
      heads: c.heads,
      kvHeads: c.kvHeads,
      headDim: c.headDim,
      first: 0,
    });
    const o = linear(at('attn_output'), a, c.heads * c.headDim);
    x = x.map((value, i) => value + o[i]!);
    const m = rmsNormTwin(x, w(at('ffn_norm')), c.rmsEpsilon);
    const gate = Float32Array.from(linear(at('ffn_gate'), m, c.hidden));
    const h = siluMulTwin(gate, Float32Array.from(linear(at('ffn_up'), m, c.hidden)));
    const d = linear(at('ffn_down'), h, c.feedForward);
    x = x.map((value, i) => value + d[i]!);
  }
  const output = file.tensors.some(tensor => tensor.name === 'output.weight') ? 'output' : 'token_embd';
  return linear(output, rmsNormTwin(x, w('output_norm'), c.rmsEpsilon), c.hidden);
}

function readTensor(file: GgufFile, model: Uint8Array, name: string): Float32Array {
  const tensor = file.tensors.find(each => each.name === name)!;
  return dequantizeTensor(tensor.type, model.subarray(tensor.offset, tensor.offset + tensor.bytes));
}
