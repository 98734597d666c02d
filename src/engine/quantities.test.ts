import { expect, test } from 'vitest';
import {
  aboutPace,
  aboutSeconds,
  formatBytes,
  formatCount,
  formatDuration,
  formatParameters,
  formatSpeed,
  plural,
} from './quantities.ts';

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [999, '999 bytes'],
  [1000, '1.0 kB'],
  [7769664, '7.8 MB'],
  [999_960_000, '1.0 GB'],
  [7.9e9, '7.9 GB'],
  [999_960, '1.0 MB'],
  [99_960_000, '100 MB'],
  [500_000_000, '500 MB'],
  [2 ** 27, '134 MB'],
  [3e15, '3000 TB'],
])('formatBytes(%d) is %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [formatCount(999), '999'],
  [formatCount(30720), '30,720'],
  [formatParameters(4200), '4,200'],
  [formatParameters(7241748), '7.2 million'],
  [formatParameters(13e9), '13.0 billion'],
  [formatDuration(999.4), '999 ms'],
  [formatDuration(1500), '1.5 s'],
  [formatDuration(83_000), '1 min 23 s'],
  [formatSpeed(9.54), '9.5 tokens/s'],
  [formatSpeed(48.2), '48 tokens/s'],
  [plural(1, 'token'), '1 token'],
  [plural(1024, 'token'), '1,024 tokens'],
  [plural(2, 'copy', 'copies'), '2 copies'],
])('%s is written as %s', (text, expected) => {
  expect(text).toBe(expected);
});

test.each([
  [0.001, 'more words a second than anyone reads'],
  [0.03, 'about 25 words a second'],
  [0.1, 'about 8 words a second'],
  [0.4, 'about 2 words a second'],
  [0.75, 'about 1 word a second'],
  [1.2, 'about one word every 2 seconds'],
  [3, 'about one word every 4 seconds'],
])('a token in %f s is %s', (seconds, words) => {
  expect(aboutPace(seconds)).toBe(words);
});

test.each([
  [0.4, 'less than a second'],
  [1, 'about 1 second'],
  [7.4, 'about 7 seconds'],
  [38.7, 'about 40 seconds'],
  [59, 'about 1 minute'],
  [100, 'about 2 minutes'],
  [250, 'about 4 minutes'],
  [5300, 'about 88 minutes'],
  [7300, 'about 2 hours'],
])('%f s are %s', (seconds, words) => {
  expect(aboutSeconds(seconds)).toBe(words);
});
