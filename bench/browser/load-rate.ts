import {
  createEngineClient,
  createLibraryClient,
  type EngineClient,
  type LoadPhase,
} from '../../src/client/index.ts';
import { createWeightStore } from '../../src/storage/create-weight-store.ts';
import { openDatabase } from '../../src/storage/database.ts';
import { chunkKey } from '../../src/storage/weight-manifest.ts';

/** As src/engine/loading/upload-weights.ts reads. */
const pieceBytes = 8 * 1024 * 1024;

export interface LoadPlan {
  id: string;
  url: string;
  bytes: number;
  chunkBytes: number;
  chunkSha256: string[];
  rounds: number;
}

export interface LoadReport {
  bytes: number;
  chunks: number;
  /** Of each warm load: how long each phase took. */
  phasesMs: Partial<Record<LoadPhase, number>>[];
  /** Bytes a second from the first report of phase `upload` to its end, the GPU having taken everything. */
  uploadRates: number[];
  /** Bytes a second, every row of the store read one after another, each dropped before the next. */
  rawRates: number[];
  /** The same through the weight store, which checks each row, in pieces as they are uploaded. */
  checkedRates: number[];
}

/**
 * Loads a model again and again: the first time it is downloaded into the store, as the page does it, the second time warms
 * up; each further time is measured, in turns with reading the same rows and nothing else.
 */
export async function measureLoad(plan: LoadPlan): Promise<LoadReport> {
  const { id, bytes, chunkSha256 } = plan;
  const library = createLibraryClient();
  const client = createEngineClient({ library });
  const report: LoadReport = {
    bytes,
    chunks: chunkSha256.length,
    phasesMs: [],
    uploadRates: [],
    rawRates: [],
    checkedRates: [],
  };
  await loadOnce(client, plan);
  await loadOnce(client, plan);
  for (let round = 0; round < plan.rounds; round++) {
    report.rawRates.push((bytes * 1000) / (await readRows(plan)));
    report.checkedRates.push((bytes * 1000) / (await readChecked(plan)));
    const { phasesMs, uploadRate } = await loadOnce(client, plan);
    report.phasesMs.push(phasesMs);
    report.uploadRates.push(uploadRate);
  }
  await client.deleteStoredModel(id);
  client.dispose();
  library.dispose();
  return report;
}

async function loadOnce(client: EngineClient, { id, url, bytes, chunkBytes, chunkSha256 }: LoadPlan) {
  const phasesMs: LoadReport['phasesMs'][number] = {};
  let phase: LoadPhase | undefined;
  let since = 0;
  let upload: { at: number; done: number; total: number } | undefined;
  let uploadRate = 0;
  const enter = (next: LoadPhase | undefined) => {
    const now = performance.now();
    if (phase) phasesMs[phase] = (phasesMs[phase] ?? 0) + now - since;
    if (phase === 'upload' && upload) uploadRate = ((upload.total - upload.done) * 1000) / (now - upload.at);
    phase = next;
    since = now;
  };
  await client.loadModel(
    {
      source: { kind: 'url', id, url, bytes, chunkBytes, chunkSha256 },
      precision: 'f32',
      contextTokens: 64,
    },
    {
      onProgress(progress) {
        if (progress.phase !== phase) enter(progress.phase);
        if (progress.phase === 'upload') upload ??= { at: since, done: progress.done, total: progress.total };
      },
    },
  );
  enter(undefined);
  await client.unloadModel();
  return { phasesMs, uploadRate };
}

async function readChecked({ id, bytes, chunkSha256 }: LoadPlan): Promise<number> {
  const started = performance.now();
  const source = await createWeightStore().openFile(id, chunkSha256);
  if (!source) throw new Error('The model is not in the store.');
  for (let offset = 0; offset < bytes; offset += pieceBytes) {
    await source.read(offset, Math.min(pieceBytes, bytes - offset));
  }
  return performance.now() - started;
}

async function readRows({ id, chunkSha256 }: LoadPlan): Promise<number> {
  const database = openDatabase('bedside-weights');
  const started = performance.now();
  for (const index of chunkSha256.keys()) {
    const blob = await database.get(chunkKey(id, index));
    if (!(blob instanceof Blob)) throw new Error(`Row ${index} is not there.`);
    await blob.arrayBuffer();
  }
  return performance.now() - started;
}
