import type { DeviceReport, DeviceTestReport, KernelRow, ModelTuning } from '../../client/index.ts';
import type { FactRow } from '../controls/fact-list.tsx';
import type { BrowserFacts } from './browser-facts.ts';
import { browserRows, deviceRows } from './fact-rows.ts';
import { gainInWords, microseconds } from './form-words.ts';
import { figures, outcomeWords } from './kernel-words.ts';
import { type Judgement, verdictWords } from './verdict.ts';

/** All that the page shows, for a message to whoever looks after the device. Nothing of any conversation. */
export interface HardwareReport {
  device: DeviceReport | null;
  /** Each kind of device with its rate, in words; empty where that was not looked at. */
  computers: FactRow[];
  browser: BrowserFacts | null;
  /** Of the loaded model. */
  forms: ModelTuning | null;
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

export function reportAsText({ device, computers, browser, forms, models, test }: HardwareReport): string {
  const lines = ['Bedside: this device'];
  if (computers.length > 0) lines.push('', ...computers.map(pair));
  if (device) lines.push('', ...deviceRows(device).map(pair));
  if (browser) lines.push('', ...browserRows(browser).map(pair));
  lines.push('', 'Models');
  for (const { name, verdict, reason } of models)
    lines.push(`  ${name}: ${verdictWords[verdict]}. ${reason}`);
  if (forms && forms.classes.length > 0) {
    lines.push('', 'Forms of the arithmetic');
    for (const each of forms.classes) {
      const { kind, size, chosen, chosenUs, defaultUs } = each;
      const times = defaultUs > 0 ? `, ${microseconds(chosenUs)} of ${microseconds(defaultUs)}` : '';
      lines.push(
        `  ${[kind, size].filter(Boolean).join(' ')}: ${chosen}${times}; gain: ${gainInWords(each)}`,
      );
    }
    for (const { kind, name, why } of forms.bad) lines.push(`  ${kind}: not ${name}: ${why}`);
  }
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
