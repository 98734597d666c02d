// Reads what vitest's JSON reporter wrote and counts it so that nothing that failed to run looks passed.
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

/**
 * @returns {{passed: number, failed: number, skipped: number, notes: string[]}}
 * `notes` say what failed, and why tests were skipped: the end of a long log is what is read of it.
 */
export function readVitestResults(path, exitCode) {
  if (!existsSync(path)) {
    return {
      passed: 0,
      failed: 1,
      skipped: 0,
      notes: [`vitest ended with exit code ${exitCode} and no results`],
    };
  }
  const report = JSON.parse(readFileSync(path, 'utf8'));
  const counts = { passed: 0, failed: 0, skipped: 0, notes: [] };
  const skippedGroups = new Map();
  for (const file of report.testResults) {
    for (const test of file.assertionResults) {
      if (test.status === 'passed' || test.status === 'failed') counts[test.status] += 1;
      if (test.status === 'failed')
        counts.notes.push(`failed: ${nameOf(file)}: ${test.fullName}: ${firstLine(test)}`);
      if (test.status !== 'passed' && test.status !== 'failed') {
        counts.skipped += 1;
        const group = [...(test.ancestorTitles ?? [])].find(Boolean) ?? test.title;
        skippedGroups.set(group, (skippedGroups.get(group) ?? 0) + 1);
      }
    }
    // A file that could not be loaded, or whose hooks failed, may hold no failed test at all.
    if (file.status === 'failed' && !file.assertionResults.some(test => test.status === 'failed')) {
      counts.failed += 1;
      counts.notes.push(`failed outside its tests: ${nameOf(file)}: ${(file.message ?? '').split('\n')[0]}`);
    }
  }
  for (const [group, tests] of skippedGroups) counts.notes.push(`skipped ${tests}: ${group}`);
  if (exitCode !== 0 && counts.failed === 0) {
    counts.failed = 1;
    counts.notes.push(
      `vitest ended with exit code ${exitCode} although no test failed: see its output above`,
    );
  }
  if (counts.passed + counts.failed + counts.skipped === 0) {
    counts.skipped = 1;
    counts.notes.push('skipped: it holds no tests');
  }
  return counts;
}

const nameOf = file => relative(process.cwd(), file.name);
const firstLine = test => (test.failureMessages?.[0] ?? '').split('\n')[0].slice(0, 300);
