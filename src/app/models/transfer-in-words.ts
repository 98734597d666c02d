import type { DownloadNotice } from '../../client/index.ts';
import { formatBytes, formatDuration } from '../format/quantities.ts';
import type { LibraryJob, LibraryModel } from '../state/library/library-store.ts';

const phases: Record<LibraryJob['phase'], string> = {
  download: 'Fetching',
  verify: 'Checking every byte',
  copy: 'Copying',
  convert: 'Converting',
};

const notices: Record<DownloadNotice, string> = {
  waiting: 'The connection broke; trying again',
  'no-answer': 'The server does not answer; trying again',
  offline: 'This device is offline; waiting for the connection',
  'no-ranges': 'The server sends the file only as a whole',
  'file-changed': 'The file on the server changed; beginning again',
  'other-tab': 'Another tab is fetching it',
};

/** "Fetching · 1.2 GB of 7.3 GB · 24.1 MB/s · 4 min 12 s left". */
export function jobInWords({ phase, done, total, bytesPerSecond, notice }: LibraryJob): string {
  const words = [notice ? notices[notice] : phases[phase]];
  if (total > 0) words.push(`${formatBytes(done)} of ${formatBytes(total)}`);
  if (bytesPerSecond !== null && bytesPerSecond > 0) {
    words.push(`${formatBytes(bytesPerSecond)}/s`);
    if (total > done) words.push(`${formatDuration(((total - done) / bytesPerSecond) * 1000)} left`);
  }
  return words.join(' · ');
}

/** What there is of a model that nothing is being done with. */
export function storedInWords({ bytes, storedBytes, isComplete, isFetchable }: LibraryModel): string {
  if (isComplete) return formatBytes(bytes ?? storedBytes);
  if (storedBytes === 0 && !isFetchable) return 'Nothing of it is here';
  if (bytes === undefined) return 'Not fetched yet';
  return `${formatBytes(storedBytes)} of ${formatBytes(bytes)} here; the rest is missing`;
}
