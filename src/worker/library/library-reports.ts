import type { DownloadNotice } from '../remote/download-notice.ts';
import { createPace } from '../verbs/pace.ts';
import type { Report } from '../verbs/serve-verbs.ts';
import type { LibraryPhase } from './library-messages.ts';
import type { LibraryReports } from './library-verbs.ts';

const progressIntervalMs = 100;

/** What an operation reports to the page, thinned out so that messages never become the work. */
export interface LibraryReporter {
  progressOf(phase: LibraryPhase): (done: number, total: number) => void;
  notice(notice: DownloadNotice): void;
  noticeOf(notice: DownloadNotice): () => void;
}

export function reportLibrary(report: Report<LibraryReports>): LibraryReporter {
  const isDue = createPace(progressIntervalMs);
  const notice = (kind: DownloadNotice) => report('notice', kind);
  return {
    progressOf: phase => (done, total) => {
      if (isDue(phase, done >= total)) report('progress', phase, done, total);
    },
    notice,
    noticeOf: kind => () => notice(kind),
  };
}
