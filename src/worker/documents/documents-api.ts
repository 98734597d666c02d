/** Texts of the reader's own, in a worker that does nothing else. */
import { serveVerbs } from '../verbs/serve-verbs.ts';
import { type DocumentsApi, documentsVerbs } from './documents-verbs.ts';
import { readDocument } from './read-document.ts';

export function createDocumentsApi(): DocumentsApi {
  return serveVerbs(documentsVerbs, {
    readDocument: ({ file, name }, { signal, report }) =>
      readDocument(file, name, (page, of) => {
        signal.throwIfAborted();
        report('page', page, of);
      }),
  });
}
