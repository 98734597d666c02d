// One process: times onnxruntime-node's WebGPU provider on one matrix-vector product, input upload and output readback
// included (its API has no other way). node onnxruntime-matvec.mjs ROWS COLUMNS REPEAT -> JSON on standard output.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ort from 'onnxruntime-node';
import { matMulNBitsModel } from './onnx-matmul.mjs';

const [rows, columns, repeat] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'bedside-bench-'));
const file = join(folder, 'product.onnx');
writeFileSync(file, matMulNBitsModel(rows, columns));
const session = await ort.InferenceSession.create(file, { executionProviders: ['webgpu'] });
const data = Float32Array.from({ length: columns }, (_, i) => Math.sin(i));
const input = new ort.Tensor('float32', data, [1, columns]);
const times = [];
for (let i = 0; i <= repeat; i++) {
  const at = performance.now();
  await session.run({ A: input });
  if (i > 0) times.push(performance.now() - at);
}
times.sort((a, b) => a - b);
process.stdout.write(
  `${JSON.stringify({ medianMs: times[times.length >> 1], minMs: times[0], maxMs: times.at(-1) })}\n`,
);
rmSync(folder, { recursive: true, force: true });
process.exit(0);
