import { type ByteSource, checkRange } from '../../engine/formats/byte-source.ts';
import { ByteWriter, type MetadataEntry } from '../../engine/formats/byte-writer.ts';
import { blockFormatOf, GgmlType, type GgmlTypeName } from '../../engine/quant/block-formats.ts';
import { sampleTensorBytes } from '../../engine/quant/sample-blocks.ts';

export interface SyntheticTensor {
  name: string;
  /** ggml order: the contiguous dimension first. */
  shape: number[];
  type: GgmlTypeName;
}

interface Extent {
  type: GgmlTypeName;
  offset: number;
  bytes: number;
}

/** A GGUF file with these properties and tensors, whose weights are noise, made while it is read. */
export function syntheticGguf(properties: MetadataEntry[], tensors: SyntheticTensor[]): ByteSource {
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
