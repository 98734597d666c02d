import type { WrittenType } from '../../src/engine/convert/choose-type.ts';
import { encodeRows } from '../../src/engine/convert/encode-rows.ts';
import type { WeightEncoder } from '../../src/engine/convert/encode-weights.ts';
import { quantisedTensors } from '../../src/engine/convert/quantised-tensors.ts';
import { bytesSource } from '../../src/engine/formats/byte-source.ts';
import { ByteWriter } from '../../src/engine/formats/byte-writer.ts';
import { type GgufTensor, parseGguf } from '../../src/engine/formats/gguf.ts';
import { readLlamaConfig } from '../../src/engine/models/llama/llama-config.ts';
import { dequantizeTensor } from '../../src/engine/quant/dequantize.ts';
import type { Quantisation } from '../../src/engine/types/quantisation.ts';

/**
 * A model's file with its matrices in the formats that a conversion chooses: what `convert` would write of a checkpoint in F32 whose
 * weights are those of the file, made wide. Its properties stay as they are.
 */
export async function requantiseGguf(
  bytes: Uint8Array,
  quantisation: Quantisation,
  encoder: WeightEncoder,
): Promise<Uint8Array<ArrayBuffer>> {
  const file = await parseGguf(bytesSource(bytes));
  const tensors = quantisedTensors(file.tensors, quantisation, readLlamaConfig(file));
  const aligned = (length: number) => Math.ceil(length / file.alignment) * file.alignment;
  const header = new ByteWriter().bytes(bytes.subarray(0, file.tensorInfoOffset));
  let offset = 0;
  for (const { name, shape, type, bytes: length } of tensors) {
    header.string(name).u32(shape.length);
    for (const size of shape) header.u64(size);
    header.u32(type).u64(offset);
    offset += aligned(length);
  }
  const start = header.pad(file.alignment).length;
  const out = new Uint8Array(start + offset);
  out.set(header.finish());
  let at = start;
  for (const [i, tensor] of tensors.entries()) {
    out.set(await requantiseTensor(bytes, file.tensors[i]!, tensor, encoder), at);
    at += aligned(tensor.bytes);
  }
  return out;
}

/** The bytes of one tensor of the file as that in another format. Vectors stay as they are. */
export async function requantiseTensor(
  bytes: Uint8Array,
  from: GgufTensor,
  to: GgufTensor,
  encoder: WeightEncoder,
): Promise<Uint8Array> {
  const data = bytes.subarray(from.offset, from.offset + from.bytes);
  if (to.shape.length === 1) return data;
  const [columns, rows] = to.shape as [number, number];
  const wide = new Uint8Array(dequantizeTensor(from.type, data).buffer);
  const source = {
    ...{ name: from.name, file: 'the file', dtype: 'F32', shape: [rows, columns] },
    ...{ source: bytesSource(wide), offset: 0, bytes: wide.length },
  };
  const runs = [{ start: 0, count: rows }];
  const planned = {
    name: from.name,
    type: to.typeName as WrittenType,
    shape: to.shape,
    source,
    columns,
    runs,
  };
  const out = new Uint8Array(to.bytes);
  let at = 0;
  for await (const piece of encodeRows(planned, { encoder })) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}
