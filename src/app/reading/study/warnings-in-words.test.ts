import { expect, test } from 'vitest';
import { isForReader } from '../../../client/index.ts';
import { dicomWarnings } from '../../../engine/types/dicom.ts';
import { isBurnedIn, warningsInWords } from './warnings-in-words.ts';

test('what is for the reader has words, what is of the file alone has none', () => {
  for (const warning of dicomWarnings) {
    const words = warningsInWords([warning]);
    expect(words).toHaveLength(isForReader(warning) ? 1 : 0);
    for (const each of words) expect(each).toMatch(/\.$/);
  }
});

test('burned-in text is known by both of its warnings', () => {
  expect(isBurnedIn(['no-spacing', 'burned-in-possible'])).toBe(true);
  expect(isBurnedIn(['no-spacing'])).toBe(false);
});
