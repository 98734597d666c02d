/** The page's only door to the worker that reads texts of the reader's own. */
import { BedsideError } from '../../engine/errors.ts';
import { sentence } from '../../engine/sentence.ts';
import type { ReadText } from '../../engine/types/source-text.ts';
import { type DocumentsApi, documentsVerbs } from '../../worker/documents/documents-verbs.ts';
import { spawnDocumentsWorker } from './spawn-worker.ts';
import { callsOf } from './verb-calls.ts';
import { createWorkerCaller } from './worker-caller.ts';
import type { WorkerLike } from './worker-connection.ts';

export interface DocumentReader {
  /** Rejects with 'unreadable-text', 'aborted' or 'worker-died'. */
  readDocument(
    file: Blob,
    name: string,
    options?: { signal?: AbortSignal; onPage?: (page: number, of: number) => void },
  ): Promise<ReadText>;
}

export function createDocumentReader(spawn: () => WorkerLike = spawnDocumentsWorker): DocumentReader {
  const caller = createWorkerCaller<DocumentsApi>(spawn, workerDied);
  const calls = callsOf(documentsVerbs, caller);
  return {
    readDocument: (file, name, { signal, onPage } = {}) =>
      calls.readDocument({ file, name }, { signal, ...(onPage ? { onPage } : {}) }),
  };
}

function workerDied(cause: string): BedsideError {
  return new BedsideError(
    'worker-died',
    sentence`documents-worker-died: The process that reads texts ended unexpectedly.`,
    'Attach the file again. If it happens again, save a part of it as a file of its own.',
    cause,
  );
}
