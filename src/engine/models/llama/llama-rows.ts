import { type Dispatch, rowOf } from '../../device/dispatch.ts';
import type { DeviceBuffer } from '../../device/memory.ts';
import { createAttentionDecode, createRopeAppend, type LayerCache } from '../../kernels/attention.ts';
import { type Allocated, arrayShape, rowsShape, uniformShape } from '../../kernels/buffer-shape.ts';
import { createRmsNorm } from '../../kernels/rms-norm.ts';
import { attentionOf, qkvWidths } from './llama.ts';
import type { LlamaConfig } from './llama-config.ts';
import {
  addProductOfMany,
  buildQkvOfMany,
  buildSwigluOfMany,
  finishProjections,
  type LlamaParts,
  type QkvRows,
} from './llama-layer.ts';
import { type LayerNorm, layerTensor } from './llama-tensors.ts';

/** To what a part of a buffer is aligned. */
const partFloats = 64;

const wholeParts = (columns: number) => Math.ceil(columns / partFloats) * partFloats;

/** q, k, v and what attention gives, of one token of each of several sequences: rows that can be bound by themselves. */
export function sequenceRowsShapes(config: LlamaConfig, rows: number) {
  const widths = qkvWidths(config).map(wholeParts);
  return {
    /** (position, 1) u32: of the launches that are for one row. */
    rowState: uniformShape('state of a sequence', 2),
    /** One behind the other: see `qkvOf`. */
    qkv: arrayShape('q, k and v of sequences', rows * widths.reduce((sum, width) => sum + width, 0)),
    attended: rowsShape('attended of sequences', rows, widths[0]!),
  };
}

export type SequenceRows = Allocated<ReturnType<typeof sequenceRowsShapes>>;

/** The q, k and v of `count` sequences, [sequences, stride] f32 each. */
function qkvOf({ qkv: buffer }: SequenceRows, config: LlamaConfig, count: number): QkvRows {
  const rows: QkvRows['rows'][number][] = [];
  let start = 0;
  for (const width of qkvWidths(config)) {
    const stride = wholeParts(width);
    rows.push({ start, stride, buffer: { buffer, offset: 4 * start, size: 4 * count * stride } });
    start += count * stride;
  }
  return { buffer, rows };
}

/** Keys and values of a layer, and where in them those of each row lie: [page of the sequence] -> physical page. */
export interface RowsMemory {
  layerCache: LayerCache;
  tables: readonly DeviceBuffer[];
}

/**
 * A decoder layer for a step that has one token of each of several sequences, all at the same position: products for all at once,
 * attention of each over the pages of its own.
 * @param memory where the layer's keys and values are
 */
export async function buildLlamaLayerForRows(
  parts: LlamaParts,
  rows: SequenceRows,
  { layerCache, tables }: RowsMemory,
  layer: number,
): Promise<Dispatch[]> {
  const { device, config, weights, buffers } = parts;
  const { state, x, normed, gate, outputs, stats } = buffers;
  const { shape, rotations } = attentionOf(config, parts.shape, buffers, layer);
  const { rowState, attended } = rows;
  const qkv = qkvOf(rows, config, tables.length);
  const widths = qkvWidths(config);
  const options = { columns: config.hidden, epsilon: config.rmsEpsilon };
  const norm = (name: LayerNorm) =>
    createRmsNorm(device, x, weights.vector(layerTensor(layer, name)), normed, state, options);
  const attention: Dispatch[] = [];
  for (const [row, pages] of tables.entries()) {
    const [q, k, v] = qkv.rows.map(({ start, stride }, i) => ({
      buffer: qkv.buffer,
      offset: 4 * (start + row * stride),
      size: 4 * widths[i]!,
    }));
    const ofRow = { q: q!, k: k!, v: v! };
    const out = { buffer: attended.buffer, offset: 4 * row * attended.stride, size: 4 * widths[0] };
    const into = { q: ofRow.q, out, pages, scratch: { outputs, stats } };
    const launches = [
      ...(await finishProjections(parts, layer, ofRow, rowState)),
      await createRopeAppend(device, shape, { ...ofRow, rotations, pages }, layerCache, rowState),
      ...(await createAttentionDecode(device, shape, into, layerCache, rowState)),
    ];
    attention.push(...launches.map(launch => rowOf(launch, row)));
  }
  return [
    await norm('attn_norm'),
    ...(await buildQkvOfMany(parts, layer, qkv)),
    ...attention,
    ...(await addProductOfMany(parts, layer, 'attn_output', attended)),

    await norm('ffn_norm'),
    ...(await buildSwigluOfMany(parts, layer)),
    ...(await addProductOfMany(parts, layer, 'ffn_down', gate)),
  ];
}
