import type { DeviceReport, DeviceTestReport, KernelRow } from '../../client/index.ts';
import type { BrowserFacts } from './browser-facts.ts';
import { browserRows, deviceRows } from './fact-rows.ts';
import { figures, outcomeWords } from './kernel-words.ts';
import { type Judgement, verdictWords } from './verdict.ts';

/** All that the page shows, for a message to whoever looks after the device. Nothing of any conversation. */
export interface HardwareReport {
  device: DeviceReport | null;
  browser: BrowserFacts | null;
  models: ({ name: string } & Judgement)[];
  test: {
    status: string;
    rows: KernelRow[];
    memory: DeviceTestReport['memory'];
    clock: string | null;
  } | null;
}

export function reportAsJson(report: HardwareReport): string {
  return JSON.stringify({ bedsideHardwareReport: 1, ...report }, null, 2);
}

export function reportAsText({ device, browser, models, test }: HardwareReport): string {
  const lines = ['Bedside: this device'];
  if (device) lines.push('', ...deviceRows(device).map(pair));
  if (browser) lines.push('', ...browserRows(browser).map(pair));
  lines.push('', 'Models');
  for (const { name, verdict, reason } of models)
    lines.push(`  ${name}: ${verdictWords[verdict]}. ${reason}`);
  if (test) {
    lines.push('', `Test of the kernels (${test.status}; times by ${test.clock ?? 'submit-to-done'})`);
    if (test.memory) {
      lines.push(`  memory: asked for ${test.memory.wantedBytes} bytes, found ${test.memory.foundBytes}`);
    }
    for (const row of test.rows) {
      const { error, bound, time, speed } = figures(row);
      const what = [row.kernel, row.form, row.build].filter(Boolean).join(', ');
      const measured = [time, speed].filter(Boolean).join(', ');
      lines.push(
        `  ${outcomeWords[row.outcome]}: ${what}: error ${error} of ${bound}${measured && `; ${measured}`}`,
      );
      if (row.cause) lines.push(`    ${row.cause.replaceAll('\n', '\n    ')}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function pair([term, value]: [string, string]): string {
  return `  ${term}: ${value}`;
}
