import { type Remote, wrap } from 'comlink';
import type { ProcessorWorkerApi } from './processor-worker.ts';
import { complete, loadWllama, type Wllama } from './wllama.ts';

export interface EnginePlan {
  modelUrl: string;
  threads: number;
}

export interface RunPlan {
  prefill: number;
  decode: number;
  repeat: number;
}

/** Tokens a second, one figure a run. */
export interface Rates {
  prefill: number[];
  decode: number[];
}

// A page has one engine, which stays loaded while others have their turn in theirs.
let bedside: Remote<ProcessorWorkerApi> | undefined;
let wllama: Wllama | undefined;

/** Loads a model into Bedside's processor device, in a worker as the page has it. @returns what computes */
export async function openProcessor({ modelUrl, threads }: EnginePlan): Promise<string> {
  const worker = new Worker(new URL('./processor-worker.ts', import.meta.url), { type: 'module' });
  bedside = wrap<ProcessorWorkerApi>(worker);
  return bedside.open(modelUrl, threads);
}

export function runProcessor(plan: RunPlan): Promise<Rates> {
  return bedside!.run(plan);
}

export async function openWllama(plan: EnginePlan & { libraryUrl: string }): Promise<string> {
  ({ wllama } = await loadWllama(plan));
  return `${wllama.getNumThreads()} threads`;
}

/** Its prompts are text: ordinary words, as many as give the tokens wanted. */
export async function runWllama({ prefill, decode, repeat }: RunPlan): Promise<Rates> {
  const words = (count: number) => 'the'.concat(' the'.repeat(Math.max(0, count - 1)));
  const warm = await complete(wllama!, words(prefill), 2);
  const prompt = words(Math.round((prefill * prefill) / warm.timings.prompt_n));
  const rates: Rates = { prefill: [], decode: [] };
  for (let run = 0; run <= repeat; run++) {
    const { timings } = await complete(wllama!, prompt, decode);
    if (timings.prompt_n !== prefill) throw new Error(`wllama read ${timings.prompt_n} tokens.`);
    if (run === 0) continue;
    rates.prefill.push(timings.prompt_per_second);
    rates.decode.push(timings.predicted_per_second);
  }
  return rates;
}
