export interface WllamaPlan {
  /** Of the package's folder esm/. */
  libraryUrl: string;
  modelUrl: string;
  prompt: string;
  tokens: number;
  rounds: number;
}

export interface WllamaReport {
  threads: number;
  loadMs: number;
  text: string;
  /** As llama.cpp itself counts them. */
  decodeTokensPerSecond: number[];
  prefillTokensPerSecond: number[];
}

interface Completion {
  choices: { text: string }[];
  timings?: {
    predicted_n: number;
    predicted_per_second: number;
    prompt_n: number;
    prompt_per_second: number;
  };
}

/** What is used of wllama, which is no dependency. */
interface WllamaLibrary {
  Wllama: new (paths: { default: string }, config: { suppressNativeLog: boolean }) => Wllama;
}

export interface Wllama {
  loadModel(blobs: Blob[], options: Record<string, unknown>): Promise<void>;
  createCompletion(options: Record<string, unknown>): Promise<Completion>;
  getNumThreads(): number;
  exit(): Promise<void>;
}

/** Greedy completions by llama.cpp in WebAssembly, on the processor. The first one warms up and is not counted. */
export async function measureWllama(plan: WllamaPlan): Promise<WllamaReport> {
  const { wllama, loadMs } = await loadWllama(plan);
  try {
    const report: WllamaReport = {
      threads: wllama.getNumThreads(),
      loadMs,
      text: '',
      decodeTokensPerSecond: [],
      prefillTokensPerSecond: [],
    };
    for (let round = 0; round <= plan.rounds; round++) {
      const { text, timings } = await complete(wllama, plan.prompt, plan.tokens);
      report.text = text;
      if (round === 0) continue;
      report.decodeTokensPerSecond.push(timings.predicted_per_second);
      report.prefillTokensPerSecond.push(timings.prompt_per_second);
    }
    return report;
  } finally {
    await wllama.exit();
  }
}

/** `threads`: as many as it takes by itself unless told. */
export async function loadWllama(plan: { libraryUrl: string; modelUrl: string; threads?: number }) {
  const library: string = new URL('index.js', plan.libraryUrl).href;
  const { Wllama } = (await import(/* @vite-ignore */ library)) as WllamaLibrary;
  const blob = await (await fetch(plan.modelUrl)).blob();
  const wllama = new Wllama(
    { default: new URL('wasm/wllama.wasm', plan.libraryUrl).href },
    { suppressNativeLog: true },
  );
  const started = performance.now();
  const threads = plan.threads === undefined ? {} : { n_threads: plan.threads };
  await wllama.loadModel([blob], { n_ctx: 512, n_gpu_layers: 0, ...threads });
  return { wllama, loadMs: performance.now() - started };
}

/** The most likely continuation, from an empty cache. */
export async function complete(wllama: Wllama, prompt: string, tokens: number) {
  const { choices, timings } = await wllama.createCompletion({
    prompt,
    max_tokens: tokens,
    temperature: 0,
    cache_prompt: false,
    stream: false,
  });
  if (!timings) throw new Error('wllama gave no timings.');
  return { text: choices[0]?.text ?? '', timings };
}
