/** What the page can ask of the library's worker. A new verb is an entry here and its implementation in library-api.ts. */
import type { DownloadNotice } from '../remote/download-notice.ts';
import { call, operation, type WorkerApi } from '../verbs/verb.ts';
import type {
  CheckpointOrigin,
  CheckpointReport,
  ConvertRequest,
  CopyRequest,
  ExportedFile,
  FileHead,
  HubFile,
  HubRepository,
  LibraryPhase,
  RemoteFile,
  StoredFile,
  VerifyRequest,
} from './library-messages.ts';

export type LibraryReports = {
  progress: [phase: LibraryPhase, done: number, total: number];
  notice: [notice: DownloadNotice];
};

export const libraryVerbs = {
  listFiles: call<void, StoredFile[]>(),
  /** Fetches what is missing of a file, which may be nothing; what was verified stays in every case. */
  download: operation<RemoteFile, void, LibraryReports>(),
  /** Copies a picked file into the store. */
  copy: operation<CopyRequest, void, LibraryReports>(),
  /**
   * Converts a checkpoint into the store, while it is read or fetched; resolves with sentences for the reader. The bytes are
   * those that the command line writes. What was verified stays, and the next time goes on there, unless the checkpoint is
   * another one by then.
   */
  convert: operation<ConvertRequest, string[], LibraryReports>(),
  /** What a checkpoint is, before it is converted. Rejects with what is wrong with its settings, or 'network'. */
  inspectCheckpoint: call<CheckpointOrigin, CheckpointReport>(),
  /** Reads a stored file whole and hashes it; resolves with how many bytes are damaged and no longer count. */
  verify: operation<VerifyRequest, number, LibraryReports>(),
  /** The beginning of a file that is not stored. */
  readHead: call<RemoteFile, FileHead>(),
  /** The GGUF files of a repository on a hub. Rejects with 'network'. */
  listRepository: call<HubRepository, HubFile[]>(),
  /** A stored file, by its id. */
  exportFile: call<string, ExportedFile>(),
  deleteFile: call<string, void>({ needsIdle: true }),
};

export type LibraryVerbs = typeof libraryVerbs;

export type LibraryApi = WorkerApi<LibraryVerbs> & {
  /** From a page that starts quantisers: what is said over `page` stands in lent-workers.ts. */
  lendQuantisers(page: MessagePort): Promise<void>;
};
