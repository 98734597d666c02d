import { formatNumber, formatPercent, formatTable } from '../output/table.ts';
import type { KernelReport } from './kernels.ts';

const clocks = {
  'timestamp-query': "the GPU's own clock",
  'submit-to-done': "the host's clock, from submit to completion, launches included",
};

/** What was measured, for a terminal and for docs/performance.md. */
export function formatKernels(report: KernelReport): string {
  const { clock, copyKernelGBps, copyBufferGBps, multiplyAddGflops } = report;
  const headers = [
    'kernel',
    'shape',
    'ms',
    'p10',
    'p90',
    'runs',
    'GB/s',
    'of copy',
    'GFLOP/s',
    'of multiply-add',
    'of limit',
  ];
  const rows = report.kernels.map(each => [
    each.kernel,
    each.describe,
    formatNumber(each.ms.median),
    formatNumber(each.ms.p10),
    formatNumber(each.ms.p90),
    String(each.ms.runs),
    formatNumber(each.GBps),
    formatPercent(each.ofCopy),
    formatNumber(each.gflops),
    formatPercent(each.ofMultiplyAdd),
    formatPercent(each.ofLimit),
  ]);
  const range = ({ median, p10, p90 }: { median: number; p10: number; p90: number }) =>
    `${formatNumber(median)} (${formatNumber(p10)} to ${formatNumber(p90)})`;
  return [
    `Clock: ${clock} (${clocks[clock]}).`,
    `This device, in this run: copying kernel ${range(copyKernelGBps)} GB/s, buffer copy ${formatNumber(copyBufferGBps)} GB/s` +
      ` (shares are of the faster), f32 multiply-add ${range(multiplyAddGflops)} GFLOP/s.`,
    formatTable(headers, rows),
    `Multiply-adds at the end: ${formatPercent(report.steadiness)} of those at the start.`,
    ...report.skipped.map(each => `No room on the device: ${each.kernel} ${each.describe}`),
  ].join('\n');
}
