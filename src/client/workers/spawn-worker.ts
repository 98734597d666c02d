import documentsUrl from '../../worker/documents.worker.ts?worker&url';
import engineUrl from '../../worker/engine.worker.ts?worker&url';
import libraryUrl from '../../worker/library.worker.ts?worker&url';
import helperUrl from '../../worker/processor-helper.worker.ts?worker&url';
import quantiserUrl from '../../worker/quantiser.worker.ts?worker&url';
import readingUrl from '../../worker/reading.worker.ts?worker&url';
import { trustedScriptUrl } from '../site/trusted-script-url.ts';
import type { WorkerLike } from './worker-connection.ts';

export function spawnEngineWorker(): WorkerLike {
  return new Worker(trustedScriptUrl(engineUrl), { type: 'module', name: 'bedside-engine' });
}

export function spawnLibraryWorker(): WorkerLike {
  return new Worker(trustedScriptUrl(libraryUrl), { type: 'module', name: 'bedside-library' });
}

/** What makes blocks of weights for the library. */
export function spawnQuantiserWorker(): WorkerLike {
  return new Worker(trustedScriptUrl(quantiserUrl), { type: 'module', name: 'bedside-quantiser' });
}

export function spawnReadingWorker(): WorkerLike {
  return new Worker(trustedScriptUrl(readingUrl), { type: 'module', name: 'bedside-reading' });
}

/** What reads texts of the reader's own. */
export function spawnDocumentsWorker(): WorkerLike {
  return new Worker(trustedScriptUrl(documentsUrl), { type: 'module', name: 'bedside-documents' });
}

/** A thread of the processor. It needs a page that is isolated from other origins: memory is shared with it. */
export function spawnProcessorHelper(): WorkerLike {
  return new Worker(trustedScriptUrl(helperUrl), { type: 'module', name: 'bedside-helper' });
}
