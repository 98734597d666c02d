/** Bedside on the processor, in a worker that starts the helpers itself: this page has no policy against that. */
import { expose } from 'comlink';
import { sampleContext } from '../../src/cli/bench/model-speed.ts';
import { bytesSource } from '../../src/engine/formats/byte-source.ts';
import { type LanguageModel, loadModel } from '../../src/engine/loading/load-model.ts';
import { acquireProcessor } from '../../src/engine/processor/acquire-processor.ts';
import type { HelperWord } from '../../src/engine/processor/helper.ts';
import type { Helper } from '../../src/engine/processor/pool.ts';
import type { Rates, RunPlan } from './processor.ts';

export interface ProcessorWorkerApi {
  open(modelUrl: string, threads: number): Promise<string>;
  run(plan: RunPlan): Promise<Rates>;
}

let model: LanguageModel;

async function open(modelUrl: string, threads: number): Promise<string> {
  const file = new Uint8Array(await (await fetch(modelUrl)).arrayBuffer());
  const many = threads === 1 ? {} : { startHelper, threads };
  const device = await acquireProcessor(many);
  model = await loadModel(device, bytesSource(file), { precision: 'f32', contextTokens: 512 });
  return model.info.variant;
}

async function run({ prefill, decode, repeat }: RunPlan): Promise<Rates> {
  const { prefillMs, decodeMs } = await sampleContext(model, prefill, decode, repeat);
  return { prefill: prefillMs.map(ms => (1000 * prefill) / ms), decode: decodeMs.map(ms => 1000 / ms) };
}

function startHelper(): Helper {
  const worker = new Worker(new URL('./processor-helper.ts', import.meta.url), { type: 'module' });
  return {
    start: start => worker.postMessage(start),
    onWord: then => worker.addEventListener('message', ({ data }: MessageEvent<HelperWord>) => then(data)),
    onEnd: then => worker.addEventListener('error', ({ message }) => then(message)),
    end: () => worker.terminate(),
  };
}

const api: ProcessorWorkerApi = { open, run };
expose(api);
