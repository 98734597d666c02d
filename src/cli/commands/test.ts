import { kernelProblems } from '../../engine/kernels/registry/registry.ts';
import { reportKernels } from '../../engine/self-test/kernel-report.ts';
import { everyNeed } from '../../engine/self-test/test-device.ts';
import { sentence } from '../../engine/sentence.ts';
import type { KernelRow } from '../../engine/types/device-test.ts';
import { badArgument, parseArguments } from '../input/arguments.ts';
import { openDevice } from '../input/open-device.ts';
import { formatNumber, formatTable } from '../output/table.ts';

/**
 * Every kernel in every form beside its scalar twin on this adapter, as the page about the device does. A table, or a report
 * with --json; the exit code is 1 where one is not right. --only TEXT: those whose name or form has it.
 */
export async function test(argv: string[]): Promise<unknown> {
  const args = parseArguments(argv, { json: 'flag', only: 'value' });
  if (args.words[0] !== undefined)
    throw badArgument(
      sentence`one-argument-too-many: "${{ argument: args.words[0] }}" is one argument too many.`,
    );
  const only = args.text('only') ?? '';
  const device = await openDevice(args);
  const problems = kernelProblems(everyNeed()).filter(({ kernel, form }) =>
    `${kernel}, ${form}`.includes(only),
  );
  if (problems.length === 0)
    throw badArgument(sentence`no-such-kernel: No kernel is called "${{ kernel: only }}".`);
  process.stderr.write(`${device.report.adapter}\n`);
  const { rows, clock } = await reportKernels(device, problems, {
    onRows(found, done, total, next) {
      for (const row of found) if (row.outcome !== 'passed') process.stderr.write(`${describe(row)}\n`);
      if (next && process.stderr.isTTY) process.stderr.write(`\r\u001b[K${done} of ${total}: ${next}`);
    },
  });
  const failed = rows.filter(({ outcome }) => outcome !== 'passed').length;
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  process.stderr.write(`${rows.length - failed} of ${rows.length} right\n`);
  if (failed > 0) process.exitCode = 1;
  if (args.flag('json')) return { device: device.report, passed: failed === 0, clock, rows };
  process.stdout.write(`${formatRows(rows)}\n`);
  return undefined;
}

function describe({ kernel, form, build, outcome, cause }: KernelRow): string {
  return [outcome, [kernel, form, build].filter(Boolean).join(', '), cause].filter(Boolean).join(': ');
}

/** A table for a terminal. Exported for its test. */
export function formatRows(rows: readonly KernelRow[]): string {
  const number = (value: number | null) => (value === null ? '-' : formatNumber(value));
  const bound = (value: number | null) => (value === null ? '-' : value.toExponential(1));
  return formatTable(
    ['kernel', 'form', 'built', 'outcome', 'error', 'bound', 'ms'],
    rows.map(row => [
      row.kernel,
      row.form,
      row.build,
      row.outcome,
      bound(row.largestError),
      bound(row.bound),
      number(row.ms),
    ]),
  );
}
