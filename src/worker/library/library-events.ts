import type { DownloadNotice } from '../remote/download-notice.ts';
import type { LibraryEvent, LibraryPhase } from './library-messages.ts';

const progressIntervalMs = 100;

/** What an operation reports to the page, thinned out so that messages never become the work. */
export interface LibraryEvents {
  progressOf(phase: LibraryPhase): (done: number, total: number) => void;
  notice(notice: DownloadNotice): void;
  noticeOf(notice: DownloadNotice): () => void;
  /** Sends the last event and closes the port. */
  end(): void;
}

export function sendLibraryEvents(port: MessagePort): LibraryEvents {
  const post = (event: LibraryEvent) => port.postMessage(event);
  let lastMs = Number.NEGATIVE_INFINITY;
  let lastPhase = '';
  const notice = (kind: DownloadNotice) => post({ kind: 'notice', notice: kind });
  return {
    progressOf: phase => (done, total) => {
      const now = performance.now();
      if (phase === lastPhase && done < total && now - lastMs < progressIntervalMs) return;
      lastPhase = phase;
      lastMs = now;
      post({ kind: 'progress', phase, done, total });
    },
    notice,
    noticeOf: kind => () => notice(kind),
    end() {
      post({ kind: 'end' });
      port.close();
    },
  };
}
