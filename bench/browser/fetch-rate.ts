import { createLibraryClient } from '../../src/client/index.ts';

export interface FetchPlan {
  url: string;
  bytes: number;
  sha256: string;
  chunkBytes: number;
  chunkSha256: string[];
  /** Of wllama's folder esm/. */
  libraryUrl: string;
  rounds: number;
}

/** Milliseconds of each round. */
export interface FetchReport {
  /** Each chunk compared with its hash: the file is ready to be loaded. */
  chunksMs: number[];
  /** With the hash of the whole alone: the fetching, and what was left of the hashing once everything had arrived. */
  wholeFetchMs: number[];
  wholeVerifyMs: number[];
  /** wllama's own download into its store; nothing is compared. */
  wllamaMs: number[];
  /** The network alone: the body read and dropped. */
  networkMs: number[];
}

/** What is used of wllama, which is no dependency. */
interface WllamaLibrary {
  ModelManager: new () => {
    downloadModel(url: string): Promise<{ remove(): Promise<void> }>;
  };
}

/** A file from a server into the store, in turns with the network alone and with wllama. */
export async function measureFetch(plan: FetchPlan): Promise<FetchReport> {
  const { url, bytes, sha256, chunkBytes, chunkSha256 } = plan;
  const report: FetchReport = {
    chunksMs: [],
    wholeFetchMs: [],
    wholeVerifyMs: [],
    wllamaMs: [],
    networkMs: [],
  };
  const peer: string = new URL('index.js', plan.libraryUrl).href;
  const { ModelManager } = (await import(/* @vite-ignore */ peer)) as WllamaLibrary;
  const library = createLibraryClient();
  for (let round = 0; round < plan.rounds; round++) {
    report.networkMs.push(await timed(() => drain(url)));
    report.chunksMs.push(
      await timed(() => library.download({ id: 'bench', url, bytes, chunkBytes, chunkSha256 })),
    );
    await library.deleteFile('bench');
    let verifyingSince = 0;
    const wholeMs = await timed(() =>
      library.download(
        { id: 'bench', url, bytes, chunkBytes, sha256 },
        {
          onProgress: phase => {
            if (phase === 'verify') verifyingSince ||= performance.now();
          },
        },
      ),
    );
    const verifyMs = performance.now() - verifyingSince;
    report.wholeFetchMs.push(wholeMs - verifyMs);
    report.wholeVerifyMs.push(verifyMs);
    await library.deleteFile('bench');
    const manager = new ModelManager();
    let model: { remove(): Promise<void> } | undefined;
    report.wllamaMs.push(
      await timed(async () => {
        model = await manager.downloadModel(url);
      }),
    );
    await model?.remove();
  }
  library.dispose();
  return report;
}

async function drain(url: string): Promise<void> {
  const { body } = await fetch(url, { cache: 'no-store' });
  const reader = body!.getReader();
  while (!(await reader.read()).done);
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const since = performance.now();
  await run();
  return performance.now() - since;
}
