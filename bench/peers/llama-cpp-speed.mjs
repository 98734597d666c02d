// One process: times llama.cpp (node-llama-cpp) on a GGUF file.
//   node llama-cpp-speed.mjs FILE cpu|vulkan THREADS PREFILL DECODE REPEAT -> JSON on standard output
import { getLlama } from 'node-llama-cpp';

const [file, processor, threads, ...counts] = process.argv.slice(2);
const [prefill, decode, repeat] = counts.map(Number);
const gpu = processor === 'vulkan' ? 'vulkan' : false;
const llama = await getLlama({ gpu, build: 'never', skipDownload: true, logLevel: 'error' });
const devices = gpu ? await llama.getGpuDeviceNames() : [];
const model = await llama.loadModel({ modelPath: file, gpuLayers: gpu ? 'max' : 0 });
const context = await model.createContext({
  contextSize: prefill + decode + 8,
  batchSize: Math.max(prefill, 32),
  flashAttention: false,
  threads: Number(threads),
});
const sequence = context.getSequence();
const prompt = Array.from({ length: prefill }, (_, i) => 10 + ((i * 37) % 200));
const prefillTokensPerSecond = [];
const decodeTokensPerSecond = [];
for (let run = 0; run <= repeat; run++) {
  await sequence.clearHistory();
  let at = performance.now();
  await sequence.evaluateWithoutGeneratingNewTokens(prompt);
  const prefillMs = performance.now() - at;
  let token = prompt[0];
  at = performance.now();
  // Token by token, so that one that ends an answer does not end the measurement.
  for (let i = 0; i < decode; i++) {
    const [result] = await sequence.controlledEvaluate([[token, { generateNext: { token: true } }]]);
    token = result.next.token;
  }
  const decodeMs = performance.now() - at;
  if (run === 0) continue;
  prefillTokensPerSecond.push((prefill * 1000) / prefillMs);
  decodeTokensPerSecond.push((decode * 1000) / decodeMs);
}
process.stdout.write(
  `${JSON.stringify({ devices, gpuLayers: model.gpuLayers, prefillTokensPerSecond, decodeTokensPerSecond })}\n`,
);
process.exit(0);
