import { halfToFloat } from '../../src/engine/quant/half.ts';

export interface PackedBlocks {
  bits: 4 | 8;
  /** Unsigned, with the middle (8 or 128) standing for zero; 4 bits: even weights low, odd ones high. */
  quants: Uint8Array<ArrayBuffer>;
  /** One a block of 32 weights. */
  scales: Float32Array<ArrayBuffer>;
}

/** ggml's blocks as onnxruntime's MatMulNBits wants them (block_size 32, no zero points): the same numbers, moved. */
export function packForMatMulNBits(type: 'Q4_0' | 'Q8_0', blocks: Uint8Array): PackedBlocks {
  const bits = type === 'Q4_0' ? 4 : 8;
  const quantBytes = 4 * bits;
  const blockBytes = 2 + quantBytes;
  const count = blocks.length / blockBytes;
  const quants = new Uint8Array(count * quantBytes);
  const scales = new Float32Array(count);
  for (let block = 0; block < count; block++) {
    const from = block * blockBytes;
    const to = block * quantBytes;
    scales[block] = halfToFloat(blocks[from]! | (blocks[from + 1]! << 8));
    const q = blocks.subarray(from + 2, from + blockBytes);
    if (bits === 8) {
      for (let j = 0; j < 32; j++) quants[to + j] = q[j]! ^ 0x80;
      continue;
    }
    // ggml: weight j beside weight j + 16; here: weight j beside weight j + 1.
    for (let j = 0; j < 16; j += 2) {
      quants[to + j / 2] = (q[j]! & 15) | ((q[j + 1]! & 15) << 4);
      quants[to + 8 + j / 2] = (q[j]! >> 4) | (q[j + 1]! & 0xf0);
    }
  }
  return { bits, quants, scales };
}
