import type { Spread } from '../../engine/timing/statistics.ts';
import { formatNumber, formatTable } from '../output/table.ts';
import type { ContextEstimate } from './estimates.ts';
import type { LoadTimes } from './load-watch.ts';
import type { ContextSpeed, ImageSpeed } from './model-speed.ts';

export interface ModelReport {
  model: string;
  layers: number;
  variant: string;
  load: LoadTimes;
  memory: { deviceBytes: number; peakBytes: number; plannedBytes: number };
  contexts: (ContextSpeed & { estimated?: ContextEstimate | undefined })[];
  image?: ImageSpeed & { estimatedMs?: number | undefined };
}

/** What was measured, for a terminal and for docs/performance.md. */
export function formatModel({ model, layers, variant, load, memory, contexts, image }: ModelReport): string {
  const spread = (what: string, unit: string, { median, p10, p90, runs }: Spread) => [
    what,
    ...[median, p10, p90].map(formatNumber),
    unit,
    String(runs),
  ];
  const single = (what: string, value: number, unit: string) => [
    what,
    formatNumber(value),
    '',
    '',
    unit,
    '1',
  ];
  const mb = (bytes: number) => bytes / 1e6;
  const rows = [
    single('load', load.totalMs, 'ms'),
    single('  read', load.readMBps, 'MB/s'),
    single('  headers', load.headerMs, 'ms'),
    single('  allocation', load.allocateMs, 'ms'),
    single('  upload, reading included', load.uploadMBps, 'MB/s'),
    single('  self-test, after the upload', load.selfTestMs, 'ms'),
    single('  launches recorded', load.prepareMs, 'ms'),
    single('device memory', mb(memory.deviceBytes), 'MB'),
    single('  planned', mb(memory.plannedBytes), 'MB'),
    single('  peak', mb(memory.peakBytes), 'MB'),
    ...contexts.flatMap(
      ({ tokens, prefillTokensPerSecond, firstTokenMs, decodeTokensPerSecond, estimated }) => [
        spread(`prefill of ${tokens}`, 'tokens/s', prefillTokensPerSecond),
        spread(`first token after ${tokens}`, 'ms', firstTokenMs),
        ...(estimated ? [single('  estimated', estimated.firstTokenMs, 'ms')] : []),
        spread(`decode from ${tokens}`, 'tokens/s', decodeTokensPerSecond),
        ...(estimated ? [single('  estimated', estimated.decodeTokensPerSecond, 'tokens/s')] : []),
      ],
    ),
    ...(image
      ? [
          spread(`encode ${image.tiles} tiles`, 'ms', image.encodeMs),
          spread(`image to first token, ${image.promptTokens} tokens`, 'ms', image.firstTokenMs),
          ...(image.estimatedMs === undefined ? [] : [single('  estimated', image.estimatedMs, 'ms')]),
        ]
      : []),
  ];
  return `${model}, layers: ${layers}, ${variant}\n${formatTable(['', 'median', 'p10', 'p90', 'unit', 'runs'], rows)}`;
}
