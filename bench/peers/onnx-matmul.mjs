// An ONNX file with one MatMulNBits node (com.microsoft: 4 bits, blocks of 32, f32 scales).
import { dataType, writeOnnx } from '../onnx/write-onnx.mjs';

const { float32, uint8 } = dataType;

/** @returns {Uint8Array} the model: Y [M, rows] = A [M, columns] times a 4-bit matrix of noise */
export function matMulNBitsModel(rows, columns) {
  const blocks = columns / 32;
  const quants = new Uint8Array((rows * columns) / 2);
  let state = 1;
  for (let i = 0; i < quants.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    quants[i] = state >>> 24;
  }
  const scales = Float32Array.from({ length: rows * blocks }, (_, i) => 0.01 + (i % 5) * 0.002);
  return writeOnnx({
    nodes: [
      {
        op: 'MatMulNBits',
        domain: 'com.microsoft',
        inputs: ['A', 'B', 'scales'],
        outputs: ['Y'],
        attributes: { K: columns, N: rows, bits: 4, block_size: 32 },
      },
    ],
    initializers: [
      { name: 'B', type: uint8, shape: [rows, blocks, 16], data: quants },
      { name: 'scales', type: float32, shape: [rows * blocks], data: scales },
    ],
    inputs: [{ name: 'A', type: float32, shape: ['M', columns] }],
    outputs: [{ name: 'Y', type: float32, shape: ['M', rows] }],
  });
}
