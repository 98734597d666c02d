import { expect, test } from 'vitest';
import { toErrorData } from '../../client/index.ts';
import type { LibraryJob, LibraryModel } from '../state/library/library-store.ts';
import { errorOf } from '../testing/fixtures.ts';
import { jobsInWords, troubleInWords } from './library-news.ts';

const job = (phase: LibraryJob['phase'], done: number, total: number): LibraryJob => ({
  phase,
  done,
  total,
  bytesPerSecond: null,
  notice: null,
});

const model = (id: string, more: Partial<LibraryModel> = {}): LibraryModel => ({
  id,
  name: id,
  entryId: 'big',
  files: [],
  isFetchable: true,
  bytes: 10,
  storedBytes: 5,
  isComplete: false,
  isDemonstration: false,
  ...more,
});

test('one job says what it does, several how far all of them are', () => {
  expect(jobsInWords([])).toBeNull();
  expect(jobsInWords([job('download', 549, 1000)])).toBe('fetching 54 %');
  expect(jobsInWords([job('verify', 1, 4)])).toBe('checking 25 %');
  expect(jobsInWords([job('copy', 0, 0)])).toBe('copying 0 %');
  expect(jobsInWords([job('convert', 3, 4)])).toBe('converting 75 %');
  expect(jobsInWords([job('convert', 3, 4), job('download', 0, 4)])).toBe('library 37 %');
});

test('only what failed of the models that are there is named, and no download where none was', () => {
  const failed = toErrorData(errorOf('network'));
  expect(troubleInWords([model('a')], {})).toBeNull();
  expect(troubleInWords([model('a')], { gone: failed })).toBeNull();
  expect(troubleInWords([model('a'), model('b')], { a: failed })).toBe('download stopped');
  expect(troubleInWords([model('a'), model('b')], { a: failed, b: failed })).toBe('2 downloads stopped');
  expect(troubleInWords([model('a', { isComplete: true })], { a: failed })).toBe('library problem');
  expect(troubleInWords([model('a', { isFetchable: false })], { a: failed })).toBe('library problem');
});
