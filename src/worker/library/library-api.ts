/** What the page can ask of the library's worker: several operations at a time, every outcome as data. */
import { abortedError, BedsideError } from '../../engine/errors.ts';
import { parseGguf } from '../../engine/formats/gguf.ts';
import { sentence } from '../../engine/sentence.ts';
import type { WeightStore } from '../../storage/weight-store.ts';
import type { Network } from '../remote/network.ts';
import type { RetryPolicy } from '../remote/retry-policy.ts';
import type { Result } from '../verbs/result.ts';
import { resultOf } from '../verbs/result.ts';
import { downloadFile } from './download-file.ts';
import type { FileLocks } from './file-locks.ts';
import { fileSource } from './file-source.ts';
import { listHubFiles } from './hub-listing.ts';
import { type LibraryEvents, sendLibraryEvents } from './library-events.ts';
import type { ConvertRequest, CopyRequest, LibraryApi, RemoteFile } from './library-messages.ts';
import { readHead } from './read-head.ts';
import { storeConversion } from './store-conversion.ts';

export interface LibraryDependencies {
  weights: WeightStore;
  network: Network;
  locks: FileLocks;
  retry?: RetryPolicy;
}

export function createLibraryApi({ weights, network, locks, retry }: LibraryDependencies): LibraryApi {
  const running = new Map<number, AbortController>();

  async function operate<T>(
    operation: number,
    port: MessagePort,
    run: (signal: AbortSignal, events: LibraryEvents) => Promise<T>,
  ): Promise<Result<T>> {
    const controller = new AbortController();
    running.set(operation, controller);
    const events = sendLibraryEvents(port);
    const result = await resultOf(() => run(controller.signal, events));
    running.delete(operation);
    events.end();
    return result;
  }

  async function download(file: RemoteFile, signal: AbortSignal, events: LibraryEvents): Promise<null> {
    const isStored = async () => (await weights.openFile(file.id, file.chunkSha256)) !== undefined;
    // Most starts find everything in place, and need no lock.
    if (await isStored()) return null;
    if (file.url === '') throw onlyOnDisk();
    await locks.hold(file.id, signal, events.noticeOf('other-tab'), async () => {
      if (await isStored()) return;
      await downloadFile(file, weights, network, {
        signal,
        onProgress: events.progressOf('download'),
        onVerify: events.progressOf('verify'),
        onNotice: notice => events.notice(notice),
        ...(retry ? { retry } : {}),
      });
    });
    return null;
  }

  async function copy(request: CopyRequest, signal: AbortSignal, events: LibraryEvents): Promise<null> {
    const { id, name, file, chunkBytes, chunkSha256 } = request;
    // What is no model, or not all of one, is not worth copying gigabytes of.
    await parseGguf(fileSource(file));
    await locks.hold(id, signal, events.noticeOf('other-tab'), () =>
      weights.saveFile(id, readThrough(file), {
        url: '',
        bytes: file.size,
        name,
        signal,
        onProgress: events.progressOf('copy'),
        ...(chunkBytes === undefined ? {} : { chunkBytes }),
        ...(chunkSha256 ? { expectedSha256: chunkSha256 } : {}),
      }),
    );
    return null;
  }

  async function convert(request: ConvertRequest, signal: AbortSignal, events: LibraryEvents) {
    const { textId, visionId } = request;
    const onWait = events.noticeOf('other-tab');
    let warnings: string[] = [];
    const run = async () => {
      warnings = await storeConversion(request, weights, network, {
        signal,
        onProgress: events.progressOf('convert'),
        onNotice: notice => events.notice(notice),
        ...(retry ? { retry } : {}),
      });
    };
    await locks.hold(textId, signal, onWait, () =>
      visionId === undefined ? run() : locks.hold(visionId, signal, onWait, run),
    );
    return warnings;
  }

  async function verify(id: string, sha256: string | undefined, signal: AbortSignal, events: LibraryEvents) {
    const find = async () => (await weights.listFiles()).find(model => model.id === id);
    let damagedBytes = 0;
    // What it finds no longer counts: another tab may be writing just that anew.
    await locks.hold(id, signal, events.noticeOf('other-tab'), async () => {
      const before = await find();
      if (!before) throw notStored();
      await weights.verifyFile(id, {
        signal,
        onProgress: events.progressOf('verify'),
        ...(sha256 === undefined ? {} : { sha256 }),
      });
      damagedBytes = before.storedBytes - ((await find())?.storedBytes ?? 0);
    });
    return damagedBytes;
  }

  return {
    ping: async () => performance.now(),

    listFiles: () =>
      resultOf(async () =>
        (await weights.listFiles()).map(
          ({ id, url, name, bytes, storedBytes, keptBytes, complete, savedAt }) => ({
            id,
            url,
            bytes,
            storedBytes,
            keptBytes,
            complete,
            savedAt,
            ...(name === undefined ? {} : { name }),
          }),
        ),
      ),

    download: (operation, file, port) =>
      operate(operation, port, (signal, events) => download(file, signal, events)),

    copy: (operation, request, port) =>
      operate(operation, port, (signal, events) => copy(request, signal, events)),

    convert: (operation, request, port) =>
      operate(operation, port, (signal, events) => convert(request, signal, events)),

    verify: (operation, id, sha256, port) =>
      operate(operation, port, (signal, events) => verify(id, sha256, signal, events)),

    readHead: file => resultOf(() => readHead(file, network)),

    listRepository: repository => resultOf(() => listHubFiles(repository, network)),

    exportFile: id =>
      resultOf(async () => {
        const [blob, chunkSha256] = [await weights.fileBlob(id), await weights.chunkHashes(id)];
        const stored = (await weights.listFiles()).find(model => model.id === id);
        if (!blob || !chunkSha256 || !stored) throw notStored();
        return { blob, chunkBytes: stored.chunkBytes, chunkSha256 };
      }),

    deleteFile: id =>
      resultOf(async () => {
        await weights.deleteFile(id);
        return null;
      }),

    async abort(operation) {
      running.get(operation)?.abort(abortedError());
    },
  };
}

/** A picked file piece by piece; one that goes away says so. */
async function* readThrough(file: File): AsyncGenerator<Uint8Array> {
  const pieceBytes = 4 * 1024 * 1024;
  const source = fileSource(file);
  for (let at = 0; at < source.bytes; at += pieceBytes) {
    yield await source.read(at, Math.min(pieceBytes, source.bytes - at));
  }
}

function onlyOnDisk(): BedsideError {
  return new BedsideError(
    'invalid-model',
    sentence`damaged-copy-of-converted-model: The copy of this model on this device is damaged, and it was not fetched as it is.`,
    'Open the list of models: fetch the rest there, or add its files again. Only what is damaged is made anew.',
  );
}

function notStored(): BedsideError {
  return new BedsideError(
    'no-model',
    sentence`model-not-complete: This model is not complete on this device.`,
    'Fetch it, or the rest of it, first.',
  );
}
