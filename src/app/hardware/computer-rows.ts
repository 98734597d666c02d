import {
  aboutPace,
  type DeviceKind,
  type DeviceReport,
  type DeviceSurvey,
  type DeviceTestReport,
  type KernelRow,
  type ModelInfo,
  paceOn,
} from '../../client/index.ts';
import type { FactRow } from '../controls/fact-list.tsx';
import { deviceInWords } from '../format/device-in-words.ts';
import { formatParameters, plural } from '../format/quantities.ts';

interface Known {
  /** The last test, whichever device it was of. */
  test: DeviceTestReport | null;
  /** The model that is loaded. */
  info: ModelInfo | null;
}

/** Each kind of device: what it is here, and how fast it is as far as that was measured. */
export function computerRows(survey: DeviceSurvey, known: Known): FactRow[] {
  return [
    ['GPU', computerInWords('gpu', survey, known)],
    ['Processor', computerInWords('processor', survey, known)],
  ];
}

function computerInWords(kind: DeviceKind, survey: DeviceSurvey, known: Known): string {
  const found = survey[kind];
  if ('error' in found) return `none. ${found.error.message}`;
  const isInUse = known.info?.device.kind === kind;
  const rate = rateInWords(found.report, known);
  const { processor } = found.report;
  const name = processor ? plural(processor.threads, 'thread') : deviceInWords(found.report);
  return [name, isInUse && 'in use now', rate].filter(Boolean).join('; ');
}

function rateInWords(report: DeviceReport, { test, info }: Known): string {
  const rate = rateOf(report, test, info);
  if (rate === null) return 'not measured yet: a test of the arithmetic on it does that';
  const weights = `${formatParameters(rate)} weights a second`;
  if (!info) return weights;
  const { processor } = report;
  // What is measured of a GPU is a product alone: between two of them it waits.
  const pace = processor
    ? paceOn(report, info.plan.work)?.tokenSeconds
    : (info.plan.work.layerWeights + info.plan.work.headWeights) / rate;
  if (pace === undefined) return weights;
  return `${weights}: with ${info.name} ${processor ? '' : 'at best '}${aboutPace(pace)}`;
}

/** Weights a second; null where nobody has measured. */
function rateOf({ kind, processor }: DeviceReport, test: Known['test'], info: Known['info']): number | null {
  if (processor) return processor.rates.weightsPerSecond || null;
  if (test?.device.kind !== kind) return null;
  const timed = test.rows.filter(isTimedProduct);
  // In the format of most of the model's weights, or in the first that was timed.
  const [most] = info?.tensorTypes ?? [];
  const row = timed.find(({ kernel }) => kernel.endsWith(` ${most}`)) ?? timed[0];
  return row?.weightsPerSecond ?? null;
}

const isTimedProduct = ({ outcome, weightsPerSecond }: KernelRow) =>
  outcome === 'passed' && weightsPerSecond !== null;
