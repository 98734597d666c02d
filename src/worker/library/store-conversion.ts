/** Converts a checkpoint into the weight store, chunk by chunk, and goes on where it was interrupted. */
import type { WeightEncoder } from '../../engine/convert/encode-weights.ts';
import { BedsideError } from '../../engine/errors.ts';
import type { ChunkWriter } from '../../storage/chunk-writer.ts';
import { checkRoom, withMissingBytes } from '../../storage/room.ts';
import { chunkLength, mebibyte } from '../../storage/weight-manifest.ts';
import type { WeightStore } from '../../storage/weight-store.ts';
import type { DownloadNotice } from '../remote/download-notice.ts';
import type { Network } from '../remote/network.ts';
import { changedFile, FileChanged } from '../remote/range-request.ts';
import { openRemoteCheckpoint } from '../remote/remote-checkpoint.ts';
import { defaultRetryPolicy, type RetryPolicy } from '../remote/retry-policy.ts';
import { listPickedFiles, openCheckpointFiles } from './checkpoint-files.ts';
import { type ConvertedFile, convertCheckpoint } from './convert-checkpoint.ts';
import type { ConvertRequest } from './library-messages.ts';

/** A checkpoint that is another one each time it is asked for is not worth a fourth attempt. */
const mostRestarts = 3;

/** What a crash may cost of a chunk that takes long. */
const keepBytes = 2 * mebibyte;
const keepAfterMs = 1000;

export interface StoreConversionOptions {
  signal: AbortSignal;
  /** Bytes of the GGUF files. */
  onProgress(doneBytes: number, totalBytes: number): void;
  onNotice(notice: DownloadNotice): void;
  retry?: RetryPolicy;
  chunkBytes?: number;
  /** Who makes blocks of weights; here, where nobody is given. */
  encoder?: WeightEncoder | undefined;
}

/**
 * Resolves with sentences for the reader once the files are complete in the store. Rejects with what is wrong with the
 * checkpoint, 'network', 'storage-full', 'storage-unavailable' or 'aborted'; what was verified is kept, except of a checkpoint
 * that changed or cannot be converted.
 */
export async function storeConversion(
  request: ConvertRequest,
  weights: WeightStore,
  network: Network,
  options: StoreConversionOptions,
): Promise<string[]> {
  const ids = [request.textId, ...(request.visionId === undefined ? [] : [request.visionId])];
  for (let restarts = 0; ; restarts++) {
    const stop = new AbortController();
    const signal = AbortSignal.any([options.signal, stop.signal]);
    try {
      return await convertOnce(request, weights, network, { ...options, signal });
    } catch (thrown) {
      const isChanged = thrown instanceof FileChanged;
      const known = await weights.listFiles();
      for (const id of ids) {
        // Of a model that was deleted meanwhile nothing may stay behind.
        if (isChanged || !known.some(file => file.id === id)) await weights.deleteFile(id);
      }
      if (!isChanged) throw thrown;
      if (restarts === mostRestarts) throw changedFile(thrown.message);
      options.onNotice('file-changed');
    } finally {
      // What was being fetched ahead is nobody's any more.
      stop.abort();
    }
  }
}

