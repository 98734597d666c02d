import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseArguments } from './arguments.ts';
import { readTuning, tuningHost, tuningOptions } from './tuning-file.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tuning-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function argumentsFor(content: string) {
  const file = join(folder, 'tuning.json');
  writeFileSync(file, content);
  return parseArguments(['--tuning', file], tuningOptions);
}

const record = {
  v: 1,
  device: {
    vendor: 'v',
    architecture: 'a',
    description: 'd',
    subgroupSizes: [32, 32],
    features: ['subgroups'],
    maxSharedBytes: 32768,
    browser: tuningHost,
  },
  classes: [],
  bad: [],
  finished: [],
  readGBps: null,
};

test('a record is used as it is, and nothing is timed', async () => {
  const options = await readTuning(argumentsFor(JSON.stringify(record)));
  expect(options).toEqual({ use: 'chosen', record, browser: tuningHost, budgetMs: 0 });
  expect(await readTuning(parseArguments([], tuningOptions))).toBeUndefined();
});

test.each(['', 'not JSON', '{}', '[1]', JSON.stringify({ ...record, classes: [{ kind: 'x' }] })])(
  '%j is refused by name',
  async content => {
    await expect(readTuning(argumentsFor(content))).rejects.toMatchObject({
      code: 'invalid-request',
      reason: 'tuning-file',
    });
  },
);
