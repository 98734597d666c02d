// `npm test`: from a fresh clone to one line of figures. Installs what the tests need, then runs every suite,
// whatever fails on the way. `--only unit,kernels` runs some of them.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installDependencies, requireNode, root, run, runTool } from './prepare.mjs';
import { prepareTestEnvironment } from './test-environment.mjs';
import { readVitestResults } from './vitest-results.mjs';

requireNode();

const steps = {
  types: () => check(run(process.execPath, [join(root, 'scripts/check-types.mjs')])),
  lint: async () =>
    add(
      await check(runTool('biome', ['check', '--error-on-warnings', '.'])),
      await check(run(process.execPath, [join(root, 'scripts/check-browsers.mjs')])),
      await check(run(process.execPath, [join(root, 'scripts/import-graph.mjs'), '--check'])),
    ),
  build: () => check(runTool('vite', ['build'])),
  unit: preparing => test('unit', preparing),
  kernels: preparing => test('kernels', preparing),
  e2e: preparing => test('e2e', preparing),
};
const suites = ['kernels', 'e2e'];

const only = parseArgs({ options: { only: { type: 'string' } } }).values.only?.split(',');
const unknown = (only ?? []).filter(name => !(name in steps));
if (unknown.length > 0) {
  process.stderr.write(`Unknown: ${unknown.join(', ')}. --only takes ${Object.keys(steps).join(', ')}.\n`);
  process.exit(2);
}
process.exitCode = await testAll(only ?? Object.keys(steps));

async function testAll(names) {
  // Packages of the system come while those of npm are fetched, and while types, lint and build do their work.
  const preparing = names.some(name => suites.includes(name))
    ? prepareTestEnvironment().then(tellMissing)
    : Promise.resolve({ env: {}, missing: [] });
  // What it throws is thrown where it is waited for.
  preparing.catch(() => undefined);
  if (!(await installDependencies())) return report({ install: { ...failure('npm ci failed'), seconds: 0 } });

  const results = {};
  for (const name of names) {
    process.stdout.write(`\n=== ${name}\n`);
    const started = performance.now();
    // Yesterday's site would pass or fail for reasons that are not today's.
    const isBlocked = name === 'e2e' && results.build?.failed > 0;
    const result = isBlocked ? skipped('the build failed') : await steps[name](preparing);
    results[name] = { ...result, seconds: (performance.now() - started) / 1000 };
  }
  for (const { what, suites, advice } of (await preparing).missing) {
    for (const name of suites) results[name]?.notes.push(`${what} is missing; ${advice}`);
  }
  return report(results);
}

function tellMissing(prepared) {
  for (const { what, suites, advice } of prepared.missing) {
    process.stdout.write(`\n${what} is missing: tests of ${suites.join(', ')} that need it are skipped.\n`);
    process.stdout.write(`  To run them, ${advice}\n`);
  }
  return prepared;
}

async function check(exitCode) {
  const code = await exitCode;
  return code === 0 ? { passed: 1, failed: 0, skipped: 0, notes: [] } : failure(`exit code ${code}`);
}

/** Of a step that makes several checks. */
function add(...checks) {
  const sum = key => checks.reduce((total, each) => total + each[key], 0);
  return {
    passed: sum('passed'),
    failed: sum('failed'),
    skipped: sum('skipped'),
    notes: checks.flatMap(({ notes }) => notes),
  };
}

async function test(project, preparing) {
  const { env } = await preparing;
  const output = `.cache/test-${project}.json`;
  mkdirSync(join(root, '.cache'), { recursive: true });
  rmSync(join(root, output), { force: true });
  const args = ['run', '--project', project, '--passWithNoTests', '--reporter=default', '--reporter=json'];
  const exitCode = await runTool('vitest', [...args, `--outputFile.json=${output}`], { env });
  return readVitestResults(join(root, output), exitCode);
}

function failure(note) {
  return { passed: 0, failed: 1, skipped: 0, notes: [note] };
}

function skipped(reason) {
  return { passed: 0, failed: 0, skipped: 1, notes: [`skipped: ${reason}`] };
}

/** The last line is read by machines: exactly `N passed, N failed, N skipped`. */
function report(results) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  process.stdout.write('\n=== summary\n');
  for (const [name, result] of Object.entries(results)) {
    for (const key of Object.keys(total)) total[key] += result[key];
    const figures = `${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped`;
    process.stdout.write(`${name.padEnd(8)} ${result.seconds.toFixed(1).padStart(7)} s  ${figures}\n`);
    for (const note of result.notes) process.stdout.write(`           ${note}\n`);
  }
  process.stdout.write(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
  return total.failed === 0 ? 0 : 1;
}
