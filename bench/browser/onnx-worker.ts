/** onnxruntime-web in a worker of its own, as Bedside is in its. */
import { expose } from 'comlink';
import { bytesSource } from '../../src/engine/formats/byte-source.ts';
import type { LlamaConfig } from '../../src/engine/models/llama/llama-config.ts';
import { llamaGraph } from '../onnx/llama-graph.ts';
import type { Onnxruntime, OrtSession, OrtTensor } from './onnxruntime.ts';

export interface DecodeMode {
  /** Keys and values: in buffers that are made once, or in longer ones that onnxruntime makes for each token. */
  cache: 'fixed' | 'growing';
  /**
   * The most likely token: found by the host in the logits, as applications of onnxruntime do; or by ArgMax on the GPU,
   * from where it is fed to the next step, so that the host waits for none.
   */
  choice: 'host' | 'gpu';
}

export interface DecodeOutcome {
  ids: number[];
  prefillMs: number;
  /** From the first token to the last. */
  decodeMs: number;
}

export interface OnnxWorkerApi {
  /** Makes a session with these choices; one at a time. */
  load(libraryUrl: string, modelUrl: string, choice: DecodeMode['choice']): Promise<{ version: string }>;
  decode(prompt: number[], count: number, mode: DecodeMode): Promise<DecodeOutcome>;
}

/** Steps submitted before the oldest token is read: as many as Bedside has in flight. */
const stepsAhead = 3;
const cacheTokens = 512;

let ort: Onnxruntime;
let config: LlamaConfig;
let headDim: number;
const sessions: Partial<Record<DecodeMode['choice'], OrtSession>> = {};

async function load(libraryUrl: string, modelUrl: string, choice: DecodeMode['choice']) {
  ort ??= (await import(/* @vite-ignore */ libraryUrl)) as Onnxruntime;
  ort.env.logLevel = 'error';
  ort.env.wasm.wasmPaths = new URL('.', libraryUrl).href;
  ort.env.wasm.numThreads = 1;
  const bytes = new Uint8Array(await (await fetch(modelUrl)).arrayBuffer());
  const graph = await llamaGraph(bytesSource(bytes), { argmax: choice === 'gpu' });
  ({ config, headDim } = graph);
  const onGpu = [...cacheNames().map(name => `present_${name}`), ...(choice === 'gpu' ? ['next'] : [])];
  sessions[choice] = await ort.InferenceSession.create(graph.onnx, {
    executionProviders: ['webgpu'],
    graphOptimizationLevel: 'all',
    preferredOutputLocation: Object.fromEntries(onGpu.map(name => [name, 'gpu-buffer'])),
  });
  return { version: ort.env.versions.web ?? '' };
}

function cacheNames(): string[] {
  return ['key', 'value'].flatMap(kind =>
    Array.from({ length: config.layers }, (_, layer) => `${kind}.${layer}`),
  );
}

const cacheShape = (tokens: number) => [1, config.kvHeads, tokens, headDim];

/** Input and output of each step in one. `next` makes the tensors for the step after. */
interface Cache {
  readonly past: ReadonlyMap<string, OrtTensor>;
  readonly fetches: Record<string, OrtTensor | null> | undefined;
  next(outputs: Record<string, OrtTensor>): void;
  destroy(): void;
}

async function fixedCache(output: string): Promise<Cache> {
  const device = await ort.env.webgpu.device;
  const size = 4 * config.kvHeads * cacheTokens * headDim;
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const buffers = cacheNames().map(name => ({ name, buffer: device.createBuffer({ size, usage }) }));
  const options = { dataType: 'float32', dims: cacheShape(cacheTokens) };
  const past = new Map(
    buffers.map(({ name, buffer }) => [name, ort.Tensor.fromGpuBuffer(buffer, options)] as const),
  );
  const fetches: Record<string, OrtTensor | null> = { [output]: null };
  for (const [name, tensor] of past) fetches[`present_${name}`] = tensor;
  return {
    past,
    fetches,
    next: () => undefined,
    destroy() {
      for (const { buffer } of buffers) buffer.destroy();
    },
  };
}

function growingCache(): Cache {
  const names = cacheNames();
  let past = new Map(
    names.map(name => [name, new ort.Tensor('float32', new Float32Array(0), cacheShape(0))] as const),
  );
  const destroy = () => {
    for (const tensor of past.values()) tensor.dispose();
  };
  return {
    get past() {
      return past;
    },
    fetches: undefined,
    next(outputs) {
      destroy();
      past = new Map(names.map(name => [name, outputs[`present_${name}`]!] as const));
    },
    destroy,
  };
}

async function decode(prompt: number[], count: number, mode: DecodeMode): Promise<DecodeOutcome> {
  const output = mode.choice === 'gpu' ? 'next' : 'logits';
  const session = sessions[mode.choice]!;
  const cache = mode.cache === 'fixed' ? await fixedCache(output) : growingCache();
  const idsTensor = (ids: readonly number[]) =>
    new ort.Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]);

  async function step(ids: OrtTensor, total: number): Promise<OrtTensor> {
    const feeds: Record<string, OrtTensor> = {
      ids,
      last: new ort.Tensor('int32', Int32Array.of(total - 1), [1]),
      total: new ort.Tensor('int32', Int32Array.of(total), []),
    };
    for (const [name, tensor] of cache.past) feeds[`past_${name}`] = tensor;
    const outputs = cache.fetches ? await session.run(feeds, cache.fetches) : await session.run(feeds);
    cache.next(outputs);
    return outputs[output]!;
  }

  const started = performance.now();
  const ids = [await readLast(await step(idsTensor(prompt), prompt.length))];
  const firstAt = performance.now();
  const waiting: OrtTensor[] = [];
  const take = async () => ids.push(await readLast(waiting.shift()!));
  let onGpu: OrtTensor | undefined;
  for (let i = 1; i < count; i++) {
    const chosen = await step(onGpu ?? idsTensor(ids.slice(-1)), prompt.length + i);
    waiting.push(chosen);
    if (mode.choice === 'gpu') onGpu = chosen;
    if (mode.choice === 'host' || waiting.length >= stepsAhead) await take();
  }
  while (waiting.length > 0) await take();
  const decodeMs = performance.now() - firstAt;
  cache.destroy();
  return { ids, prefillMs: firstAt - started, decodeMs };
}

/** The token after the last position: chosen already, or the largest of its logits. */
async function readLast(tensor: OrtTensor): Promise<number> {
  const data = await tensor.getData();
  if (data instanceof BigInt64Array) return Number(data.at(-1));
  const logits = (data as Float32Array).subarray(-config.vocabulary);
  let best = 0;
  for (let id = 1; id < logits.length; id++) if (logits[id]! > logits[best]!) best = id;
  return best;
}

expose({ load, decode } satisfies OnnxWorkerApi);
