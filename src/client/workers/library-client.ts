/** The page's only door to the library: files of models, fetched, copied, verified and given out again. */
import { BedsideError } from '../../engine/errors.ts';
import type {
  ConvertRequest,
  CopyRequest,
  FileHead,
  HubFile,
  HubRepository,
  LibraryApi,
  LibraryEvent,
  LibraryPhase,
  RemoteFile,
  StoredFile,
} from '../../worker/library/library-messages.ts';
import type { DownloadNotice } from '../../worker/remote/download-notice.ts';
import { spawnLibraryWorker } from './spawn-worker.ts';
import { createWorkerCaller } from './worker-caller.ts';
import type { Heartbeat, WorkerLike } from './worker-connection.ts';

export interface LibraryCall {
  /** Pauses: what has arrived is kept. The call rejects with 'aborted'. */
  signal?: AbortSignal;
  onProgress?: (phase: LibraryPhase, done: number, total: number) => void;
  onNotice?: (notice: DownloadNotice) => void;
}

/** A file of this device to be saved elsewhere, with what another Bedside checks it by. */
export interface ExportedFile {
  /** Read from the disk only as it is written elsewhere. */
  blob: Blob;
  chunkBytes: number;
  chunkSha256: string[];
}

/** Every method may reject with 'worker-died' where a fresh worker died as well: what was verified is kept. */
export interface LibraryClient {
  listFiles(): Promise<StoredFile[]>;
  /** Fetches what is missing of a file, which may be nothing. */
  download(file: RemoteFile, call?: LibraryCall): Promise<void>;
  /** Copies a picked file into the store. */
  copy(request: CopyRequest, call?: LibraryCall): Promise<void>;
  /** Converts a picked checkpoint into the store; resolves with sentences for the reader. */
  convert(request: ConvertRequest, call?: LibraryCall): Promise<string[]>;
  /** Resolves with how many bytes are damaged and no longer count. */
  verify(id: string, sha256: string | undefined, call?: LibraryCall): Promise<number>;
  /** The beginning of a file that is not stored. */
  readHead(file: RemoteFile): Promise<FileHead>;
  /** The GGUF files of a repository on a hub. Rejects with 'network'. */
  listRepository(repository: HubRepository): Promise<HubFile[]>;
  exportFile(id: string): Promise<ExportedFile>;
  deleteFile(id: string): Promise<void>;
  /** Starts another worker, which goes on with what this one was doing. */
  restart(): void;
  dispose(): void;
}

export interface LibraryClientOptions {
  spawn?: () => WorkerLike;
  heartbeat?: Heartbeat;
}

export function createLibraryClient({
  spawn = spawnLibraryWorker,
  heartbeat,
}: LibraryClientOptions = {}): LibraryClient {
  const caller = createWorkerCaller<LibraryApi, LibraryEvent>(spawn, workerDied, heartbeat);

  /** Workers that were ended on purpose. */
  let replaced = 0;

  /** Whatever is asked of the library can be asked twice; what was verified before it died is there. */
  async function again<T>(run: () => Promise<T>): Promise<T> {
    for (let deaths = 0; ; ) {
      const before = replaced;
      try {
        return await run();
      } catch (thrown) {
        const hasDied = thrown instanceof BedsideError && thrown.code === 'worker-died';
        // A long download outlives each of its replacements: one comes with every new place that models are fetched from.
        if (!hasDied || (replaced === before && ++deaths > 1)) throw thrown;
      }
    }
  }
  const ask: typeof caller.ask = invoke => again(() => caller.ask(invoke));
  const operate: typeof caller.operate = (...call) => again(() => caller.operate(...call));

  const listen =
    ({ onProgress, onNotice }: LibraryCall) =>
    (event: LibraryEvent) => {
      if (event.kind === 'progress') onProgress?.(event.phase, event.done, event.total);
      if (event.kind === 'notice') onNotice?.(event.notice);
    };

  return {
    listFiles: () => ask(api => api.listFiles()),

    async download(file, call = {}) {
      await operate(call.signal, listen(call), (api, operation, port) => api.download(operation, file, port));
    },

    async copy(request, call = {}) {
      await operate(call.signal, listen(call), (api, operation, port) => api.copy(operation, request, port));
    },

    convert: (request, call = {}) =>
      operate(call.signal, listen(call), (api, operation, port) => api.convert(operation, request, port)),

    verify: (id, sha256, call = {}) =>
      operate(call.signal, listen(call), (api, operation, port) => api.verify(operation, id, sha256, port)),

    readHead: file => ask(api => api.readHead(file)),

    listRepository: repository => ask(api => api.listRepository(repository)),

    exportFile: id => ask(api => api.exportFile(id)),

    async deleteFile(id) {
      await caller.stopped();
      await ask(api => api.deleteFile(id));
    },

    restart() {
      replaced++;
      caller.restart();
    },
    dispose: caller.dispose,
  };
}

function workerDied(cause: string): BedsideError {
  return new BedsideError(
    'worker-died',
    'The process that fetches and stores models ended unexpectedly.',
    'Go on with the download: what was verified is kept.',
    cause,
  );
}
