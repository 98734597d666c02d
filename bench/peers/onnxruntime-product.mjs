// One process: times onnxruntime-node's WebGPU provider on the product of one matrix with TOKENS vectors, input upload and
// output readback included (its API has no other way).
//   node onnxruntime-product.mjs ROWS COLUMNS TOKENS REPEAT -> JSON on standard output
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ort from 'onnxruntime-node';
import { matMulNBitsModel } from './onnx-matmul.mjs';

const [rows, columns, tokens, repeat] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'bedside-bench-'));
const file = join(folder, 'product.onnx');
writeFileSync(file, matMulNBitsModel(rows, columns));
const session = await ort.InferenceSession.create(file, { executionProviders: ['webgpu'] });
rmSync(folder, { recursive: true, force: true });
const data = Float32Array.from({ length: tokens * columns }, (_, i) => Math.sin(i));
const input = new ort.Tensor('float32', data, [tokens, columns]);
const timesMs = [];
for (let i = 0; i <= repeat; i++) {
  const at = performance.now();
  await session.run({ A: input });
  if (i > 0) timesMs.push(performance.now() - at);
}
process.stdout.write(`${JSON.stringify({ timesMs })}\n`);
process.exit(0);