async function convertOnce(
  request: ConvertRequest,
  weights: WeightStore,
  network: Network,
  { signal, onProgress, onNotice, retry = defaultRetryPolicy, chunkBytes, encoder }: StoreConversionOptions,
): Promise<string[]> {
  const { textId, textName, visionId, visionName, name, type, from } = request;
  const folder =
    from.kind === 'files'
      ? openCheckpointFiles(listPickedFiles(from.files))
      : await openRemoteCheckpoint(from.url, { network, signal, retry, onNotice });
  const withVision = visionId !== undefined;
  const { text, vision, warnings } = await convertCheckpoint(folder, {
    ...{ name, type, withVision, signal, encoder },
  });
  const files = [{ id: textId, name: textName, file: text }];
  if (vision && visionId) files.push({ id: visionId, name: visionName ?? `${visionId}.gguf`, file: vision });

  const known = await weights.listFiles();
  const outdated = known.filter(model =>
    files.some(({ id, file }) => id === model.id && file.version !== model.version),
  );
  // Not even chunks of an unknown version stay: they may be of another checkpoint of the same size.
  for (const { id } of outdated) await weights.deleteFile(id);
  if (outdated.length > 0 && folder.isRemote) onNotice('file-changed');
  const begun: { id: string; writer: ChunkWriter; file: ConvertedFile }[] = [];
  for (const { id, name: fileName, file } of files) {
    const { bytes, version } = file;
    const writer = await weights.begin(id, { url: '', name: fileName, bytes, version, chunkBytes });
    // At once: what comes next may find no room.
    if (writer.missing().length === 0) await writer.finish();
    begun.push({ id, file, writer });
  }
  const total = files.reduce((sum, { file }) => sum + file.bytes, 0);
  let done = begun.reduce((sum, { writer }) => sum + writer.storedBytes, 0);
  // Each half was let in on its own.
  await checkRoom(total - done);
  const onMade = (bytes: number) => {
    done += bytes;
    onProgress(done, total);
  };
  onMade(0);
  for (const { id, writer, file } of begun) {
    if (writer.missing().length === 0) continue;
    try {
      for (const run of listRuns(writer.missing())) await storeRun(run, writer, file, onMade);
      await writer.finish();
    } catch (thrown) {
      // A weight that cannot be stored, or data without their checksum: what came before is not worth more.
      if (isCode(thrown, 'invalid-model')) await weights.deleteFile(id);
      throw await withMissingBytes(thrown, writer.bytes - writer.storedBytes);
    }
  }
  return warnings;
}

/** Chunks that follow one another. */
interface ChunkRun {
  first: number;
  count: number;
}

function listRuns(indices: readonly number[]): ChunkRun[] {
  const runs: ChunkRun[] = [];
  for (const index of indices) {
    const last = runs.at(-1);
    if (last && last.first + last.count === index) last.count++;
    else runs.push({ first: index, count: 1 });
  }
  return runs;
}

/** Makes the chunks of a run, each written while the next one is made. */
async function storeRun(
  { first, count }: ChunkRun,
  writer: ChunkWriter,
  file: ConvertedFile,
  onMade: (bytes: number) => void,
): Promise<void> {
  let index = first;
  let chunk = new Uint8Array(chunkLength(writer, index));
  let filled = await writer.readParts(index, chunk);
  let kept = filled;
  let keptMs = performance.now();
  onMade(filled);
  let writing: Promise<void> = Promise.resolve();
  const keep = async () => {
    const offset = kept;
    kept = filled;
    keptMs = performance.now();
    await writer.writePart(index, offset, chunk.subarray(offset, filled));
  };
  const finishChunk = async () => {
    await writing;
    writing = writer.write(index, chunk);
    // Heard at the next chunk, or at the end.
    writing.catch(ignore);
    index++;
    filled = 0;
    kept = 0;
    keptMs = performance.now();
    if (index < first + count) chunk = new Uint8Array(chunkLength(writer, index));
  };
  const end = Math.min(writer.bytes, (first + count) * writer.chunkBytes);
  const stream = file.read(first * writer.chunkBytes + filled, end);
  try {
    if (filled === chunk.length) await finishChunk();
    for await (const piece of stream) {
      for (let at = 0; at < piece.length; ) {
        const part = piece.subarray(at, at + chunk.length - filled);
        chunk.set(part, filled);
        filled += part.length;
        at += part.length;
        if (filled === chunk.length) await finishChunk();
      }
      if (filled - kept >= keepBytes && performance.now() - keptMs > keepAfterMs) await keep();
      onMade(piece.length);
    }
    await writing;
  } catch (thrown) {
    const isStored = await writing.then(yes, no);
    // What was made of the last chunk is kept too: only a crash may cost anything.
    if (isStored && filled > kept && (isCode(thrown, 'network') || isCode(thrown, 'aborted'))) {
      await keep().catch(ignore);
    }
    throw thrown;
  }
}

const yes = () => true;
const no = () => false;
const ignore = () => undefined;

const isCode = (thrown: unknown, code: BedsideError['code']): boolean =>
  thrown instanceof BedsideError && thrown.code === code;
