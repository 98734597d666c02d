import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const tests = ['src', 'test', 'bench', 'e2e']
  .flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(file => join(folder, file)),
  )
  .filter(file => /\.test\.tsx?$/.test(file));

/** What makes a test depend on how fast the machine is, and on what else it does. */
const clocks: [what: string, written: RegExp][] = [
  ['processor time', /process\.(cpuUsage|hrtime|resourceUsage)/],
  ['a clock in what is expected', /expect\([^;]*(performance\.now|Date\.now)\(/],
  ['long tasks', /longtask/],
  ['a pause in place of what is waited for', /waitForTimeout\(\d/],
  ['a wait of less than ten seconds', /\{[^{}]*\btimeout: \d(_?\d{3})?\b[^_\d]/],
  ['an impatience of its own', /setDefault(Navigation)?Timeout\((?!patienceMs)/],
];

test.each(clocks)('no test depends on %s', (_, written) => {
  expect(tests.length).toBeGreaterThan(150);
  const found = tests.filter(
    file => !file.endsWith('no-clock.test.ts') && written.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(found).toEqual([]);
});
