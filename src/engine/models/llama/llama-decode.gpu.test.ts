import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type MetadataEntry, type WriterTensor, writeGguf } from '../../../../test/support/gguf-writer.ts';
import { everyDevice, openAnyDevice, runsAllCases } from '../../../../test/support/gpu.ts';
import { scalarLogits } from '../../../../test/support/scalar-llama.ts';
import type { EngineDevice } from '../../device/device.ts';
import { bytesSource } from '../../formats/byte-source.ts';
import { type LanguageModel, loadModel } from '../../loading/load-model.ts';
import { GgmlType, type GgmlTypeName } from '../../quant/block-formats.ts';
import { dequantizeTensor } from '../../quant/dequantize.ts';
import { sampleTensorBytes } from '../../quant/sample-blocks.ts';
import type { LayerMatrix } from './llama-tensors.ts';

interface TinyModel {
  layers: number;
  /** Of every matrix that `types` does not name. */
  type: GgmlTypeName;
  types?: Partial<Record<LayerMatrix, GgmlTypeName>>;
  feedForward?: number;
}

const [hidden, heads, kvHeads, vocabulary] = [256, 4, 2, 40];

/** A llama of noise, its norms such that no product grows with the format's scales. */
function tinyModel({ layers, type, types = {}, feedForward = 512 }: TinyModel): Uint8Array<ArrayBuffer> {
  const tensors: WriterTensor[] = [];
  let seed = 0;
  const vector = (name: string, value: number) => {
    const data = new Uint8Array(new Float32Array(hidden).fill(value).buffer);
    tensors.push({ name: `${name}.weight`, type: GgmlType.F32, shape: [hidden], data });
  };
  /** @returns what brings a product with this matrix back to the size of its input */
  const matrix = (name: string, columns: number, rows: number, of = type) => {
    const data = sampleTensorBytes(of, rows * columns, ++seed);
    tensors.push({ name: `${name}.weight`, type: GgmlType[of], shape: [columns, rows], data });
    const weights = dequantizeTensor(GgmlType[of], data);
    const squares = weights.reduce((sum, weight) => sum + weight * weight, 0);
    return 1 / Math.sqrt((squares / weights.length) * columns);
  };
  const kv = (hidden / heads) * kvHeads;
  matrix('token_embd', hidden, vocabulary);
  for (let layer = 0; layer < layers; layer++) {
    const part = (name: LayerMatrix, columns: number, rows: number) =>
      matrix(`blk.${layer}.${name}`, columns, rows, types[name] ?? type);
    vector(`blk.${layer}.attn_norm`, Math.min(part('attn_q', hidden, hidden), part('attn_k', hidden, kv)));
    part('attn_v', hidden, kv);
    part('attn_output', hidden, hidden);
    vector(`blk.${layer}.ffn_norm`, part('ffn_gate', hidden, feedForward));
    part('ffn_up', hidden, feedForward);
    part('ffn_down', feedForward, hidden);
  }
  vector('output_norm', matrix('output', hidden, vocabulary));

  const numbers: [string, number][] = [
    ['context_length', 64],
    ['embedding_length', hidden],
    ['block_count', layers],
    ['feed_forward_length', feedForward],
    ['attention.head_count', heads],
    ['attention.head_count_kv', kvHeads],
  ];
  const pieces = Array.from({ length: vocabulary }, (_, i) => ['<unk>', '<s>', '</s>'][i] ?? `▁piece${i}`);
  const metadata: MetadataEntry[] = [
    ['general.architecture', 'string', 'llama'],
    ['general.name', 'string', 'tiny'],
    ...numbers.map(([key, value]): MetadataEntry => [`llama.${key}`, 'u32', value]),
    ['llama.attention.layer_norm_rms_epsilon', 'f32', 1e-5],
    ['tokenizer.ggml.model', 'string', 'llama'],
    ['tokenizer.ggml.tokens', 'string[]', pieces],
    ['tokenizer.ggml.scores', 'f32[]', new Float32Array(vocabulary)],
    ['tokenizer.ggml.token_type', 'i32[]', pieces.map((_, i) => [2, 3, 3][i] ?? 1)],
    ['tokenizer.ggml.bos_token_id', 'u32', 1],
    ['tokenizer.ggml.eos_token_id', 'u32', 2],
  ];
  return writeGguf({ metadata, tensors });
}

const layouts: [string, TinyModel, number][] = [
  ['one format', { layers: 2, type: 'Q8_0' }, 7],
  ['ragged rows', { layers: 2, type: 'F16', feedForward: 172 }, 7],
  ['v in another format', { layers: 2, type: 'Q4_K', types: { attn_v: 'Q6_K' } }, 8],
  ['k in another format', { layers: 2, type: 'Q4_0', types: { attn_k: 'Q8_0' } }, 9],
  ['up in another format', { layers: 2, type: 'Q8_0', types: { ffn_up: 'Q4_0' } }, 9],
];

describe.each(everyDevice)('decoded tokens on %s', name => {
  // Which products are joined does not depend on the device: all layouts are tried on the one that compiles nothing.
  const runsAll = name === 'processor' || runsAllCases();
  let device: EngineDevice;
  let model: LanguageModel | undefined;
  beforeAll(async () => {
    device = await openAnyDevice(name);
  });
  afterEach(() => {
    model?.destroy();
    model = undefined;
  });
  afterAll(() => device.destroy());
  const options = { precision: 'f32', contextTokens: 64 } as const;

  it.each(runsAll ? layouts : layouts.slice(0, 2))(
    '%s: equal the scalar model',
    async (_, tiny, launches) => {
      const bytes = tinyModel(tiny);
      model = await loadModel(device, bytesSource(bytes), options);
      expect(model.dispatchesPerToken).toBe(launches * tiny.layers + 5);
      expect(Math.abs(device.memory.bytes / model.memoryPlan.total - 1)).toBeLessThan(0.01);
      const ids = [1, 17, 5, 39, 8];
      const expected = await scalarLogits(bytes, ids);
      const tolerance = 1e-4 * expected.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
      const logits: number[] = [];
      for (const id of ids) {
        model.submitTokens([id], true);
        logits.push(...(await model.readLogits()));
      }
      const together = await model.logitsOfAll(ids);
      for (const [i, value] of expected.entries()) {
        expect(Math.abs(logits[i]! - value), `decoded, logit ${i}`).toBeLessThanOrEqual(tolerance);
        expect(Math.abs(together[i]! - value), `prefilled, logit ${i}`).toBeLessThanOrEqual(tolerance);
      }
    },
  );

  it('takes 285 launches with the 40 layers of PMC-LLaMA-13B', async () => {
    const source = bytesSource(tinyModel({ layers: 40, type: 'Q8_0' }));
    model = await loadModel(device, source, options);
    expect(model.dispatchesPerToken).toBe(285);
  });
});
