import type { LibraryJob, LibraryModel, LibraryState } from '../state/library/library-store.ts';

const doing: Readonly<Record<LibraryJob['phase'], string>> = {
  download: 'fetching',
  verify: 'checking',
  copy: 'copying',
  convert: 'converting',
};

/** What the library does now: "fetching 54 %", of several jobs at once "library 54 %"; null of none. */
export function jobsInWords(jobs: readonly LibraryJob[]): string | null {
  const [first] = jobs;
  if (!first) return null;
  const sum = (of: 'done' | 'total') => jobs.reduce((bytes, job) => bytes + job[of], 0);
  const share = sum('total') > 0 ? Math.floor((100 * sum('done')) / sum('total')) : 0;
  return `${jobs.length > 1 ? 'library' : doing[first.phase]} ${share} %`;
}

/** What failed in the library and waits for the reader: "download stopped", "library problem"; null of nothing. */
export function troubleInWords(
  models: readonly LibraryModel[],
  errors: LibraryState['errors'],
): string | null {
  const failed = models.filter(({ id }) => errors[id]);
  if (failed.length === 0) return null;
  const areDownloads = failed.every(({ isComplete, isFetchable }) => isFetchable && !isComplete);
  if (!areDownloads) return 'library problem';
  return failed.length > 1 ? `${failed.length} downloads stopped` : 'download stopped';
}
