/** What the page can ask of the worker that reads texts of the reader's own. */
import type { ReadText } from '../../engine/types/source-text.ts';
import { operation, type WorkerApi } from '../verbs/verb.ts';

export interface ReadDocumentRequest {
  file: Blob;
  /** Its ending tells what it is, where its bytes do not. */
  name: string;
}

export const documentsVerbs = {
  /** Rejects with 'unreadable-text' or 'aborted'. */
  readDocument: operation<ReadDocumentRequest, ReadText, { page: [page: number, of: number] }>(),
};

export type DocumentsVerbs = typeof documentsVerbs;
export type DocumentsApi = WorkerApi<DocumentsVerbs>;
